// Files and folders that are made at a place of the user's, whole or not at all: they are made in a hidden folder beside it, and
// moved. What is there already stays, unless it may be overwritten.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"

namespace sm2::cli {

// Makes a file or a folder at the path it is given, where nothing is yet. Its failures do not name that path.
using MakeAt = std::function<base::Result<>(const std::filesystem::path& unfinished)>;

// Fails where `place` is taken, unless `overwrite`; then a file is replaced by a file, and a folder by a folder. A device or a pipe
// never is.
base::Result<> make_at(const std::filesystem::path& place, bool overwrite, const MakeAt& make);

// Whether something is there that may not be overwritten; devices and pipes never are, they are written to.
base::Result<> check_free(const std::filesystem::path& place, bool overwrite);

}  // namespace sm2::cli
