// Whole numbers of a domain, which may be as many as there are.
#pragma once

#include "space/parameter.h"

namespace sm2::space {

std::int64_t nearest(const Integer& domain, double number);
std::int64_t last(const Integer& domain);  // the greatest

}  // namespace sm2::space
