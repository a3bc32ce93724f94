// What a folder takes on its disk: the blocks of all files in it, not what links in it point to. A file with several
// names counts once.
#pragma once

#include <cstddef>
#include <filesystem>

namespace sm2::runner {

// In bytes. What cannot be read counts nothing. Of a folder with very many files only some are looked at, so that it
// takes no longer than a fraction of a second.
std::size_t disk_of(const std::filesystem::path& folder);

}  // namespace sm2::runner
