// Errors that a user can act upon, as values. An Error is one line without a trailing newline: what is wrong,
// where, and what would be right. Exceptions are for what cannot go on; they stop at the edge of a room.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace sm2::base {

struct Error {
  std::string message;
  bool operator==(const Error&) const = default;
};

template <class T = void>
using Result = tl::expected<T, Error>;

template <class... Args>
tl::unexpected<Error> fail(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected<Error>(Error{fmt::format(format, std::forward<Args>(args)...)});
}

}  // namespace sm2::base
