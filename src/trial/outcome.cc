#include "trial/outcome.h"

#include <fmt/format.h>
#include <string.h>

#include <array>

#include "base/match.h"
#include "base/units.h"

namespace sm2::trial {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Outcome>> kNames = {
    "completed",     "paused",    "stopped",  "interrupted", "failed",   "killed",
    "out-of-memory", "timed-out", "diverged", "exceeded",    "withdrawn"};

std::string with(std::string text, const std::string& detail) {
  return detail.empty() ? text : text + ": " + detail;
}

}  // namespace

std::string_view name(const Outcome& outcome) { return kNames[outcome.index()]; }

std::string describe(const Outcome& outcome) {
  return std::visit(
      base::Match{[](const Completed&) { return std::string("completed"); },
                  [](const Paused&) { return std::string("paused"); },
                  [](const Stopped& stopped) { return with("stopped", stopped.reason); },
                  [](const Interrupted&) { return std::string("interrupted"); },
                  [](const Failed& failed) {
                    if (failed.exit_code == 0) return with("failed", failed.detail);
                    return with(fmt::format("failed with exit status {}", failed.exit_code), failed.detail);
                  },
                  [](const Killed& killed) {
                    const char* signal = sigabbrev_np(killed.signal);
                    const std::string named =
                        signal ? fmt::format("SIG{}", signal) : fmt::format("{}", killed.signal);
                    return with(fmt::format("killed by signal {}", named), killed.detail);
                  },
                  [](const OutOfMemory& memory) { return with("out of memory", memory.detail); },
                  [](const TimedOut& timed_out) {
                    return fmt::format("timed out: limit {} reached after {}", timed_out.limit,
                                       base::format(timed_out.after));
                  },
                  [](const Diverged& diverged) { return with("diverged", diverged.detail); },
                  [](const Exceeded& exceeded) {
                    return with(fmt::format("limit {} exceeded", exceeded.limit), exceeded.detail);
                  },
                  [](const Withdrawn&) { return std::string("stopped by the user"); }},
      outcome);
}

bool usable(const Outcome& outcome) {
  return std::holds_alternative<Completed>(outcome) || std::holds_alternative<Paused>(outcome) ||
         std::holds_alternative<Stopped>(outcome);
}

}  // namespace sm2::trial
