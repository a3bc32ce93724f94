#include "config/command.h"

#include <optional>

namespace sm2::config {
namespace {

// Goes over an argument and hands its literal text and its placeholders to `literal` and `named`, in order.
template <class Literal, class Named>
base::Result<> scan(const std::string& argument, Literal literal, Named named) {
  for (std::size_t at = 0; at < argument.size(); ++at) {
    const char c = argument[at];
    if (c != '{' && c != '}') {
      literal(c);
      continue;
    }
    if (at + 1 < argument.size() && argument[at + 1] == c) {
      literal(c);
      ++at;
      continue;
    }
    const std::size_t end = c == '{' ? argument.find('}', at) : std::string::npos;
    if (end == std::string::npos || end == at + 1) {
      return base::fail(
          "'{}' has a brace without its partner or a name; write {{{{ or }}}} for a brace itself", argument);
    }
    named(argument.substr(at + 1, end - at - 1));
    at = end;
  }
  return {};
}

}  // namespace

base::Result<std::set<std::string>> placeholders(const std::string& argument) {
  std::set<std::string> names;
  const auto scanned = scan(argument, [](char) {}, [&](std::string name) { names.insert(std::move(name)); });
  if (!scanned) return tl::unexpected(scanned.error());
  return names;
}

std::vector<std::string> substitute(const std::vector<std::string>& command,
                                    const space::Configuration& configuration) {
  std::vector<std::string> argv;
  for (const std::string& argument : command) {
    std::string text;
    bool active = true;
    (void)scan(
        argument, [&](char c) { text += c; },
        [&](const std::string& name) {
          const auto value = configuration.find(name);
          if (value == configuration.end()) {
            active = false;
          } else {
            text += space::to_text(value->second);
          }
        });
    if (active) argv.push_back(std::move(text));
  }
  return argv;
}

}  // namespace sm2::config
