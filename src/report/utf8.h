// UTF-8, one code point at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sm2::report {

struct CodePoint {
  std::optional<char32_t> value;  // absent: the first byte does not begin a valid sequence
  std::size_t bytes = 1;
};

// The first code point of a text that is not empty. Overlong forms, surrogates and values above U+10FFFF are
// not valid.
CodePoint first_code_point(std::string_view text);

}  // namespace sm2::report
