// The stores there are, by URL: a path, or "sqlite:PATH".
#pragma once

#include "journal/journal.h"
#include "journal/sqlite.h"

namespace sm2::journal {

base::Result<std::unique_ptr<Store>> open_store(std::string_view url, Access access = Access::kRead);

// The folder for the logs and checkpoints of a study's trials: beside the store, named after it.
std::filesystem::path trials_folder(std::string_view url, std::string_view study);

}  // namespace sm2::journal
