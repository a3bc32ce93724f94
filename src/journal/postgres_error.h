// What a PostgreSQL server's errors, and those on the way to it, mean for a store: one line each, with what would help, and
// whether it is worth trying again.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sm2::journal {

struct PostgresError {
  std::string message;       // one line
  std::string_view meaning;  // the part of it that does not change while the same thing is wrong
  bool transient = false;
  bool lost = false;  // the connection is gone: whether the last statement was carried out is not known
};

template <class T = void>
using PostgresResult = tl::expected<T, PostgresError>;

// `state` is an SQLSTATE, empty where no server has answered; `detail` what libpq says. `store` as it is shown.
PostgresError explain(std::string_view state, std::string_view detail, std::string_view store);

// Found by ourselves, and for good.
template <class... Args>
tl::unexpected<PostgresError> refuse(fmt::format_string<Args...> format, Args&&... args) {
  return tl::unexpected(PostgresError{fmt::format(format, std::forward<Args>(args)...), {}, false, false});
}

inline tl::unexpected<base::Error> plain(const PostgresError& error) {
  return tl::unexpected(base::Error{error.message});
}

}  // namespace sm2::journal
