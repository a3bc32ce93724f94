#include "journal/postgres_tables.h"

#include <tuple>
#include <vector>

namespace sm2::journal {

PostgresResult<> make_tables(PostgresSession& session, const char* there,
                             std::span<const char* const> tables) {
  const auto found = session.ask(there);
  if (!found) return tl::unexpected(found.error());
  if (found->truth(0, 0)) return {};
  std::vector<const char*> statements = {"BEGIN", kExclusively};
  statements.insert(statements.end(), tables.begin(), tables.end());
  statements.push_back("COMMIT");
  for (const char* statement : statements) {
    if (const auto done = session.run(statement); !done) {
      std::ignore = session.run("ROLLBACK");
      return tl::unexpected(done.error());
    }
  }
  return {};
}

}  // namespace sm2::journal
