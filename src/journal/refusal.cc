#include "journal/refusal.h"

#include <fmt/core.h>

namespace sm2::journal {
namespace {

using Refusal = std::optional<std::string>;
using trial::Wish;

// A study that is being paused may be resumed as well: it goes on when that is done.
Refusal refused(Wish wish, std::string_view study, bool paused) {
  if (wish == Wish::kPause && paused) return fmt::format("study '{}' is paused already", study);
  return {};
}

Refusal refused(Wish wish, const Trial& trial) {
  if (ended(trial)) return fmt::format("trial {} has ended: it is {}", trial.id, name(trial.state));
  if (trial.wish == Wish::kStop) return fmt::format("trial {} is to stop already", trial.id);
  if (wish == Wish::kResume && trial.wish != Wish::kPause)
    return fmt::format("trial {} is not paused by a user; when it goes on is up to the strategy", trial.id);
  if (wish == trial.wish) return fmt::format("trial {} is to pause already", trial.id);
  return {};
}

}  // namespace

Refusal refusal(const trial::Request& request, std::string_view study, const StudyState& state,
                bool tuner_alive) {
  if (!tuner_alive) {
    return state.closed == "finished"
               ? fmt::format("study '{}' is finished", study)
               : fmt::format("no tuner works on study '{}'; sm2 tune goes on with it", study);
  }
  const bool paused = state.closed == "paused";
  if (!request.trial) return refused(request.wish, study, paused);
  const auto trial = state.trials.find(*request.trial);
  if (trial == state.trials.end()) return fmt::format("study '{}' has no trial {}", study, *request.trial);
  if (paused) return fmt::format("study '{}' is paused as a whole; resume it first", study);
  return refused(request.wish, trial->second);
}

}  // namespace sm2::journal
