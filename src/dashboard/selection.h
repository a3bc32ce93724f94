// Which trials stand for all of them in a picture: the best half of those that there is room for, and others, spread evenly over
// the ranks that follow.
#pragma once

#include <vector>

#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::dashboard {

// At most `most` (at least 2); the best first. `ranked` is in order, the best first.
std::vector<const journal::Trial*> selection(const std::vector<const journal::Trial*>& ranked,
                                             std::size_t most);

}  // namespace sm2::dashboard
