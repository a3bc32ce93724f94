#include "study/lock.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <utility>

#include "base/private_folder.h"
#include "base/record_lock.h"

namespace sm2::study {
namespace {

constexpr base::Bytes kWhole{};

std::filesystem::path lock_file(const std::filesystem::path& folder) { return folder / "lock"; }

std::string content(int descriptor) {
  char name[4096];
  const ssize_t got = pread(descriptor, name, sizeof name, 0);
  return got > 0 ? std::string(name, static_cast<std::size_t>(got)) : "";
}

// Whether the folder STORE.trials/STUDY is, by its path, of the store with that name beside it as well.
bool shared_with(const std::filesystem::path& folder, const std::string& store) {
  const std::filesystem::path trials = std::filesystem::absolute(folder).parent_path();
  std::error_code error;
  return std::filesystem::path(store).stem() == trials.stem() &&
         std::filesystem::exists(trials.parent_path() / store, error);
}

}  // namespace

base::Result<Lock> Lock::take(const std::filesystem::path& folder, const std::string& store) {
  if (const auto failed = base::make_private_folders(folder))
    return base::fail("cannot make the folder {}: {}", folder.string(), failed.message());
  const int descriptor = open(lock_file(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return base::fail("cannot open {}: {}", lock_file(folder).string(), strerror(errno));
  Lock lock(descriptor);
  if (!base::take_lock(descriptor, kWhole)) {
    return base::fail(
        "another sm2 tune works on this study already (it holds {}); wait for it, or end it first",
        lock_file(folder).string());
  }
  const std::string owner = content(descriptor);
  if (owner == store) return lock;
  if (!owner.empty() && shared_with(folder, owner)) {
    return base::fail(
        "the folder {} is that of a study of this name in the store {} beside this one; give the study "
        "another name, or put "
        "this store elsewhere",
        folder.string(), owner);
  }
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, store.data(), store.size(), 0) < 0)
    return base::fail("cannot write {}: {}", lock_file(folder).string(), strerror(errno));
  return lock;
}

Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Lock::~Lock() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool tuner_alive(const std::filesystem::path& folder) {
  const int descriptor = open(lock_file(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool held = base::locked(descriptor, kWhole);
  close(descriptor);
  return held;
}

}  // namespace sm2::study
