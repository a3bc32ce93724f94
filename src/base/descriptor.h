// Owns one file descriptor and closes it. Everything in this room opens descriptors close-on-exec.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace sm2::base {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }
  ~Descriptor() { reset(); }

  // The same open file under a number above 2, where a child's standard streams cannot overwrite it.
  static Descriptor above_standard(int fd) {
    Descriptor low(fd);
    if (fd < 0 || fd > STDERR_FILENO) return low;
    return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace sm2::base
