// What SQLite's errors mean for a store: one line each, with what would help, and whether it is worth trying again.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>

#include "base/result.h"

namespace sm2::journal {

base::Error explain(const SQLite::Exception& error, const std::string& file);  // the store's

// Full, read-only, locked, unreachable; not: damaged, no store, taken by another writer.
bool transient(const SQLite::Exception& error);

// Every call into SQLite; what it throws becomes a value.
template <class Call>
auto guarded(const std::string& file, Call call) -> decltype(call()) {
  try {
    return call();
  } catch (const SQLite::Exception& error) {
    return tl::unexpected(explain(error, file));
  }
}

}  // namespace sm2::journal
