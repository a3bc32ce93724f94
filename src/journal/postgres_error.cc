#include "journal/postgres_error.h"

namespace sm2::journal {
namespace {

constexpr std::string_view kDamaged =
    "it is damaged; look at its server's log. A copy that sm2 backup made can be gone on with";

struct Meaning {
  std::string_view state;  // its beginning
  bool transient;
  std::string_view text;
};

constexpr std::string_view kOutOfReach = "it is out of reach; look at its server and at the network between";
constexpr std::string_view kLocked = "another session has locked it; end what holds it, such as a psql";
constexpr std::string_view kTablesGone =
    "its tables are gone; if they were dropped or restored meanwhile, run the command again";

// Of several that fit the first holds.
constexpr Meaning kMeanings[] = {
    {"08", true, kOutOfReach},
    {"57P", true, kOutOfReach},
    {"28", true,
     "its server knows no such user, or another password; give them in the URL, PGPASSWORD or ~/.pgpass"},
    {"3D000", false, "there is no such database; make it with createdb, or name another with --store"},
    {"53100", true, "no space is left for it on its server; free some there"},
    {"53300", true, "its server has no connection left; end what holds them, or raise max_connections"},
    {"53", true, "its server has not what it needs; look at its memory and its settings"},
    {"25006", true, "it cannot be written: its server is a standby, or read-only"},
    {"42501", true, "its user may not do that; let the database's owner grant it"},
    {"55P03", true, kLocked},
    {"57014", true, "its server was told to cancel the write"},
    {"40", true, kLocked},
    {"58", true, "its server's file system fails; look at the disk there"},
    {"XX001", false, kDamaged},
    {"XX002", false, kDamaged},
    {"42P01", false, kTablesGone},
    {"3F000", false, kTablesGone},
    {"23", false, "another process has written to the same study; run the command again"},
    {"22", false, "it cannot keep a text: its database needs the encoding UTF8, and texts need to be UTF-8"},
};

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

PostgresError explain(std::string_view state, std::string_view detail, std::string_view store) {
  const std::string_view said = first_line(detail);
  if (state.empty()) state = "08";
  for (const Meaning& meaning : kMeanings) {
    if (!state.starts_with(meaning.state)) continue;
    return {fmt::format("store {}: {} ({})", store, meaning.text, said), meaning.text, meaning.transient,
            meaning.text == kOutOfReach};
  }
  return {fmt::format("store {}: {}", store, said), {}, false, false};
}

}  // namespace sm2::journal
