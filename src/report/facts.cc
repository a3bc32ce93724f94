#include "report/facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "base/units.h"
#include "report/charges.h"
#include "report/figures.h"

namespace sm2::report {
namespace {

std::string or_else(const std::string& text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

std::string idle_text(const journal::StudyState& state) {
  std::string all;
  for (const auto& [domain, watts] : state.idle)
    all += fmt::format("{}{} {}", all.empty() ? "" : ", ", domain, base::format(watts));
  return all;
}

std::string space_text(const config::Spec& spec) {
  const auto size = spec.space.cardinality();
  const std::size_t parameters = spec.space.parameters().size();
  const std::string named = parameters == 1 ? "1 parameter" : fmt::format("{} parameters", parameters);
  if (size) return fmt::format("{}, {} combinations", named, *size);
  return named + (parameters == 1 ? ", continuous" : ", continuous in some or all of them");
}

std::string metric_words(const config::Metric& metric) {
  return fmt::format("{}, {}{}", metric.name,
                     metric.goal == config::Goal::kMaximize ? "maximized" : "minimized",
                     metric.target ? ", target " + number_text(*metric.target) : "");
}

// "gpu-0 (gpu 0000:3b:00.0), gpu-1 (...)"; empty where trials used what there was.
std::string devices_text(const journal::StudyState& state) {
  std::set<std::string> all;
  for (const auto& [id, trial] : state.trials) {
    for (const trial::Device& device : trial.devices.value_or(trial::Devices()))
      all.insert(device.part.empty() ? device.name : fmt::format("{} ({})", device.name, device.part));
  }
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string hardware_text(const journal::StudyState& state) {
  const std::string kinds = fmt::format("{}", fmt::join(state.hardware, " | "));
  return state.hardware.size() > 1 ? kinds + " (energy is compared as on the first)" : kinds;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> facts(const Study& study) {
  const config::Spec& spec = study.spec;
  const journal::StudyState& state = study.state;
  const objective::Weights& weights = spec.options.weights;
  std::vector<std::pair<std::string, std::string>> all = {
      {"strategy", spec.strategy},
      {"seed", fmt::format("{}", spec.options.seed)},
      {"weight of energy", weighs(spec) ? number_text(weights.energy) : ""},
      {"weight of stability", weighs(spec) ? number_text(weights.stability) : ""},
      {"metric", metric_words(spec.metric)},
      {"training", fmt::format("{} to {}", number_text(spec.resource.min),
                               resource_text(spec.resource.max, spec.resource.unit))},
      {"search space", space_text(spec)},
      {"learning rate",
       spec.options.cycle_learning_rate ? "cycled while training" : "as the candidate has it"},
      {"host", or_else(state.host, "unknown")},
      {"hardware of trials", or_else(hardware_text(state), "unknown")},
      {"devices of trials", or_else(devices_text(state), "all that the host has")},
      {"energy sources", or_else(fmt::format("{}", fmt::join(state.sources, "; ")), "those of the workers")},
      {"grid intensity", or_else(grid_text(state), "not given (energy.grid): no figure of carbon")},
      {"price", or_else(price_text(state), "not given (energy.price): no figure of cost")}};
  if (!state.idle.empty()) all.emplace_back("idle power", idle_text(state));
  all.insert(all.end(), {{"sm2", or_else(state.version, "unknown")},
                         {"begun", date_text(state.created)},
                         {"as of", date_text(state.last_event)},
                         {"time of tuning", base::format(state.active)}});
  return all;
}

}  // namespace sm2::report
