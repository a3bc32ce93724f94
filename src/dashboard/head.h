// The head of a request, checked before anything interprets it: how long it may be, which characters it has. What is left of
// it are the header fields that this server looks at; all others are left out, so that no option of HTTP that it has no use
// for (ranges, bodies, expectations) can be asked of the library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sm2::dashboard {

inline constexpr std::size_t kLongestHead = 16 << 10;
inline constexpr std::size_t kLongestRequestLine = 4 << 10;
inline constexpr std::size_t kMostFields = 100;

// Where the head at the beginning of `received` ends, its empty line included; 0: not yet. What cannot become one, by its
// length or its first byte, ends where it is.
std::size_t end_of_head(std::string_view received);

// The head that is left. Fails with the status of the answer: 400, 414, 431.
tl::expected<std::string, int> checked_head(std::string_view head);

}  // namespace sm2::dashboard
