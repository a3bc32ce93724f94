// In place of the other postgres files where libpq-fe.h was not found.
#include "journal/postgres.h"

namespace sm2::journal {
namespace {

constexpr const char* kAbsent =
    "store postgresql://...: this sm2 was built without PostgreSQL; build it where libpq-dev is installed, "
    "or give a path";

}  // namespace

base::Result<std::unique_ptr<Store>> open_postgres(std::string_view, Access) {
  return base::fail("{}", kAbsent);
}

base::Result<> find_postgres(std::string_view) { return base::fail("{}", kAbsent); }

std::string shown_postgres(std::string_view) { return "postgresql://..."; }

std::filesystem::path trials_of_postgres(std::string_view) { return "./postgresql.trials"; }

base::Result<std::vector<std::string>> damage_of_postgres(std::string_view) {
  return base::fail("{}", kAbsent);
}

}  // namespace sm2::journal
