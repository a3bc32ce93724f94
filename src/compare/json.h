// `sm2 compare --json`: one object, documented in docs/json.md. ASCII on one line; null is what is unknown.
#pragma once

#include <string>

#include "compare/compare.h"

namespace sm2::compare {

std::string json(const Comparison& comparison);

}  // namespace sm2::compare
