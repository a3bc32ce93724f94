#include "report/standing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/units.h"
#include "report/charges.h"
#include "report/figures.h"
#include "report/printable.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

constexpr std::size_t kLabel = 9;  // columns, two of them between it and the text
constexpr std::size_t kLinesEach = 2;

using Parts = std::vector<std::string>;

std::string joined(const Parts& parts) { return fmt::format("{}", fmt::join(parts, " | ")); }

Parts trials(const journal::StudyState& state, const Counts& counts) {
  std::string text =
      fmt::format("{} finished, {} running, {} dropped", counts.finished, counts.running, counts.stopped);
  if (counts.paused > 0) text += fmt::format(", {} paused", counts.paused);
  if (counts.failed > 0) text += fmt::format(", {} failed", counts.failed);
  int rung = 0;
  for (const auto& [id, trial] : state.trials) rung = std::max(rung, trial.rung());
  return {text, fmt::format("rung {}", rung), base::format(state.active)};
}

// "1.20 kJ +- 0.60 (cpu-model, modelled)"
std::string spent(const Summary& summary) {
  const int all = summary.trials.all();
  const bool some = summary.unknown < all || all == 0;
  std::string said = some ? text(summary.known) : "energy unknown";
  if (some && summary.unknown > 0) said += fmt::format(" (unknown for {})", summary.unknown);
  return summary.energy.empty() ? said : fmt::format("{} ({})", said, provenance(summary.energy));
}

Parts energy(const config::Spec& spec, const journal::StudyState& state, const Summary& summary,
             const Live& live) {
  Parts parts = {spent(summary)};
  if (live.watts && summary.trials.running > 0) parts.push_back(base::format(*live.watts) + " now");
  if (spec.budget.energy) {
    const Spent left = Spent{*spec.budget.energy, base::Joules(0)} - summary.total;
    parts.push_back(fmt::format("{} left of {}", text(left.joules), base::format(*spec.budget.energy)));
  }
  if (spec.budget.carbon) {
    parts.push_back(fmt::format("{} of {}", carbon_text(state, summary.total.joules),
                                footprint::format_carbon(*spec.budget.carbon)));
  }
  if (spec.budget.cost) {
    parts.push_back(fmt::format("{} of {}", cost_text(state, summary.total.joules),
                                footprint::format_cost(*spec.budget.cost)));
  }
  return parts;
}

std::string running(const config::Spec& spec, const journal::Trial& trial) {
  const trial::Train& train = trial.segments.back().train;
  return fmt::format("trial {}: {} of {}, {}", trial.id, number_text(trial.resource),
                     resource_text(train.until, spec.resource.unit), trial::describe(train));
}

Parts running(const config::Spec& spec, const journal::StudyState& state) {
  constexpr std::size_t kNamed = 2;
  Parts parts;
  std::size_t count = 0;
  for (const auto& [id, trial] : state.trials) {
    if (trial.state != journal::TrialState::kRunning || trial.segments.empty()) continue;
    if (++count <= kNamed) parts.push_back(running(spec, trial));
  }
  if (count > kNamed) parts.push_back(fmt::format("and {} more", count - kNamed));
  return parts;
}

Parts best(const config::Spec& spec, const journal::StudyState& state, const Summary& summary) {
  if (!summary.best) return {};
  const journal::Trial& best = state.trials.at(*summary.best);
  return {fmt::format("{} {}", spec.metric.name, metric_text(metric(spec, best))),
          fmt::format("trial {}: {}", best.id, space::describe(best.configuration))};
}

}  // namespace

std::string status(const config::Spec& spec, const journal::StudyState& state, const Live& live) {
  const Summary summary = summarize(spec, state, true);
  Parts parts = trials(state, summary.trials);
  for (std::string& part : energy(spec, state, summary, live)) parts.push_back(std::move(part));
  if (const Parts found = best(spec, state, summary); !found.empty())
    parts.push_back(fmt::format("best {} ({})", found[0], found[1]));
  return printable(joined(parts));
}

std::vector<StandingLine> standing(const config::Spec& spec, const journal::StudyState& state,
                                   const Live& live, std::size_t width, std::size_t most) {
  const Summary summary = summarize(spec, state, true);
  const std::pair<std::string, Parts> subjects[] = {{"trials", trials(state, summary.trials)},
                                                    {"energy", energy(spec, state, summary, live)},
                                                    {"best", best(spec, state, summary)},
                                                    {"running", running(spec, state)},
                                                    {"ahead", ahead(spec, state, live)}};
  const std::size_t room = width > kLabel ? width - kLabel : 1;
  std::vector<StandingLine> lines;
  for (const auto& [label, parts] : subjects) {
    std::vector<std::string> wrapped = wrap(printable(joined(parts)), room);
    for (std::size_t at = 0; at < std::min(wrapped.size(), kLinesEach); ++at) {
      if (lines.size() == most) return lines;
      const bool cut = at + 1 == kLinesEach && wrapped.size() > kLinesEach;
      lines.push_back({fmt::format("{:<{}}", at == 0 ? label : "", kLabel),
                       shorten(cut ? wrapped[at] + " " + wrapped[at + 1] : wrapped[at], room)});
    }
  }
  return lines;
}

}  // namespace sm2::report
