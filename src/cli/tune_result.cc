#include "cli/tune_result.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/units.h"
#include "cli/interrupts.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "journal/stores.h"
#include "report/conclusion.h"
#include "report/event_json.h"
#include "report/printable.h"
#include "report/shell_quote.h"

namespace sm2::cli {
namespace {

constexpr int kNoUsableTrial = 1, kBudgetSpent = 3;

int status_of(const study::Conclusion& conclusion, bool usable) {
  if (conclusion.state == "interrupted") return kInterrupted;
  if (usable) return 0;
  return conclusion.state == "budget" ? kBudgetSpent : kNoUsableTrial;
}

std::string store_option(const TuneOptions& wanted) {
  return wanted.store == kDefaultStore
             ? ""
             : " --store " + report::shell_quote(journal::shown_store(wanted.store));
}

// The command that goes on.
std::string again(const TuneOptions& wanted) {
  return report::printable("sm2 tune " + report::shell_quote(wanted.from_store ? "STUDY.toml" : wanted.file) +
                           store_option(wanted));
}

// What people read before and after the result.
std::string before(const study::Conclusion& conclusion) {
  return conclusion.winner || conclusion.state != "finished"
             ? ""
             : fmt::format("\n{}; the best of what was trained:\n", report::printable(conclusion.reason));
}

// Trials that were running, and said more than the checkpoint holds with which they go on.
std::ptrdiff_t to_train_again(const journal::StudyState& state) {
  return std::ranges::count_if(state.trials, [](const auto& one) {
    const auto& [id, trial] = one;
    return trial.state == journal::TrialState::kRunning && trial.resource > trial.checkpoint_resource;
  });
}

std::string interrupted(const TuneOptions& wanted, const journal::StudyState& state,
                        const study::Conclusion& conclusion) {
  if (conclusion.unstored > base::Seconds(0)) {
    return fmt::format(
        "\ninterrupted; the store could not take what happened in the last {}: {} goes on from before that\n",
        base::format(conclusion.unstored), again(wanted));
  }
  const auto count = to_train_again(state);
  if (count == 0) return fmt::format("\ninterrupted; nothing is lost: {} goes on\n", again(wanted));
  return fmt::format(
      "\ninterrupted; every report is stored, and {} again what no checkpoint holds: {} goes on\n",
      count == 1 ? "1 trial trains" : fmt::format("{} trials train", count), again(wanted));
}

std::string told(const TuneOptions& wanted, const journal::StudyState& state,
                 const study::Conclusion& conclusion, const std::string& result) {
  if (conclusion.state == "interrupted") return interrupted(wanted, state, conclusion);
  std::string all = result.empty() ? "" : before(conclusion) + "\n" + result;
  if (conclusion.state == "budget")
    all += fmt::format("\n{}; a larger budget goes on from here\n", report::printable(conclusion.reason));
  return all;
}

}  // namespace

std::string command_on_study(const TuneOptions& wanted, std::string_view command, const std::string& study) {
  return report::printable(
      fmt::format("sm2 {} {}{}", command, report::shell_quote(study), store_option(wanted)));
}

int conclude(const TuneOptions& wanted, const config::Spec& spec, journal::StudyState state,
             const study::Conclusion& conclusion) {
  const report::Study study{spec.name, spec, std::move(state), false};
  const std::string result = report::conclusion_text(study);
  const int status = status_of(conclusion, !result.empty());
  if (wanted.json) {
    put(stdout, report::ended_json(study, conclusion.state, conclusion.reason, status) + "\n");
  } else {
    put(stdout, told(wanted, study.state, conclusion, result));
  }
  if (result.empty() && conclusion.state == "finished") {
    fail("tune", fmt::format("no trial was usable; sm2 trials {}{} says why, and {} holds their output",
                             spec.name, store_option(wanted),
                             (journal::trials_folder(wanted.store, spec.name) / "*" / "log").string()));
  }
  return status;
}

}  // namespace sm2::cli
