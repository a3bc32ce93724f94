#include "runner/runtime_directory.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestParent = 60;  // a socket's whole path has 107 bytes

base::Descriptor open_folder(const fs::path& path) {
  return base::Descriptor::above_standard(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// Only sockets are ever in it; anything else stays, and the folder with it.
void remove_folder(const fs::path& path) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error)) {
    if (entry.symlink_status(error).type() == fs::file_type::socket) ::unlink(entry.path().c_str());
  }
  ::rmdir(path.c_str());
}

bool is_stale(const fs::path& path) {
  int tuner = 0;
  const std::string name = path.filename().string();
  if (::sscanf(name.c_str(), "sm2-%d-", &tuner) != 1 || tuner <= 0) return false;
  if (::kill(tuner, 0) == 0 || errno != ESRCH) return false;
  const base::Descriptor folder = open_folder(path);
  struct stat status{};
  if (!folder || ::fstat(folder.get(), &status) != 0) return false;
  const bool ours = status.st_uid == ::geteuid() && (status.st_mode & 07777) == 0700;
  return ours && ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0;  // its owner may be in another pid namespace
}

}  // namespace

base::Result<RuntimeDirectory> RuntimeDirectory::make() {
  const char* own = std::getenv("XDG_RUNTIME_DIR");
  if (own && *own == '/' && ::strlen(own) <= kLongestParent && ::access(own, W_OK | X_OK) == 0) {
    return make_in(own);
  }
  return make_in("/tmp");
}

base::Result<RuntimeDirectory> RuntimeDirectory::make_in(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> stale;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    if (is_stale(entry.path())) stale.push_back(entry.path());
  }
  for (const auto& path : stale) remove_folder(path);

  std::string path = fmt::format("{}/sm2-{}-XXXXXX", parent.string(), ::getpid());
  if (!::mkdtemp(path.data())) {
    return base::fail("cannot make a folder for sockets in '{}': {}", parent.string(), ::strerror(errno));
  }
  base::Descriptor lock = open_folder(path);
  ::flock(lock.get(), LOCK_EX | LOCK_NB);
  return RuntimeDirectory(path, std::move(lock));
}

RuntimeDirectory::~RuntimeDirectory() {
  if (lock_) remove_folder(path_);
}

}  // namespace sm2::runner
