// Several descriptors as one, which is readable while any of them is: an epoll.
#pragma once

#include <sys/epoll.h>

#include "base/descriptor.h"

namespace sm2::cluster {

class WakeUp {
 public:
  WakeUp() : epoll_(base::Descriptor::above_standard(::epoll_create1(EPOLL_CLOEXEC))) {}

  int descriptor() const { return epoll_.get(); }

  // -1 is none. One that is closed leaves by itself.
  void add(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (fd >= 0) ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
  }

 private:
  base::Descriptor epoll_;
};

}  // namespace sm2::cluster
