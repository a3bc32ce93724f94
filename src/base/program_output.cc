// Three processes: this one reads; a guard starts the program, waits for it and leaves nothing of its process group
// behind, whatever ends first; and the program. The guard is told to stop by SIGTERM, which it also gets when this
// process dies. A program is judged by its end, not by the end of its pipes, which its children may hold open.
#include "base/program_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/descriptor.h"
#include "base/units.h"

namespace sm2::base {
namespace {

constexpr int kAboveStandard = 10;        // pipes get higher numbers, where dup2 cannot overwrite them
constexpr int kReport = 3;                // the guard's end of the pipe on which it reports
constexpr std::size_t kErrorTail = 4096;  // bytes of standard error that are kept
constexpr std::size_t kErrorLine = 200;
constexpr Seconds kToKill{2};  // what the guard has to leave nothing behind
constexpr int kReapUs = 200;

Descriptor raised(int low) {
  Descriptor fd(low);
  return Descriptor(low < 0 ? -1 : ::fcntl(low, F_DUPFD_CLOEXEC, kAboveStandard));
}

struct Pipe {
  Descriptor read, write;

  // False with errno where there are no descriptors left.
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read = raised(ends[0]);
    write = raised(ends[1]);
    return read && write && ::fcntl(read.get(), F_SETFL, O_NONBLOCK) == 0;
  }
};

// ---- put together before the fork: after it nothing may be allocated ----

struct Plan {
  std::vector<std::string> places;  // where the program may be, tried in turn
  std::vector<char*> arguments;
  int input = -1, output = -1, error = -1, report = -1;
  pid_t reader = 0;
};

std::vector<std::string> places(const std::string& name) {
  if (name.find('/') != std::string::npos) return {name};
  const char* variable = std::getenv("PATH");
  const std::string_view path = variable ? variable : "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> found;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find(':', at), path.size());
    const std::string folder(path.substr(at, end - at));
    found.push_back((folder.empty() ? "." : folder) + "/" + name);
    at = end + 1;
  }
  return found;
}

// ---- in the program's process, up to exec ----

void reset_signals() {
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_program(const Plan& plan, pid_t guard) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != guard) ::_exit(127);
  ::setpgid(0, 0);
  reset_signals();
  int reason = ENOENT;  // of all places, the one that says most
  for (const std::string& place : plan.places) {
    ::execve(place.c_str(), plan.arguments.data(), environ);
    if (errno != ENOENT && errno != ENOTDIR) reason = errno;
  }
  (void)!::write(kReport, &reason, sizeof reason);
  ::_exit(127);
}

// ---- in the guard's process ----

// Every process of the group is the guard's child, or becomes it when its own parent dies.
[[noreturn]] void kill_and_end(pid_t group) {
  ::kill(-group, SIGKILL);
  while (::waitpid(-group, nullptr, 0) > 0 || errno == EINTR) {
  }
  ::_exit(0);
}

[[noreturn]] void guard(const Plan& plan) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  if (::getppid() != plan.reader) ::_exit(0);
  ::setpgid(0, 0);  // out of the reach of the terminal
  struct sigaction standard{};
  standard.sa_handler = SIG_DFL;
  for (const int signal : {SIGCHLD, SIGTERM}) ::sigaction(signal, &standard, nullptr);
  ::dup2(plan.input, STDIN_FILENO);
  ::dup2(plan.output, STDOUT_FILENO);
  ::dup2(plan.error, STDERR_FILENO);
  ::dup3(plan.report, kReport, O_CLOEXEC);
  ::close_range(kReport + 1, ~0u, 0);  // before Linux 5.9: they stay open here, and are closed on exec

  const pid_t self = ::getpid();
  const pid_t program = ::_Fork();
  if (program == 0) become_program(plan, self);
  if (program < 0) {
    const int reason = errno;
    (void)!::write(kReport, &reason, sizeof reason);
    ::_exit(0);
  }
  ::setpgid(program, program);
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGCHLD);
  ::sigaddset(&awaited, SIGTERM);
  for (;;) {
    if (::sigwaitinfo(&awaited, nullptr) == SIGTERM) kill_and_end(program);
    siginfo_t ended{};  // it stays a zombie, so that its group's number stays taken
    if (::waitid(P_PID, static_cast<id_t>(program), &ended, WEXITED | WNOHANG | WNOWAIT) != 0) continue;
    if (ended.si_pid != program) continue;
    const std::array status = {ended.si_code == CLD_EXITED ? 0 : 1, ended.si_status};
    (void)!::write(kReport, status.data(), sizeof status);
    kill_and_end(program);
  }
}

// ---- in this process ----

class SignalsHeld {  // a handler of ours must not run in the guard
 public:
  SignalsHeld() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

std::string last_line(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  const std::size_t before = text.find_last_of("\r\n");
  if (before != std::string_view::npos) text.remove_prefix(before + 1);
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  return std::string(text.substr(0, kErrorLine));
}

class Reader {
 public:
  Reader(std::string name, Seconds timeout, std::size_t limit)
      : name_(std::move(name)), timeout_(timeout), limit_(limit), deadline_(clock_.monotonic() + timeout) {}

  Result<std::string> run(const std::vector<std::string>& arguments) {
    if (!start(arguments)) return fail("cannot start '{}': {}", name_, ::strerror(errno));
    while (report_pipe_ && output_.size() <= limit_ && left() > Seconds(0)) wait();
    const bool ended = !report_pipe_;
    drain();
    stop();
    if (output_.size() > limit_) return fail("'{}' printed more than {} bytes", name_, limit_);
    if (!ended) return fail("'{}' did not end within {:g} s{}", name_, timeout_.value, said());
    return result();
  }

 private:
  bool start(const std::vector<std::string>& arguments) {
    Pipe output, error, report;
    const Descriptor null = raised(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!null || !output.open() || !error.open() || !report.open()) return false;
    Plan plan{places(name_),      {},        null.get(), output.write.get(), error.write.get(),
              report.write.get(), ::getpid()};
    for (const std::string& argument : arguments)
      plan.arguments.push_back(const_cast<char*>(argument.c_str()));
    plan.arguments.push_back(nullptr);
    {
      const SignalsHeld held;
      guard_ = ::fork();
      if (guard_ == 0) guard(plan);
    }
    output_pipe_ = std::move(output.read);
    error_pipe_ = std::move(error.read);
    report_pipe_ = std::move(report.read);
    return guard_ > 0;
  }

  Seconds left() const { return deadline_ - clock_.monotonic(); }

  void wait() {
    std::array<pollfd, 3> ready = {
        {{output_pipe_.get(), POLLIN, 0}, {error_pipe_.get(), POLLIN, 0}, {report_pipe_.get(), POLLIN, 0}}};
    const int limit_ms = static_cast<int>(std::ceil(std::clamp(left().value, 0.0, 3600.0) * 1e3));
    if (::poll(ready.data(), ready.size(), limit_ms) <= 0) return;
    drain();
    if (ready[2].revents) read_report();
  }

  void drain() {
    read(output_pipe_, output_);
    read(error_pipe_, error_);
    if (error_.size() > 2 * kErrorTail) error_.erase(0, error_.size() - kErrorTail);
  }

  // What is there now, up to the limit, so that a flood is noticed.
  void read(Descriptor& pipe, std::string& into) const {
    std::array<char, 4096> part;
    for (std::size_t got = 0; pipe && got <= limit_;) {
      const ssize_t size = ::read(pipe.get(), part.data(), part.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return;
      if (size == 0) return pipe.reset();
      into.append(part.data(), static_cast<std::size_t>(size));
      got += static_cast<std::size_t>(size);
    }
  }

  // Why the program could not be started, one number, or how it ended, two: whether by a signal, and which or with
  // what status. After the first the second may follow at once.
  void read_report() {
    std::array<int, 3> words{};
    const ssize_t size = ::read(report_pipe_.get(), words.data(), sizeof words);
    if (size < 0) return;
    if (size == sizeof(int) || size == sizeof words) start_error_ = words[0];
    if (size == 2 * sizeof(int)) status_ = {words[0] != 0, words[1]};
    report_pipe_.reset();
  }

  // The guard leaves nothing behind, unless a process hangs in the kernel; that must not hold us up.
  void stop() {
    ::kill(guard_, SIGTERM);
    const Seconds until = clock_.monotonic() + kToKill;
    for (;;) {
      const pid_t reaped = ::waitpid(guard_, nullptr, WNOHANG);
      if (reaped > 0 || (reaped < 0 && errno != EINTR)) return;
      if (clock_.monotonic() > until) ::kill(guard_, SIGKILL);
      ::usleep(kReapUs);
    }
  }

  Result<std::string> result() const {
    if (start_error_) return fail("cannot start '{}': {}", name_, ::strerror(*start_error_));
    if (!status_) return fail("'{}' was lost: its guard was killed", name_);
    const auto [signalled, number] = *status_;
    if (signalled)
      return fail("'{}' was ended by signal {} ({}){}", name_, number, ::strsignal(number), said());
    if (number != 0) return fail("'{}' ended with status {}{}", name_, number, said());
    return output_;
  }

  std::string said() const {
    const std::string line = last_line(error_);
    return line.empty() ? "" : ": " + line;
  }

  SystemClock clock_;
  std::string name_;
  Seconds timeout_;
  std::size_t limit_;
  Seconds deadline_;
  pid_t guard_ = -1;
  Descriptor output_pipe_, error_pipe_, report_pipe_;
  std::string output_, error_;
  std::optional<int> start_error_;
  std::optional<std::pair<bool, int>> status_;  // whether by a signal, which or with what status
};

}  // namespace

Result<std::string> program_output(const std::vector<std::string>& arguments, Seconds timeout,
                                   std::size_t limit) {
  if (arguments.empty() || arguments.front().empty()) return fail("no program is named");
  return Reader(arguments.front(), timeout, limit).run(arguments);
}

Result<std::vector<std::string>> split_words(std::string_view line) {
  constexpr std::string_view kEscapedInQuotes = "\\\"$`";
  std::vector<std::string> words;
  std::string word;
  bool inside = false;  // a word; '' is one too
  char quote = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (quote == 0 && blank) {
      if (inside) words.push_back(std::exchange(word, {}));
      inside = false;
      continue;
    }
    inside = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c != '\\' || quote == '\'') {
      word += c;
    } else if (at + 1 == line.size()) {
      return fail("a backslash at the end escapes nothing: {}", line);
    } else {
      const char next = line[++at];
      if (quote == '"' && kEscapedInQuotes.find(next) == std::string_view::npos) word += '\\';
      word += next;
    }
  }
  if (quote != 0) return fail("a quote {} is not closed: {}", quote, line);
  if (inside) words.push_back(std::move(word));
  return words;
}

}  // namespace sm2::base
