// Tables that are made when they are first wanted, beside those of the store itself (postgres_schema.h), by one program at a time.
#pragma once

#include <span>

#include "journal/postgres_session.h"

namespace sm2::journal {

// Held until the transaction ends: whoever makes or changes tables has it.
inline constexpr const char* kExclusively = "SELECT pg_advisory_xact_lock(1936535040)";

// `there` asks whether all of them are; `tables` makes them, as far as they are not. Where that fails nothing is made.
PostgresResult<> make_tables(PostgresSession& session, const char* there,
                             std::span<const char* const> tables);

}  // namespace sm2::journal
