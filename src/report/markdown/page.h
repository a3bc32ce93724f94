// `sm2 report --format markdown`: the answers of the report for a pull request or a wiki, in what GitHub and GitLab show. What
// is the best setting, what did finding it cost, why was the rest dropped; then all candidates, method and hardware, folded.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report::markdown {

std::string page(const Study& study);

}  // namespace sm2::report::markdown
