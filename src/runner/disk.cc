#include "runner/disk.h"

#include <sys/stat.h>

#include <set>
#include <utility>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFiles = 100'000;
constexpr std::size_t kBlock = 512;  // the unit of st_blocks: inode(7)

}  // namespace

std::size_t disk_of(const fs::path& folder) {
  std::size_t bytes = 0;
  std::set<std::pair<dev_t, ino_t>> seen;
  std::error_code error;
  auto at = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, error);
  for (int files = 0; !error && at != fs::end(at) && files < kMostFiles; at.increment(error), ++files) {
    struct stat status{};
    if (::lstat(at->path().c_str(), &status) != 0) continue;
    const bool shared = status.st_nlink > 1 && !S_ISDIR(status.st_mode);
    if (shared && !seen.emplace(status.st_dev, status.st_ino).second) continue;
    bytes += static_cast<std::size_t>(status.st_blocks) * kBlock;
  }
  return bytes;
}

}  // namespace sm2::runner
