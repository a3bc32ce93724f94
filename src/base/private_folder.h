// Folders that are their user's only.
#pragma once

#include <filesystem>
#include <system_error>

namespace sm2::base {

// Like mkdir -p, but every folder that it makes has mode 0700 from its first moment, whatever the umask: others never
// have the time to put something into it. Folders that exist stay as they are.
std::error_code make_private_folders(const std::filesystem::path& path);

}  // namespace sm2::base
