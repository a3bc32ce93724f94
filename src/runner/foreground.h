// One command in the foreground, as time(1) runs it: the terminal, standard input and output are the
// caller's, and SIGINT, SIGTERM, SIGHUP and SIGQUIT that this process receives are passed on to the command
// for as long as the object lives. The command's end is the end of measuring: what it leaves running on
// purpose goes on, but when this process dies first, in whatever way, the command and its children are
// killed. One object at a time in a process, used by one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::runner {

class Foreground {
 public:
  // Fails when the command is not found or not executable; the message names it and the reason.
  static base::Result<std::unique_ptr<Foreground>> start(const std::vector<std::string>& command);

  ~Foreground();
  Foreground(const Foreground&) = delete;
  Foreground& operator=(const Foreground&) = delete;

  // CPU time of the command and everything it started, since its start: live while it runs, exact afterwards.
  // Never decreases. Nothing when it cannot be read.
  std::optional<base::Seconds> cpu_time() const;

  // The wait status (see waitpid(2): WIFEXITED, WEXITSTATUS, WTERMSIG) once the command has ended; nothing
  // when it still runs after `timeout`. May be called again after the end.
  std::optional<int> wait(base::Seconds timeout);

 private:
  struct State;
  explicit Foreground(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sm2::runner
