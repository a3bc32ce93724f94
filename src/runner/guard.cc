#include "runner/guard.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "runner/guard_process.h"

namespace sm2::runner {
namespace {

constexpr int kStartMs = 60'000;  // an exec from a slow network file system
constexpr int kEndMs = 7'000;     // longer than a guard tries to kill

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const auto& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

bool readable(int fd, int limit_ms) {
  pollfd ready{fd, POLLIN, 0};
  int result;
  do result = ::poll(&ready, 1, limit_ms);
  while (result < 0 && errno == EINTR);
  return result > 0;
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// Forks with every signal blocked, so that no handler of the tuner's runs in the guard.
pid_t fork_guard(const GuardPlan& plan) {
  sigset_t all;
  ::sigfillset(&all);
  sigset_t before;
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  if (pid == 0) run_guard(plan);
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return pid;
}

}  // namespace

base::Result<Guard> Guard::start(const Launch& launch, Streams streams, int cgroup) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return base::fail("cannot start '{}': no socket: {}", launch.arguments.front(), ::strerror(errno));
  }
  base::Descriptor ours = base::Descriptor::above_standard(ends[0]);
  base::Descriptor theirs = base::Descriptor::above_standard(ends[1]);
  const auto arguments = pointers(launch.arguments);
  const auto environment = pointers(launch.environment);
  const std::string directory = launch.directory ? launch.directory->string() : "";
  GuardPlan plan;
  plan.program = launch.program.c_str();
  plan.arguments = arguments.data();
  plan.environment = environment.data();
  plan.directory = launch.directory ? directory.c_str() : nullptr;
  plan.folder = streams.folder.empty() ? nullptr : streams.folder.c_str();
  plan.control = theirs.get();
  plan.output = streams.output;
  plan.cgroup = cgroup;
  plan.foreground = streams.foreground;
  plan.mask = streams.mask;
  cpu_set_t processors;
  CPU_ZERO(&processors);
  for (const int processor : launch.processors) CPU_SET(processor, &processors);
  if (!launch.processors.empty()) plan.processors = &processors;

  const pid_t pid = fork_guard(plan);
  if (pid < 0) {
    return base::fail("cannot start '{}': no process: {}", launch.arguments.front(), ::strerror(errno));
  }
  theirs.reset();
  GuardReport report;
  const bool answered = readable(ours.get(), kStartMs) &&
                        ::recv(ours.get(), &report, sizeof report, MSG_DONTWAIT) == sizeof report;
  if (answered && report.kind == GuardReport::Kind::kStarted) {
    return Guard(pid, report.program, cgroup >= 0, std::move(ours));
  }
  ::kill(pid, SIGKILL);
  reap(pid);
  if (!answered) return base::fail("cannot start '{}': it did not start in time", launch.arguments.front());
  if (report.step == GuardReport::Step::kGroup) return start(launch, streams, -1);
  return base::fail("{}",
                    describe_failure(launch, report.error, report.step == GuardReport::Step::kDirectory));
}

Guard::~Guard() {
  if (!control_) return;
  signal(SIGKILL);
  while (readable(control_.get(), kEndMs)) {
    if (read()) return;
  }
  give_up();
  reap(pid_);
}

void Guard::signal(int number) const {
  ::send(control_.get(), &number, sizeof number, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void Guard::give_up() const { ::kill(pid_, SIGKILL); }

bool Guard::read() {
  bool reset = false;
  for (;;) {
    GuardReport report;
    const ssize_t got = ::recv(control_.get(), &report, sizeof report, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    // The guard left with a signal of ours unread: said once, before what it had reported.
    if (got < 0 && errno == ECONNRESET && !std::exchange(reset, true)) continue;
    if (got != sizeof report) break;
    end_ = End{report.status, base::Seconds(1e-6 * static_cast<double>(report.cpu_usec)), report.left_behind,
               report.left_unkilled};
  }
  control_.reset();
  reap(pid_);
  return true;
}

}  // namespace sm2::runner
