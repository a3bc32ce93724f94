#include "report/progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "report/charges.h"
#include "report/printable.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

constexpr base::Seconds kRedraw{0.1};
constexpr std::string_view kErase = "\r\x1b[K";

std::string_view colour(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kQuiet:
      return "\x1b[2m";
    case Tone::kHeading:
      return "\x1b[1m";
    case Tone::kGood:
      return "\x1b[1;32m";
    case Tone::kWarning:
      return "\x1b[33m";
    case Tone::kBad:
      return "\x1b[31m";
  }
  return "";
}

std::string energy_text(const config::Spec& spec, const Summary& summary) {
  std::string text = summary.unknown < summary.trials.all() || summary.trials.all() == 0
                         ? base::format(*summary.known.joules)
                         : "energy unknown";
  if (summary.unknown > 0 && summary.unknown < summary.trials.all()) {
    text += fmt::format(" (unknown for {})", summary.unknown);
  }
  if (spec.budget.energy) {
    text += " of " + base::format(*spec.budget.energy);
    const Spent left = Spent{*spec.budget.energy, base::Joules(0)} - summary.total;
    if (left.joules) text += ", " + report::text(left.joules) + " left";
  }
  return text;
}

// How much of the budgets of carbon and cost is spent.
std::string charges_text(const config::Budget& budget, const journal::StudyState& state,
                         const Summary& summary) {
  std::string text;
  if (budget.carbon) {
    text += fmt::format(" | {} of {}", carbon_text(state, summary.total.joules),
                        footprint::format_carbon(*budget.carbon));
  }
  if (budget.cost) {
    text += fmt::format(" | {} of {}", cost_text(state, summary.total.joules),
                        footprint::format_cost(*budget.cost));
  }
  return text;
}

}  // namespace

std::string status(const config::Spec& spec, const journal::StudyState& state) {
  const Summary summary = summarize(spec, state, true);
  std::string text = fmt::format("{} finished, {} running, {} dropped", summary.trials.finished,
                                 summary.trials.running, summary.trials.stopped);
  if (summary.trials.paused > 0) text += fmt::format(", {} paused", summary.trials.paused);
  if (summary.trials.failed > 0) text += fmt::format(", {} failed", summary.trials.failed);
  int rung = 0;
  for (const auto& [id, trial] : state.trials) rung = std::max(rung, trial.rung());
  text += fmt::format(" | rung {} | {}{} | {}", rung, energy_text(spec, summary),
                      charges_text(spec.budget, state, summary), base::format(state.active));
  if (summary.best) {
    const journal::Trial& best = state.trials.at(*summary.best);
    text += fmt::format(" | best {} (trial {}: {})", metric_text(metric(spec, best)), best.id,
                        space::describe(best.configuration));
  }
  return printable(text);
}

std::string Progress::clear() {
  if (!status_shown_) return "";
  status_shown_ = false;
  return std::string(kErase);
}

std::string Progress::render(const trial::Event& event, const journal::StudyState& after) {
  const std::vector<Line> lines = narrative_.tell(event, after);
  if (!screen_.terminal) {
    std::string all;
    for (const Line& line : lines) all += line.text + "\n";
    return all;
  }
  const bool ended = std::holds_alternative<trial::Closed>(event.body);
  const bool fresh = !status_.empty() && event.time - made_ < kRedraw;
  if (lines.empty() && status_shown_ && fresh) return "";
  std::string all = clear();
  for (const Line& line : lines) {
    const std::string_view on = screen_.colour ? colour(line.tone) : "";
    all += fmt::format("{}{}{}\n", on, line.text, on.empty() ? "" : "\x1b[0m");
  }
  if (ended) return all;
  if (!fresh) {
    status_ = shorten(status(*spec_, after), screen_.columns > 1 ? screen_.columns - 1 : 1);
    made_ = event.time;
  }
  status_shown_ = true;
  return all + status_;
}

}  // namespace sm2::report
