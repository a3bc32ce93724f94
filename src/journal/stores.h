// The stores there are, by URL: a path, or "sqlite:PATH".
#pragma once

#include "journal/journal.h"
#include "journal/sqlite.h"

namespace sm2::journal {

base::Result<std::unique_ptr<Store>> open_store(std::string_view url, Access access = Access::kRead);

// Fails where there is nothing at all.
base::Result<> find_store(std::string_view url);

// A copy of the store as it is at one moment, a tuner may be writing to it; the destination is a path that is not taken.
base::Result<> back_up_store(std::string_view url, const std::filesystem::path& destination);

// What is wrong with the store as a whole, whatever is in it; empty: nothing.
base::Result<std::vector<std::string>> damage_of_store(std::string_view url);

// The folder for the logs and checkpoints of a study's trials: beside the store, named after it.
std::filesystem::path trials_folder(std::string_view url, std::string_view study);

}  // namespace sm2::journal
