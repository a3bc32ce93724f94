// The stores there are, by URL: a path or "sqlite:PATH", and "postgresql://..." or "postgres://...".
#pragma once

#include "journal/journal.h"
#include "journal/sqlite.h"

namespace sm2::journal {

// For messages: as given, but for a password.
std::string shown_store(std::string_view url);

base::Result<std::unique_ptr<Store>> open_store(std::string_view url, Access access = Access::kRead);

// Fails where there is nothing at all.
base::Result<> find_store(std::string_view url);

// A copy, an SQLite file, of the store as it is at one moment, or of each of its studies where it is no file; a tuner may be
// writing to it. The destination is a path that is not taken.
base::Result<> back_up_store(std::string_view url, const std::filesystem::path& destination);

// What is wrong with the store as a whole, whatever is in it; empty: nothing.
base::Result<std::vector<std::string>> damage_of_store(std::string_view url);
std::string_view help_with_damage(std::string_view url);  // what it means, and what can be done

// The folder for the logs and checkpoints of a study's trials: beside the store, named after it; of a store that is no file,
// in the working folder.
std::filesystem::path trials_folder(std::string_view url, std::string_view study);

}  // namespace sm2::journal
