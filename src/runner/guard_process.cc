#include "runner/guard_process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "runner/process_table.h"

namespace sm2::runner {
namespace {

constexpr int kLeaveMs = 500;   // what a program's helpers have to end by themselves after it
constexpr int kKillMs = 5'000;  // what killed processes have to be gone
constexpr int kOomScore = 300;  // at least, of the program: oom_score_adj of proc(5)
constexpr char kOomScoreText[] = "300";

std::int64_t now_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000 + now.tv_nsec / 1'000'000;
}

void close_between(unsigned first, unsigned last) {
  if (::close_range(first, last, 0) == 0) return;
  rlimit most{};  // a kernel before 5.9
  ::getrlimit(RLIMIT_NOFILE, &most);
  for (rlim_t fd = first; fd <= last && fd < most.rlim_cur; ++fd) ::close(static_cast<int>(fd));
}

void close_all_but(std::span<int> kept) {
  std::sort(kept.begin(), kept.end());
  unsigned from = 0;
  for (const int fd : kept) {
    if (fd < 0) continue;
    if (static_cast<unsigned>(fd) > from) close_between(from, static_cast<unsigned>(fd) - 1);
    from = static_cast<unsigned>(fd) + 1;
  }
  close_between(from, ~0u);
}

// ---- in the program's process, up to exec ----

struct StartError {
  GuardReport::Step step;
  int error;
};

[[noreturn]] void give_up(int error_pipe, GuardReport::Step step) {
  const StartError error{step, errno};
  (void)!::write(error_pipe, &error, sizeof error);
  ::_exit(127);
}

void reset_signals(bool foreground) {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action{};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_DFL || (foreground && action.sa_handler == SIG_IGN)) continue;
    action = {};
    action.sa_handler = SIG_DFL;
    ::sigaction(signal, &action, nullptr);
  }
}

// When memory runs out, the trial is to go rather than the tuner.
void offer_to_oom_killer() {
  char before[16] = {};
  const int file = ::open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  const ssize_t got = ::read(file, before, sizeof before - 1);
  int score = 0;  // a negative one counts as none
  for (const char* at = before; *at >= '0' && *at <= '9'; ++at) score = 10 * score + (*at - '0');
  if (got > 0 && score < kOomScore) (void)!::pwrite(file, kOomScoreText, sizeof kOomScoreText - 1, 0);
  ::close(file);
}

[[noreturn]] void become_program(const GuardPlan& plan, pid_t guard, int error_pipe, bool join_group) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != guard) ::_exit(127);
  if (join_group) {
    const int members = ::openat(plan.cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (members < 0 || ::write(members, "0", 1) != 1) give_up(error_pipe, GuardReport::Step::kGroup);
  }
  reset_signals(plan.foreground);
  if (!plan.foreground) {
    ::setpgid(0, 0);
    offer_to_oom_killer();
    ::dup2(plan.output, STDOUT_FILENO);
    ::dup2(plan.output, STDERR_FILENO);
  }
  if (plan.processors) ::sched_setaffinity(0, sizeof *plan.processors, plan.processors);
  if (plan.directory && ::chdir(plan.directory) != 0) give_up(error_pipe, GuardReport::Step::kDirectory);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, plan.foreground ? &plan.mask : &none, nullptr);
  ::execve(plan.program, plan.arguments, plan.environment);
  give_up(error_pipe, GuardReport::Step::kProgram);
}

// ---- in the guard's process ----

class GuardProcess {
 public:
  explicit GuardProcess(const GuardPlan& plan) : plan_(plan) {}

  [[noreturn]] void run() {
    ::signal(SIGCHLD, SIG_DFL);  // ignored, it would tell of no child's end
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Not of the tuner's name: pkill sm2 is to leave it, so that it can end the trial.
    ::prctl(PR_SET_NAME, kGuardName);
    if (!plan_.foreground) ::setsid();
    const auto standard = [&](int fd) { return plan_.foreground ? fd : -1; };
    int kept[] = {plan_.control, plan_.output, plan_.cgroup, standard(0), standard(1), standard(2)};
    close_all_but(kept);
    if (!plan_.foreground) close_standard_streams();
    start();
    if (plan_.folder) (void)!::chdir(plan_.folder);
    close_standard_streams();
    ::close(plan_.output);
    report({.kind = GuardReport::Kind::kStarted, .program = program_});

    sigset_t child;
    ::sigemptyset(&child);
    ::sigaddset(&child, SIGCHLD);
    children_ = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    while (!ended_) {
      pollfd ready[] = {{plan_.control, POLLIN, 0}, {children_, POLLIN, 0}};
      ::poll(ready, 2, -1);
      if (ready[1].revents) drain_children();
      if (ready[0].revents) obey();
    }
    end();
  }

 private:
  static void close_standard_streams() {
    const int null = ::open("/dev/null", O_RDWR);  // the program inherits 0, 1 and 2
    for (int fd = 0; fd <= STDERR_FILENO; ++fd) {
      if (fd != null) ::dup2(null, fd);
    }
    if (null > STDERR_FILENO) ::close(null);
  }

  void report(const GuardReport& report) { ::send(plan_.control, &report, sizeof report, MSG_NOSIGNAL); }

  // Straight into the control group where the kernel can do that: moving a process afterwards takes
  // milliseconds.
  pid_t fork_program(bool& join_group) {
    join_group = false;
    if (plan_.cgroup < 0) return ::fork();
    clone_args how{};
    how.flags = CLONE_INTO_CGROUP;
    how.exit_signal = SIGCHLD;
    how.cgroup = static_cast<std::uint64_t>(plan_.cgroup);
    const auto pid = static_cast<pid_t>(::syscall(SYS_clone3, &how, sizeof how));
    if (pid >= 0) return pid;
    join_group = true;
    return ::fork();
  }

  void start() {
    const pid_t guard = ::getpid();
    int error_pipe[2];
    bool join_group = false;
    if (::pipe2(error_pipe, O_CLOEXEC) != 0) fail({GuardReport::Step::kFork, errno});
    program_ = fork_program(join_group);
    if (program_ < 0) fail({GuardReport::Step::kFork, errno});
    if (program_ == 0) become_program(plan_, guard, error_pipe[1], join_group);
    ::close(error_pipe[1]);
    StartError error{};
    if (::read(error_pipe[0], &error, sizeof error) == sizeof error) fail(error);
    ::close(error_pipe[0]);
  }

  [[noreturn]] void fail(StartError error) {
    if (program_ > 0) ::wait4(program_, nullptr, 0, nullptr);
    report({.kind = GuardReport::Kind::kNotStarted, .step = error.step, .error = error.error});
    ::_exit(127);
  }

  void drain_children() {
    signalfd_siginfo one;
    while (::read(children_, &one, sizeof one) > 0) {
    }
    reap();
  }

  // False when no child is left at all.
  bool reap() {
    for (;;) {
      int status = 0;
      const pid_t pid = ::wait4(-1, &status, WNOHANG, nullptr);
      if (pid <= 0) return pid == 0;
      if (pid != program_ || ended_) continue;
      ended_ = true;
      status_ = status;
    }
  }

  void obey() {
    int signal = 0;
    if (::recv(plan_.control, &signal, sizeof signal, MSG_DONTWAIT) != sizeof signal) {
      kill_tree();
      ::_exit(1);
    }
    asked_ = true;
    if (signal == SIGKILL) {
      kill_tree();
    } else if (!ended_) {
      const pid_t heard_by = plan_.foreground ? program_ : -program_;
      ::kill(heard_by, signal);
      if (!plan_.foreground) ::kill(heard_by, SIGCONT);
    }
  }

  // Waits until nothing is left, at most so long; false when something is.
  bool wait_for_all(int limit_ms) {
    const std::int64_t deadline = now_ms() + limit_ms;
    for (;;) {
      if (!reap()) return true;
      const std::int64_t left = deadline - now_ms();
      if (left <= 0) return false;
      pollfd ready{children_, POLLIN, 0};
      if (::poll(&ready, 1, static_cast<int>(left)) > 0) drain_children();
    }
  }

  void kill_group() {
    if (plan_.cgroup < 0) return;
    const int fd = ::openat(plan_.cgroup, "cgroup.kill", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    (void)!::write(fd, "1", 1);
    ::close(fd);
  }

  // Returns how many were alive.
  int kill_tree() {
    int killed = 0;
    const std::int64_t deadline = now_ms() + kKillMs;
    do {
      int alive = 0;
      for (const Process& process : descendants(::getpid(), space_)) {
        if (process.zombie) continue;
        ++alive;
        ::kill(process.pid, SIGKILL);
      }
      killed = std::max(killed, alive);
      kill_group();
      if (wait_for_all(10)) return killed;
    } while (now_ms() < deadline);
    unkilled_ = true;
    return killed;
  }

  [[noreturn]] void end() {
    int left = 0;
    if (!plan_.foreground && !wait_for_all(kLeaveMs)) left = kill_tree();
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    report({.kind = GuardReport::Kind::kEnded,
            .status = status_,
            .cpu_usec = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * std::int64_t{1'000'000} +
                        used.ru_utime.tv_usec + used.ru_stime.tv_usec,
            .left_behind = asked_ ? 0 : left,
            .left_unkilled = unkilled_});
    ::_exit(0);
  }

  static Process space_[kMostProcesses];  // untouched, and so without memory, until something is left behind

  const GuardPlan& plan_;
  int children_ = -1;  // readable when a child has ended
  pid_t program_ = 0;
  bool asked_ = false;  // to end
  bool ended_ = false;
  bool unkilled_ = false;
  int status_ = 0;
};

Process GuardProcess::space_[kMostProcesses];

}  // namespace

void run_guard(const GuardPlan& plan) { GuardProcess(plan).run(); }

}  // namespace sm2::runner
