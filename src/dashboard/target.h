// The target of a request, taken apart: "/studies/a%20b?limit=5" is the path "studies", "a b" and the query limit = "5".
// Nothing in it is a path of the file system: parts are compared with names, never joined.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sm2::dashboard {

struct Target {
  std::vector<std::string> path;             // parts between slashes, each decoded by itself; none for "/"
  std::map<std::string, std::string> query;  // the first of each name
};

// None where it is not one: no slash at its beginning, a '%' without two hexadecimal digits.
std::optional<Target> parse_target(std::string_view text);

}  // namespace sm2::dashboard
