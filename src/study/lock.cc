#include "study/lock.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <utility>

#include "base/private_folder.h"

namespace sm2::study {
namespace {

constexpr int kTries = 50;
constexpr int kBetweenUs = 10'000;

std::filesystem::path lock_file(const std::filesystem::path& folder) { return folder / "lock"; }

struct flock whole_file() {
  struct flock range{};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

// The process that a killed tuner had just forked has its lock for a moment longer.
bool taken(int descriptor) {
  struct flock range = whole_file();
  for (int tries = 0; tries < kTries; ++tries) {
    if (tries > 0) usleep(kBetweenUs);
    if (fcntl(descriptor, F_OFD_SETLK, &range) == 0) return true;
  }
  return false;
}

}  // namespace

base::Result<Lock> Lock::take(const std::filesystem::path& folder) {
  if (const auto failed = base::make_private_folders(folder))
    return base::fail("cannot make the folder {}: {}", folder.string(), failed.message());
  const int descriptor = open(lock_file(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return base::fail("cannot open {}: {}", lock_file(folder).string(), strerror(errno));
  Lock lock(descriptor);
  if (!taken(descriptor)) {
    return base::fail(
        "another sm2 tune works on this study already (it holds {}); wait for it, or end it first",
        lock_file(folder).string());
  }
  return lock;
}

Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Lock::~Lock() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool tuner_alive(const std::filesystem::path& folder) {
  const int descriptor = open(lock_file(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct flock range = whole_file();
  const bool held = fcntl(descriptor, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
  close(descriptor);
  return held;
}

}  // namespace sm2::study
