#include "report/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/units.h"
#include "report/charges.h"
#include "report/cost_parts.h"
#include "report/printable.h"
#include "report/summary.h"
#include "report/table.h"

namespace sm2::report {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

std::string join(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += shorten(line, kWidth) + "\n";
  return all;
}

std::string total_text(const Summary& summary) {
  if (summary.trials.all() == 0) return "nothing spent yet";
  if (summary.total.joules) return fmt::format("{} ({})", text(summary.total), provenance(summary.energy));
  const std::string note = trial::note(summary.energy);
  return fmt::format("unknown for {} of {} trials; the others used {}{}{}", summary.unknown,
                     summary.trials.all(), text(summary.known), note.empty() ? "" : ": ", note);
}

std::string best_line(const Study& study, const Summary& summary) {
  if (!summary.best) return "no usable trial yet";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  return fmt::format("trial {}{}: {} {} with {}", trial.id, summary.decided ? ", the winner" : " so far",
                     study.spec.metric.name, metric_text(metric(study.spec, trial)),
                     space::describe(trial.configuration));
}

void add_charges(Entries& entries, const Study& study, const Summary& summary) {
  const journal::StudyState& state = study.state;
  if (!state.grids.empty()) {
    entries.emplace_back("carbon",
                         fmt::format("{} ({})", carbon_text(state, summary.total.joules), grid_text(state)));
  }
  if (!state.prices.empty()) {
    entries.emplace_back("cost",
                         fmt::format("{} ({})", cost_text(state, summary.total.joules), price_text(state)));
  }
}

std::string carbon_left(const Study& study, double budget, const Summary& summary) {
  const auto spent = carbon(study.state, study.state.footprint, summary.total.joules);
  return spent ? footprint::format_carbon(std::max(budget - *spent, 0.0)) : "unknown";
}

std::string cost_left(const Study& study, const footprint::Cost& budget, const Summary& summary) {
  const auto spent = cost(study.state, study.state.footprint, summary.total.joules);
  if (!spent || spent->currency != budget.currency) return "unknown";
  return footprint::format_cost({std::max(budget.amount - spent->amount, 0.0), budget.currency});
}

std::string budget_text(const Study& study, const Summary& summary) {
  const config::Budget& budget = study.spec.budget;
  std::vector<std::string> parts;
  if (budget.energy) {
    const Spent left = Spent{*budget.energy, base::Joules(0)} - summary.total;
    parts.push_back(fmt::format("{}, {} left", base::format(*budget.energy), text(left.joules)));
  }
  if (budget.time) {
    const base::Seconds left = std::max(*budget.time - study.state.active, base::Seconds(0));
    parts.push_back(fmt::format("{}, {} left", base::format(*budget.time), base::format(left)));
  }
  if (budget.carbon) {
    parts.push_back(fmt::format("{}, {} left", footprint::format_carbon(*budget.carbon),
                                carbon_left(study, *budget.carbon, summary)));
  }
  if (budget.cost) {
    parts.push_back(fmt::format("{}, {} left", footprint::format_cost(*budget.cost),
                                cost_left(study, *budget.cost, summary)));
  }
  if (budget.trials) parts.push_back(fmt::format("{} trials", *budget.trials));
  return parts.empty() ? "no limit" : fmt::format("{}", fmt::join(parts, "; "));
}

std::string strategy_text(const config::Spec& spec) {
  const objective::Weights& weights = spec.options.weights;
  const std::string name = fmt::format("{}, seed {}", spec.strategy, spec.options.seed);
  if (!weighs(spec)) return name;
  return fmt::format("{}, weight of energy {}, of stability {}", name, weights.energy, weights.stability);
}

std::string metric_goal(const config::Metric& metric) {
  const std::string goal = metric.goal == config::Goal::kMaximize ? "maximize" : "minimize";
  const std::string target = metric.target ? ", target " + number_text(*metric.target) : "";
  return metric.name + ", " + goal + target;
}

}  // namespace

std::string list_text(const std::vector<Study>& studies) {
  if (studies.empty()) return "no studies yet; sm2 tune STUDY.toml begins one\n";
  std::vector<Row> rows;
  for (const Study& study : studies) {
    const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
    const auto best = summary.best ? metric(study.spec, study.state.trials.at(*summary.best)) : std::nullopt;
    const trial::Energy& energy = summary.energy;
    rows.push_back({shorten(printable(study.name), 22), study_state(study.state, study.tuner_alive),
                    fmt::format("{}", summary.trials.all()), text(summary.total),
                    energy.empty() ? "-" : std::string(trial::name(trial::worst(energy))),
                    shorten(printable(study.spec.metric.name), 12), metric_text(best),
                    date_text(study.state.created).substr(0, 10)});
  }
  return join(table({{"STUDY"},
                     {"STATE"},
                     {"TRIALS", true},
                     {"ENERGY", true},
                     {"QUALITY"},
                     {"METRIC"},
                     {"BEST", true},
                     {"BEGUN"}},
                    rows));
}

std::string show_text(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  std::string state = study_state(study.state, study.tuner_alive);
  if (const auto reason = closed_reason(study.state, study.tuner_alive); !reason.empty())
    state += ": " + reason;
  Entries entries = {{"study", study.name},
                     {"state", state},
                     {"strategy", strategy_text(study.spec)},
                     {"metric", metric_goal(study.spec.metric)},
                     {"trials", text(summary.trials)},
                     {"energy", total_text(summary)}};
  std::ranges::copy(cost_lines(summary), std::back_inserter(entries));
  add_charges(entries, study, summary);
  entries.emplace_back("budget", budget_text(study, summary));
  entries.emplace_back("time", base::format(study.state.active));
  entries.emplace_back("best", best_line(study, summary));
  std::string all = listing(entries, kWidth);
  if (summary.best) {
    all += "\n" + printable(command_line(study.spec, study.state.trials.at(*summary.best))) + "\n";
  }
  return all;
}

std::string best_text(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  if (!summary.best) return "";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  Entries entries = {{"trial", fmt::format("{} of {}{}", trial.id, study.name,
                                           summary.decided ? "" : " (best so far, not decided yet)")}};
  for (const auto& [name, value] : trial.configuration) entries.emplace_back(name, space::to_text(value));
  entries.emplace_back(
      "metric", fmt::format("{} {} after {}", study.spec.metric.name, metric_text(metric(study.spec, trial)),
                            resource_text(trial.resource, study.spec.resource.unit)));
  entries.emplace_back("energy", fmt::format("{} ({})", text(used(trial)), provenance(trial.energy)));
  return listing(entries, kWidth) + "\n" + printable(command_line(study.spec, trial)) + "\n";
}

}  // namespace sm2::report
