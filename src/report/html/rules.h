// Style that one element alone has, as rules of the page's own style sheet: a policy that allows that sheet and nothing else
// forbids style attributes.
#pragma once

#include <fmt/format.h>

#include <string>

namespace sm2::report::html {

class Rules {
 public:
  // A class with these declarations: "width:12.50%".
  std::string add(const std::string& declarations) {
    const std::string name = fmt::format("y{}", count_++);
    css_ += fmt::format(".{}{{{}}}\n", name, declarations);
    return name;
  }
  const std::string& css() const { return css_; }

 private:
  int count_ = 0;
  std::string css_;
};

}  // namespace sm2::report::html
