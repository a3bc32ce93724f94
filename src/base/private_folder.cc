#include "base/private_folder.h"

#include <sys/stat.h>

#include <cerrno>

namespace sm2::base {

std::error_code make_private_folders(const std::filesystem::path& path) {
  std::filesystem::path whole;
  for (const auto& part : path) {
    whole /= part;
    if (::mkdir(whole.c_str(), S_IRWXU) == 0) continue;
    // The parent of what exists may be closed to us, or on a file system that says first that it is read-only.
    const std::error_code failure(errno, std::generic_category());
    std::error_code ignored;
    if (!std::filesystem::is_directory(whole, ignored)) return failure;
  }
  return {};
}

}  // namespace sm2::base
