// What `sm2 compare` says to people, on standard output. Pure; lines end with a newline and are safe for a terminal.
#pragma once

#include <string>

#include "compare/compare.h"
#include "report/html/comparison.h"

namespace sm2::cli {

std::string text(const compare::Comparison& comparison);
report::html::ComparedPage page_of(const compare::Comparison& comparison);

}  // namespace sm2::cli
