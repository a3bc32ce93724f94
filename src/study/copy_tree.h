// A copy of a file, or of a folder with all that is in it: holes stay holes, blocks are shared where the file system can, and
// the rest is copied in chunks, so that it can be ended. Links inside a folder stay links.
#pragma once

#include <filesystem>
#include <functional>
#include <system_error>

namespace sm2::study {

// `to` must not exist. What was copied when it fails, or `ended` says so (std::errc::interrupted), is left to the caller.
// Anything but files, folders and links is not copied (std::errc::not_supported).
std::error_code copy_tree(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::function<bool()>& ended);

}  // namespace sm2::study
