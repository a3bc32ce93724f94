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
constexpr std::array<std::string_view, 21> kMemoryMessages = {
    "out of memory",              // CUDA, HIP, MPS, JAX, Go, the shell
    "outofmemory",                // torch, cudaErrorOutOfMemory, hipErrorOutOfMemory, Java, Julia
    "out_of_memory",              // CUDA's driver
    "out_of_device_memory",       // Level Zero, Vulkan
    "cudaerrormemoryallocation",  // CUDA's runtime
    "_status_alloc_failed",       // cuBLAS, cuDNN
    "resource_exhausted",         // JAX, XLA
    "resourceexhausted",          // TensorFlow
    "oom when allocating",        // TensorFlow
    "memoryerror",                // Python, NumPy
    "std::bad_alloc",             // C++
    "cannot allocate memory",     // ENOMEM
    "cannot allocate vector",     // R
    "can't allocate memory",      // torch on a CPU
    "not enough memory",          // torch on a CPU, Lua
    "could not create a memory",  // oneDNN
    "memory allocation error",    // XGBoost
    "memory allocation still",    // OpenBLAS
    "memory allocation of",       // Rust
    "memory exhausted",           // awk, gcc
    "oom_kill event",             // Slurm
};

// Lines that hold such words and mean something else.
constexpr std::array<std::string_view, 2> kOtherMeanings = {
    "not a failure",  // TensorFlow's allocator, which then does with less
    "statuscode.",    // gRPC: a message that is too large
};

// Where a report of what a program died of begins.
constexpr std::array<std::string_view, 2> kReports = {"traceback (most recent call last)",
                                                      "terminate called after throwing"};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

template <class Words>
bool holds_any(std::string_view line, const Words& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return line.find(word) != line.npos; });
}

// "RuntimeError: ...", as Python ends a report; also behind "[rank0]: " and the like. In lower case.
bool is_an_errors_own(std::string_view line) {
  if (line.starts_with('['))
    line.remove_prefix(std::min(line.find("]: ") + 3, line.size()));  // npos + 3 is 2
  const std::size_t end = line.find_first_of(": ");
  const std::string_view name = line.substr(0, end);
  return (end == line.npos || line[end] == ':') && (name.ends_with("error") || name.ends_with("exception"));
}

// The last line that says so of the program's end. A program may print that something did not fit, go on with less, and
// die of something else: what stands before the last report of an error counts only where it is an error itself (one
// of several processes, or the cause of the last).
std::optional<std::string> memory_message(const std::string& output) {
  const std::string lower = lower_case(output);
  std::size_t report = 0;
  for (const auto words : kReports) {
    if (const std::size_t at = lower.rfind(words); at != lower.npos) report = std::max(report, at);
  }
  for (std::size_t end = lower.size(); end != 0;) {
    const std::size_t before = lower.find_last_of("\r\n", end - 1);
    const std::size_t begin = before + 1;  // npos + 1 is 0
    const std::string_view line = std::string_view(lower).substr(begin, end - begin);
    if (holds_any(line, kMemoryMessages) && !holds_any(line, kOtherMeanings) &&
        (begin >= report || is_an_errors_own(line))) {
      return printable(std::string_view(output).substr(begin, end - begin));
    }
    end = begin == 0 ? 0 : before;
  }
  return std::nullopt;
}

trial::Outcome as_asked(trial::Action action) {
  if (action == trial::Action::kPause) return trial::Paused{};
  return trial::Stopped{};
}

}  // namespace

trial::Outcome judge(const Observed& observed) {
  if (observed.over_limit) return *observed.over_limit;
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
