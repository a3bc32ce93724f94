#include "base/record_lock.h"

#include <fcntl.h>
#include <unistd.h>

namespace sm2::base {
namespace {

constexpr int kTries = 50;
constexpr int kBetweenUs = 10'000;

struct flock range(short type, Bytes bytes) {
  struct flock range{};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = bytes.first;
  range.l_len = bytes.count;
  return range;
}

}  // namespace

bool take_lock(int descriptor, Bytes bytes) {
  struct flock wanted = range(F_WRLCK, bytes);
  for (int tries = 0; tries < kTries; ++tries) {
    if (tries > 0) ::usleep(kBetweenUs);
    if (::fcntl(descriptor, F_OFD_SETLK, &wanted) == 0) return true;
  }
  return false;
}

void give_back_lock(int descriptor, Bytes bytes) {
  struct flock free = range(F_UNLCK, bytes);
  ::fcntl(descriptor, F_OFD_SETLK, &free);
}

bool locked(int descriptor, Bytes bytes) {
  struct flock asked = range(F_WRLCK, bytes);
  return ::fcntl(descriptor, F_OFD_GETLK, &asked) == 0 && asked.l_type != F_UNLCK;
}

}  // namespace sm2::base
