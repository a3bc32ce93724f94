// Requests as rows of a table beside the events, which is made when it is first wanted.
#pragma once

#include <memory>
#include <string>

#include "journal/postgres_session.h"
#include "journal/requests.h"

namespace sm2::journal {

// Of the study with that id, in a session that may write.
PostgresResult<std::unique_ptr<Requests>> postgres_requests(std::shared_ptr<PostgresSession> session,
                                                            std::string study);

}  // namespace sm2::journal
