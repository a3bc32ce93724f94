#include "report/summary.h"

#include <fmt/format.h>

#include <cmath>
#include <tuple>

#include "config/command.h"
#include "report/shell_quote.h"
#include "report/stretches.h"

namespace sm2::report {
namespace {

using journal::Trial;
using journal::TrialState;

// Of one that is to train: whether it has begun to, and does not.
bool stands_still(const Trial& trial, bool tuner_alive) {
  return !tuner_alive || (!trial.process_running && trial.seconds > base::Seconds(0));
}

bool held(const Trial& trial, bool tuner_alive) {
  return trial.wish == trial::Wish::kPause && stands_still(trial, tuner_alive);
}

int& counter(Counts& counts, const Trial& trial, bool tuner_alive) {
  switch (trial.state) {
    case TrialState::kRunning:
      if (held(trial, tuner_alive)) return counts.paused;
      return stands_still(trial, tuner_alive) ? counts.interrupted : counts.running;
    case TrialState::kPaused:
      return counts.paused;
    case TrialState::kFinished:
      return counts.finished;
    case TrialState::kStopped:
      return counts.stopped;
    case TrialState::kFailed:
      return counts.failed;
  }
  return counts.failed;
}

bool dropped(const Trial& trial) {
  return trial.state == TrialState::kStopped || trial.state == TrialState::kFailed;
}

// Better first: metric, then less energy, then the earlier trial.
std::optional<trial::TrialId> best_metric(const config::Spec& spec, const journal::StudyState& state) {
  using Rank = std::tuple<double, double, int>;
  std::optional<Rank> best;
  for (const auto& [id, trial] : state.trials) {
    const auto value = metric(spec, trial);
    if (!journal::eligible(trial) || !value || !std::isfinite(*value)) continue;
    const double joules = trial::total(trial.energy).value_or(base::Joules(INFINITY)).value;
    const Rank rank{-config::oriented(spec.metric, *value), joules, id};
    if (!best || rank < *best) best = rank;
  }
  if (!best) return {};
  return std::get<2>(*best);
}

void add(journal::Footprint& sum, const journal::Footprint& more) {
  sum.grams += more.grams;
  sum.without_grid += more.without_grid;
  for (const auto& [currency, amount] : more.cost) sum.cost[currency] += amount;
  sum.without_price += more.without_price;
}

void count_energy(const Trial& trial, bool lost, Summary& summary) {
  const Spent spent = used(trial);
  summary.total = summary.total + spent;
  if (lost) summary.dropped = summary.dropped + spent;
  if (lost) add(summary.dropped_footprint, trial.footprint);
  if (!spent.joules) {
    ++summary.unknown;
    return;
  }
  summary.known = summary.known + spent;
  if (lost) summary.known_dropped = summary.known_dropped + spent;
}

}  // namespace

Summary summarize(const config::Spec& spec, const journal::StudyState& state, bool tuner_alive) {
  constexpr base::Joules kNothing{0};
  Summary summary;
  summary.total = summary.dropped = summary.known = summary.known_dropped = {kNothing, kNothing};
  for (const auto& [id, trial] : state.trials) {
    ++counter(summary.trials, trial, tuner_alive);
    count_energy(trial, dropped(trial) && state.winner != id, summary);
  }
  summary.energy = journal::total_energy(state);
  if (summary.total.joules && summary.dropped.joules && summary.total.joules->value > 0) {
    summary.dropped_share = *summary.dropped.joules / *summary.total.joules;
  }
  const auto winner = state.winner ? state.trials.find(*state.winner) : state.trials.end();
  summary.decided = winner != state.trials.end();
  if (!summary.decided) {
    summary.best = best_metric(spec, state);
    summary.exploring = summary.total;
    return summary;
  }
  summary.best = winner->first;
  summary.winner = used(winner->second);
  if (const auto parts = stretches(winner->second); !parts.empty()) summary.training = parts.back().spent;
  summary.exploring = summary.total - summary.training;
  return summary;
}

bool weighs(const config::Spec& spec) { return spec.strategy == "sm2" || spec.strategy == "sm2-classic"; }

Spent used(const Trial& trial) {
  const bool ran = trial.process_running || trial.seconds.value > 0 || !trial.evaluations.empty();
  if (trial.energy.empty() && !ran) return {base::Joules(0), base::Joules(0)};
  return spent(trial.energy);
}

std::optional<double> metric(const config::Spec& spec, const trial::Evaluation& evaluation) {
  const auto found = evaluation.metrics.find(spec.metric.name);
  if (found == evaluation.metrics.end()) return {};
  return found->second;
}

std::optional<double> metric(const config::Spec& spec, const Trial& trial) {
  if (trial.evaluations.empty()) return {};
  return metric(spec, trial.evaluations.back());
}

std::string study_state(const journal::StudyState& state, bool tuner_alive) {
  const bool paused = state.closed == "paused";
  if (tuner_alive) return paused ? "paused" : "running";
  return paused ? "interrupted" : state.closed.value_or("interrupted");
}

std::string closed_reason(const journal::StudyState& state, bool tuner_alive) {
  const bool paused = state.closed == "paused";
  return state.closed && (tuner_alive || !paused) ? state.closed_reason : "";
}

std::string_view trial_state(const Trial& trial, bool tuner_alive) {
  if (trial.state != TrialState::kRunning) return journal::name(trial.state);
  if (held(trial, tuner_alive)) return journal::name(TrialState::kPaused);
  return stands_still(trial, tuner_alive) ? "interrupted" : journal::name(trial.state);
}

std::string settings(const Trial& trial) {
  return trial.segments.empty() ? space::describe(trial.configuration)
                                : trial::describe(trial.segments.back().train);
}

std::vector<std::string> command(const config::Spec& spec, const Trial& trial) {
  return config::substitute(spec.command, trial.configuration);
}

std::string command_line(const config::Spec& spec, const Trial& trial) {
  return shell_quote(command(spec, trial));
}

std::string text(const Counts& counts) {
  std::string parts;
  const auto add = [&](int count, std::string_view state) {
    if (count > 0) parts += fmt::format("{}{} {}", parts.empty() ? ": " : ", ", count, state);
  };
  add(counts.finished, "finished");
  add(counts.running, "running");
  add(counts.interrupted, "interrupted");
  add(counts.paused, "paused");
  add(counts.stopped, "stopped");
  add(counts.failed, "failed");
  return fmt::format("{}{}", counts.all(), parts);
}

}  // namespace sm2::report
