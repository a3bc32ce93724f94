#include "journal/sqlite_claim.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/record_lock.h"

namespace sm2::journal {
namespace {

// SQLite locks bytes from 1 GiB on; a file may have 281 TB, less than 2^49.
constexpr off_t kBeyondAll = off_t{1} << 62;

base::Bytes byte_of(std::string_view study) {
  return {kBeyondAll | static_cast<off_t>(base::hash(study) >> 2), 1};
}

std::mutex idle_mutex;
std::vector<int> idle;  // descriptors

bool leads_to(int descriptor, const struct stat& wanted) {
  struct stat found{};
  return ::fstat(descriptor, &found) == 0 && found.st_dev == wanted.st_dev && found.st_ino == wanted.st_ino;
}

int lend(const std::filesystem::path& file) {
  struct stat wanted{};
  if (::stat(file.c_str(), &wanted) != 0) return -1;
  const std::scoped_lock lock(idle_mutex);
  const auto found = std::ranges::find_if(idle, [&](int one) { return leads_to(one, wanted); });
  if (found != idle.end()) {
    const int descriptor = *found;
    idle.erase(found);
    return descriptor;
  }
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  return descriptor >= 0 ? descriptor : ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
}

}  // namespace

LentFile::LentFile(const std::filesystem::path& file) : descriptor_(lend(file)) {}

LentFile::LentFile(LentFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LentFile::~LentFile() {
  if (descriptor_ < 0) return;
  base::give_back_lock(descriptor_, {kBeyondAll, 0});
  const std::scoped_lock lock(idle_mutex);
  idle.push_back(descriptor_);
}

base::Result<SqliteClaim> SqliteClaim::take(const std::filesystem::path& file, std::string_view study) {
  LentFile lent(file);
  if (lent.descriptor() < 0)
    return base::fail("store {}: cannot be opened: {}", file.string(), ::strerror(errno));
  if (base::take_lock(lent.descriptor(), byte_of(study))) return SqliteClaim(std::move(lent));
  if (errno != EAGAIN && errno != EACCES)
    return base::fail("store {}: cannot be locked: {}", file.string(), ::strerror(errno));
  return base::fail(
      "another sm2 tune works on this study already (it holds {}); wait for it, or end it first",
      file.string());
}

bool sqlite_claimed(const std::filesystem::path& file, std::string_view study) {
  const LentFile lent(file);
  return lent.descriptor() >= 0 && base::locked(lent.descriptor(), byte_of(study));
}

}  // namespace sm2::journal
