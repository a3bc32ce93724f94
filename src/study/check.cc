#include "study/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/host_name.h"
#include "config/study_file.h"
#include "journal/rules.h"
#include "journal/state.h"
#include "strategy/table.h"
#include "study/checkpoint_copy.h"
#include "study/lock.h"
#include "study/replay.h"
#include "study/warm_start.h"

namespace sm2::study {
namespace {

namespace fs = std::filesystem;
using journal::TrialState;

constexpr const char* kRestore =
    "sm2 does not write this: the store was changed or damaged by something else. A copy made by sm2 backup "
    "can take its place";
constexpr const char* kUnread =
    "The study can be neither shown nor gone on with. A copy made by sm2 backup can take the store's place; "
    "what a newer sm2 wrote "
    "is read by that version";
constexpr const char* kNoFile = "The study cannot be shown by this version of sm2; use the one that began it";
constexpr const char* kOtherDecisions =
    "It can be shown and exported, and gone on with by the version of sm2 that began it";
constexpr const char* kNoCheckpoint =
    "When the study goes on, the trial's program finds no checkpoint and may fail. Put the file back, or "
    "begin the study anew under "
    "another name";
constexpr const char* kNoFolder =
    "A copy of a store has no checkpoints. To go on with the study, put the copy where the store was, beside "
    "that folder";
constexpr const char* kLeftOver =
    "Nothing will ever use it, as when an older copy of the store was put back; it can be removed";

// The strategy, asked again, decides what the journal says.
base::Result<> replays(journal::Store& store, const config::Spec& stored, const journal::Journal& journal,
                       const journal::StudyState& state) {
  config::Spec spec = stored;
  auto options = strategy_options(spec, state, store, [](const std::string&) {});
  if (!options) return tl::unexpected(options.error());
  spec.options = *std::move(options);
  const auto strategy = strategy::make(spec.strategy, spec.space, spec.options);
  if (!strategy) return tl::unexpected(strategy.error());
  Comparable comparable;
  Verdicts verdicts(spec, **strategy, comparable);
  const auto replayed = replay(journal, **strategy, comparable, verdicts, spec.metric.name);
  return replayed ? base::Result<>() : tl::unexpected(replayed.error());
}

bool goes_on(const journal::Trial& trial) {
  return trial.state == TrialState::kRunning || trial.state == TrialState::kPaused;
}

void check_checkpoints(const journal::StudyState& state, const fs::path& folder,
                       std::vector<Problem>& problems) {
  if (state.closed == "finished") return;
  const bool wanted = std::ranges::any_of(
      state.trials, [](const auto& one) { return goes_on(one.second) && one.second.checkpoint; });
  if (std::error_code error; wanted && !fs::exists(folder, error)) {
    if (state.host != base::host_name()) return;  // of a store that machines share: it lies on the other one
    problems.push_back(
        {0, fmt::format("the folder of its trials, {}, is not there", folder.string()), kNoFolder});
    return;
  }
  for (const auto& [id, trial] : state.trials) {
    if (!goes_on(trial) || !trial.checkpoint) continue;
    const fs::path place = checkpoint_place(folder, trial.checkpoint_of.value_or(id), *trial.checkpoint);
    if (std::error_code error; !fs::exists(place, error))
      problems.push_back(
          {0, fmt::format("trial {}: its checkpoint {} is not there", id, place.string()), kNoCheckpoint});
  }
}

void check_leftovers(const journal::StudyState& state, const fs::path& folder,
                     std::vector<Problem>& problems) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const bool number = !name.empty() && name.size() < 9 &&
                        std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    if (number && !state.trials.contains(std::stoi(name)))
      problems.push_back(
          {0, fmt::format("{} belongs to no trial of the study", entry.path().string()), kLeftOver});
  }
}

}  // namespace

Checked check(journal::Store& store, const std::string& study, const fs::path& folder) {
  Checked found;
  const bool alive = tuner_alive(folder) || store.claimed(study);
  const auto journal = store.open(study);
  journal::Inspection inspection;
  const auto inspect = [&](const trial::Event& event) -> base::Result<> {
    if (auto breach = inspection.next(event))
      found.problems.push_back({breach->event, std::move(breach->what), kRestore});
    return {};
  };
  const auto seen = journal ? (*journal)->visit(inspect) : tl::unexpected(journal.error());
  if (!seen) return {0, {{0, seen.error().message, kUnread}}};
  const journal::StudyState& state = inspection.state();
  found.events = state.events;
  if (state.events == 0) return found;
  const auto spec = config::parse_study(state.file, "its study file");
  if (!spec) {
    found.problems.push_back({0, spec.error().message, kNoFile});
  } else if (found.problems.empty()) {
    if (const auto same = replays(store, *spec, **journal, state); !same)
      found.problems.push_back({0, same.error().message, kOtherDecisions});
  }
  if (alive) return found;
  check_checkpoints(state, folder, found.problems);
  check_leftovers(state, folder, found.problems);
  return found;
}

}  // namespace sm2::study
