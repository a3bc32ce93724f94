#include "journal/same_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace sm2::journal {

SameFile::SameFile(std::filesystem::path path) : path_(std::move(path)) {
  struct stat found{};
  if (stat(path_.c_str(), &found) == 0) identity_.emplace(found.st_dev, found.st_ino);
}

base::Result<> SameFile::check() const {
  constexpr const char* kHelp =
      "what was written since is lost; put the file or a backup of it in its place, and run the command "
      "again";
  if (!identity_) return {};
  struct stat found{};
  if (stat(path_.c_str(), &found) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return {};
    return base::fail("store: {} was deleted while the study ran: {}", path_.string(), kHelp);
  }
  if (identity_ == std::pair(found.st_dev, found.st_ino)) return {};
  return base::fail("store: {} was replaced while the study ran: {}", path_.string(), kHelp);
}

}  // namespace sm2::journal
