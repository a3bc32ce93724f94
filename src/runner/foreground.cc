#include "runner/foreground.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cmath>

#include "base/clock.h"
#include "base/signal_handlers.h"
#include "runner/cgroup.h"
#include "runner/cpu_time.h"
#include "runner/guard.h"

namespace sm2::runner {
namespace {

constexpr std::array kForwarded = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

std::atomic<const Guard*> forward_to = nullptr;

// What the terminal sends (SI_KERNEL) goes to the whole process group, the command included.
void forward(int number, siginfo_t* info, void*) {
  const int error = errno;
  const Guard* guard = forward_to.load();
  if (guard && info->si_code <= 0) guard->signal(number);
  errno = error;
}

// Signals to be forwarded wait while it lives, so that none is lost before there is somebody to forward it to.
class Held {
 public:
  Held() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : kForwarded) ::sigaddset(&signals, number);
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  const sigset_t& before() const { return before_; }

  ~Held() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

struct sigaction forwarding_action() {
  struct sigaction action{};
  action.sa_sigaction = forward;
  action.sa_flags = SA_SIGINFO;
  return action;
}

}  // namespace

struct Foreground::State {
  State(std::optional<Cgroup> group, Guard made) : cgroup(std::move(group)), guard(std::move(made)) {}
  ~State() {
    if (cgroup && over) cgroup->hand_back();
  }

  base::SignalHandlers forwarding{kForwarded, forwarding_action()};
  std::optional<Cgroup> cgroup;
  Guard guard;
  CpuTime cpu_time{guard.pid()};
  bool over = false;
};

Foreground::Foreground(std::unique_ptr<State> state) : state_(std::move(state)) {
  forward_to = &state_->guard;
}
Foreground::~Foreground() { forward_to = nullptr; }

base::Result<std::unique_ptr<Foreground>> Foreground::start(const std::vector<std::string>& command) {
  auto launch = prepare(command, std::nullopt, {});
  if (!launch) return tl::unexpected(launch.error());
  const auto own = own_cgroup();
  auto cgroup = own ? Cgroup::make(*own, cgroup_name(0)) : std::nullopt;
  const Held held;
  auto guard = Guard::start(*launch, {.output = -1, .foreground = true, .mask = held.before()},
                            cgroup ? cgroup->descriptor() : -1);
  if (!guard) return tl::unexpected(guard.error());
  if (!guard->in_cgroup()) cgroup.reset();
  return std::unique_ptr<Foreground>(
      new Foreground(std::make_unique<State>(std::move(cgroup), std::move(*guard))));
}

std::optional<base::Seconds> Foreground::cpu_time() const {
  return state_->cpu_time.read(state_->cgroup ? &*state_->cgroup : nullptr);
}

std::optional<int> Foreground::wait(base::Seconds timeout) {
  const base::SystemClock clock;
  const base::Seconds until = clock.monotonic() + timeout;
  while (!state_->over) {
    pollfd ready{state_->guard.control(), POLLIN, 0};
    const double left = std::max(0.0, (until - clock.monotonic()).value);
    const int result = ::poll(&ready, 1, static_cast<int>(std::ceil(std::min(left, 3'600.0) * 1e3)));
    if (result > 0) state_->over = state_->guard.read();
    if (result <= 0 && clock.monotonic() >= until) break;
  }
  if (!state_->over) return std::nullopt;
  const auto& end = state_->guard.end();
  const auto* group = state_->cgroup ? &*state_->cgroup : nullptr;
  state_->cpu_time.finish(group, end ? end->cpu : base::Seconds(0));
  return end ? end->status : SIGKILL;
}

}  // namespace sm2::runner
