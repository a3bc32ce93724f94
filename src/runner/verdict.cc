#include "runner/verdict.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "runner/log.h"

namespace sm2::runner {
namespace {

constexpr int kShellTerminated = 128 + SIGTERM;
constexpr int kShellKilled = 128 + SIGKILL;

// What libraries write before they give up, in lower case.
constexpr std::array<std::string_view, 8> kMemoryMessages = {
    "out of memory",           // CUDA, HIP, the shell
    "outofmemoryerror",        // torch
    "memoryerror",             // Python, NumPy
    "std::bad_alloc",          // C++
    "cannot allocate memory",  // ENOMEM
    "can't allocate memory",   // torch on a CPU
    "resource_exhausted",      // TensorFlow, JAX
    "_status_alloc_failed",    // cuBLAS, cuDNN
};

// The last line that holds one of the messages.
std::optional<std::string> memory_message(const std::string& output) {
  std::string lower = output;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::size_t last = std::string::npos;
  for (const auto message : kMemoryMessages) {
    const std::size_t at = lower.rfind(message);
    if (at != std::string::npos && (last == std::string::npos || at > last)) last = at;
  }
  if (last == std::string::npos) return std::nullopt;
  const std::size_t begin = output.find_last_of("\r\n", last) + 1;  // npos + 1 is 0
  return printable(std::string_view(output).substr(begin, output.find_first_of("\r\n", last) - begin));
}

trial::Outcome as_asked(trial::Action action) {
  if (action == trial::Action::kPause) return trial::Paused{};
  return trial::Stopped{};
}

}  // namespace

trial::Outcome judge(const Observed& observed) {
  if (observed.timed_out) return *observed.timed_out;
  const int exited = WIFEXITED(observed.status) ? WEXITSTATUS(observed.status) : -1;
  const int signal = WIFSIGNALED(observed.status) ? WTERMSIG(observed.status) : 0;
  if (observed.asked) {
    const bool by_term = observed.terminated && (signal == SIGTERM || exited == kShellTerminated);
    const bool by_kill = observed.killed && signal == SIGKILL;
    if (exited == 0 || by_term || by_kill) return as_asked(*observed.asked);
  }
  if (exited == 0) return trial::Completed{};
  const bool killed_for_memory = observed.oom_kill && (signal == SIGKILL || exited == kShellKilled);
  if (observed.own_oom_kill || killed_for_memory) return trial::OutOfMemory{"killed by the kernel"};
  if (const auto message = memory_message(observed.output)) return trial::OutOfMemory{*message};
  const std::string detail = last_line(observed.output);
  if (exited > 0) return trial::Failed{exited, detail};
  return trial::Killed{signal, detail};
}

}  // namespace sm2::runner
