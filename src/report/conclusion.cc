#include "report/conclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/units.h"
#include "report/charges.h"
#include "report/cost_parts.h"
#include "report/figures.h"
#include "report/hardware.h"
#include "report/printable.h"
#include "report/summary.h"
#include "report/table.h"

namespace sm2::report {

std::string conclusion_text(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  if (!summary.best) return "";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  std::vector<std::pair<std::string, std::string>> entries;
  entries.emplace_back(summary.decided ? "winner" : "best so far",
                       fmt::format("trial {}: {}", trial.id, space::describe(trial.configuration)));
  entries.emplace_back(study.spec.metric.name,
                       fmt::format("{} after {}", metric_text(metric(study.spec, trial)),
                                   resource_text(trial.resource, study.spec.resource.unit)));
  if (!trial.evaluations.empty()) {
    for (const auto& [name, value] : trial.evaluations.back().metrics) {
      if (name != study.spec.metric.name) entries.emplace_back(name, metric_text(value));
    }
  }
  entries.emplace_back("in all", fmt::format("{} ({}) in {}", text(summary.total), provenance(summary.energy),
                                             base::format(study.state.active)));
  std::ranges::copy(cost_lines(summary), std::back_inserter(entries));
  const auto add = [&](const char* name, const std::string& figure, const std::string& rate) {
    if (!figure.empty()) entries.emplace_back(name, fmt::format("{} ({})", figure, rate));
  };
  add("carbon", carbon_text(study.state, summary.total.joules), grid_text(study.state));
  add("cost", cost_text(study.state, summary.total.joules), price_text(study.state));
  if (const std::string hardware = holds_for(study.state, trial); !hardware.empty())
    entries.emplace_back("on", hardware);
  return listing(entries, kWidth) + "\n" + printable(command_line(study.spec, trial)) + "\n";
}

}  // namespace sm2::report
