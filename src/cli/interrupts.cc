#include "cli/interrupts.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

namespace sm2::cli {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr std::array kFailedWrites = {SIGPIPE, SIGXFSZ};

// Signal handlers reach nothing but this.
int event = -1;
std::atomic<int> noted = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void note(int) {
  const int kept = errno;
  ++noted;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(event, &one, sizeof one);
  errno = kept;
}

}  // namespace

Interrupts::Interrupts() {
  event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  noted = 0;
  struct sigaction action = {};
  action.sa_handler = note;
  action.sa_flags = SA_RESTART;
  counting_.emplace(kSignals, action);
  action.sa_handler = SIG_IGN;
  ignoring_.emplace(kFailedWrites, action);
}

Interrupts::~Interrupts() {
  counting_.reset();
  close(event);
  event = -1;
}

int Interrupts::descriptor() const { return event; }

void Interrupts::sleep(base::Seconds time) const {
  pollfd signal{event, POLLIN, 0};
  ::poll(&signal, 1, static_cast<int>(1e3 * time.value));
}

int Interrupts::count() {
  if (counted_ == noted) return counted_;  // asked often, answered without a system call
  std::uint64_t signals = 0;
  if (read(event, &signals, sizeof signals) == sizeof signals) counted_ += static_cast<int>(signals);
  return counted_;
}

}  // namespace sm2::cli
