// Files that are there whole or not at all: a file is written beside its place and renamed. A device or a pipe is
// written to as it is, and a database, as stores are, is left alone.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace sm2::cli {

// `option` is what the path came from, for the error: "-o FILE".
base::Result<> write_whole(const std::string& path, std::string_view text, std::string_view option);

}  // namespace sm2::cli
