// Which descriptors of which trial are ready: epoll, level-triggered. A descriptor must be removed before it
// is closed, because a guard that is just being forked may still hold a copy of it.
#pragma once

#include <sys/epoll.h>

#include <cerrno>
#include <unordered_map>
#include <vector>

#include "base/descriptor.h"
#include "trial/decision.h"

namespace sm2::runner {

class Poller {
 public:
  struct Ready {
    trial::TrialId trial;
    int fd;
  };

  Poller() : epoll_(base::Descriptor::above_standard(::epoll_create1(EPOLL_CLOEXEC))) {}

  void add(int fd, trial::TrialId trial) {
    trials_[fd] = trial;
    control(EPOLL_CTL_ADD, fd, EPOLLIN);
  }
  void also_when_writable(int fd, bool wanted) {
    control(EPOLL_CTL_MOD, fd, wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }
  void remove(int fd) {
    if (trials_.erase(fd) > 0) control(EPOLL_CTL_DEL, fd, 0);
  }

  // A signal, or having been stopped, cuts the wait short; what is ready by then is told all the same.
  std::vector<Ready> wait(int limit_ms) {
    epoll_event events[64];
    int count = ::epoll_wait(epoll_.get(), events, 64, limit_ms);
    while (count < 0 && errno == EINTR) count = ::epoll_wait(epoll_.get(), events, 64, 0);
    std::vector<Ready> ready;
    for (int at = 0; at < count; ++at) {
      const auto owner = trials_.find(events[at].data.fd);
      if (owner != trials_.end()) ready.push_back({owner->second, owner->first});
    }
    return ready;
  }

 private:
  void control(int operation, int fd, unsigned events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    ::epoll_ctl(epoll_.get(), operation, fd, &event);
  }

  base::Descriptor epoll_;
  std::unordered_map<int, trial::TrialId> trials_;
};

}  // namespace sm2::runner
