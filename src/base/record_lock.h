// Locks on bytes of a file, which belong to the open file (F_OFD_SETLK, fcntl(2)): the kernel takes them back with its last
// descriptor, whichever way a process ends.
#pragma once

#include <sys/types.h>

namespace sm2::base {

struct Bytes {
  off_t first = 0;
  off_t count = 0;  // 0: to the end, wherever that will be
};

// False where another open file has it, with errno EAGAIN, or where it cannot be locked. Waits up to half a second: a process
// that a killed owner had just forked has its lock for a moment longer.
bool take_lock(int descriptor, Bytes bytes);
void give_back_lock(int descriptor, Bytes bytes);

// Whether another open file has a lock there. The descriptor may be one for reading.
bool locked(int descriptor, Bytes bytes);

}  // namespace sm2::base
