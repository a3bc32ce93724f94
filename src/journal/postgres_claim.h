// A tuner's claim on a study: an advisory lock of its session, which the server takes back when the session ends, whichever
// way that comes about. The session's application name says whose it is.
#pragma once

#include <string>
#include <string_view>

#include "journal/postgres_connection.h"

namespace sm2::journal {

// "sm2 PROCESS TOKEN HOST": no two tuners have the same, be it in two containers of one name.
std::string claimant();

// "process 4711 on host"; another name as it is.
std::string readable(std::string_view claimant);

// Fails when another tuner has it, and says which. A session of `mine`, one that the network has cut off from us, is ended.
PostgresResult<> claim(PostgresConnection& connection, const std::string& study, const std::string& mine,
                       std::string_view store);

PostgresResult<bool> claimed(PostgresConnection& connection, const std::string& study);

}  // namespace sm2::journal
