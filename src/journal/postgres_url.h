// Where a PostgreSQL store is: postgresql://[USER@]HOST[:PORT]/DATABASE[?OPTION=VALUE...]; what is left out is taken from
// libpq's environment and ~/.pgpass. A password in it is for the server alone, and in nothing that is shown.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sm2::journal {

struct PostgresUrl {
  std::string text;      // as given, for libpq
  std::string shown;     // without passwords, for people
  std::string database;  // its name; the user's where there is none

  // Fails where there is no libpq, on what it cannot read, and where a / or @ stands in a way that may cut a password in two.
  static base::Result<PostgresUrl> parse(std::string_view text);
};

}  // namespace sm2::journal
