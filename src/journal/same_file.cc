#include "journal/same_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace sm2::journal {
namespace {

// None, with errno, where it cannot be told. Not asked with stat: since Linux 6.13 the kernel notes that a file's times were
// asked for, gives the next write a time of its own, and the sync after that write takes a disk write more.
std::optional<SameFile::Identity> identity_of(const std::filesystem::path& path) {
  struct statx found{};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_INO, &found) != 0) return {};
  return SameFile::Identity(found.stx_dev_major, found.stx_dev_minor, found.stx_ino);
}

}  // namespace

SameFile::SameFile(std::filesystem::path path) : path_(std::move(path)), identity_(identity_of(path_)) {}

base::Result<> SameFile::check() const {
  constexpr const char* kHelp =
      "what was written since is lost; put the file or a backup of it in its place, and run the command "
      "again";
  if (!identity_) return {};
  const auto found = identity_of(path_);
  if (!found) {
    if (errno != ENOENT && errno != ENOTDIR) return {};
    return base::fail("store: {} was deleted while the study ran: {}", path_.string(), kHelp);
  }
  if (found == identity_) return {};
  return base::fail("store: {} was replaced while the study ran: {}", path_.string(), kHelp);
}

}  // namespace sm2::journal
