// Manual pages in the man macros of groff (groff_man(7)), section 1: one for the program, and one for each command, "sm2-tune".
#pragma once

#include <map>
#include <string>

#include "cli/described.h"

namespace sm2::cli {

std::map<std::string, std::string> man_pages(const DescribedCommand& program, const std::string& version);

}  // namespace sm2::cli
