// Text from outside as HTML: safe between tags and inside double-quoted attributes, and nowhere else (never
// in a script, a style or a URL). Bytes that are not UTF-8, control characters and characters that turn the
// direction of writing become U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace sm2::report::html {

std::string escape(std::string_view text);

}  // namespace sm2::report::html
