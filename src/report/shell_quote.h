// A command line that people can copy into a POSIX shell: it runs exactly the given arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sm2::report {

std::string shell_quote(std::string_view argument);
std::string shell_quote(const std::vector<std::string>& command);
std::vector<std::string> shell_quoted(const std::vector<std::string>& command);  // argument by argument

}  // namespace sm2::report
