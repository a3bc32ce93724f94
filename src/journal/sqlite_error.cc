#include "journal/sqlite_error.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>

namespace sm2::journal {
namespace {

struct Meaning {
  int code;
  bool transient;
  const char* text;
};

constexpr Meaning kMeanings[] = {
    {SQLITE_FULL, true, "no space is left for it; free some on its file system"},
    {SQLITE_READONLY, true, "it cannot be written; make the file and its folder writable"},
    {SQLITE_BUSY, true, "another process has locked it; end what holds it, such as an SQLite shell"},
    {SQLITE_LOCKED, true, "another process has locked it; end what holds it, such as an SQLite shell"},
    {SQLITE_PROTOCOL, true, "another process has locked it; end what holds it, such as an SQLite shell"},
    {SQLITE_IOERR, true,
     "its file system fails, or has no room for it; look at the disk, its quota and ulimit -f"},
    {SQLITE_CANTOPEN, true, "it cannot be opened; look at its folder, and whether files can be made there"},
    {SQLITE_CORRUPT, false, "it is damaged; a copy that sm2 backup made can replace it"},
    {SQLITE_NOTADB, false, "no SQLite file, so no store of sm2; name another file with --store"},
    {SQLITE_CONSTRAINT, false, "another process has written to the same study; run the command again"},
};

const Meaning* meaning_of(const SQLite::Exception& error) {
  const auto* found = std::ranges::find(kMeanings, error.getErrorCode(), &Meaning::code);
  return found == std::end(kMeanings) ? nullptr : found;
}

}  // namespace

base::Error explain(const SQLite::Exception& error, const std::string& file) {
  const Meaning* meaning = meaning_of(error);
  if (!meaning) return {fmt::format("store {}: {}", file, error.what())};
  return {fmt::format("store {}: {} ({})", file, meaning->text, error.what())};
}

bool transient(const SQLite::Exception& error) {
  const Meaning* meaning = meaning_of(error);
  return meaning && meaning->transient;
}

}  // namespace sm2::journal
