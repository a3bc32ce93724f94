// Messages as rows of a table, of which LISTEN and NOTIFY tell at once (docs/journal.md). Each is numbered by its sender, so
// that what was sent again after a lost connection is there once, and is removed by its recipient after it was read. A
// member is there as long as the server knows its session, as with a tuner's claim on a study.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "journal/mailbox.h"

namespace sm2::journal {

// With a connection of its own. Fails as open_postgres() does to write, and where there is no such study.
base::Result<std::unique_ptr<Mailbox>> join_postgres(std::string_view url, std::string_view study, Role role,
                                                     std::string about);

}  // namespace sm2::journal
