#include "library/checked.h"

#include <fmt/format.h>

#include <cmath>

#include "base/match.h"

namespace sm2::library {
namespace {

space::Scale scale(bool log) { return log ? space::Scale::kLog : space::Scale::kLinear; }

space::Domain domain(const Domain& domain) {
  return std::visit(
      base::Match{[](const Range& range) -> space::Domain {
                    return space::Real{range.low, range.high, range.step, scale(range.log)};
                  },
                  [](const Integers& integers) -> space::Domain {
                    return space::Integer{integers.low, integers.high, integers.step, scale(integers.log)};
                  },
                  [](const Choice& choice) -> space::Domain { return space::Categorical{choice.values}; }},
      domain);
}

void need(bool holds, const char* setting, const char* what) {
  if (!holds) throw Error(fmt::format("{}: must be {}", setting, what));
}

bool positive(double number) { return number > 0 && std::isfinite(number); }

}  // namespace

space::Space checked(const Space& space) {
  std::vector<space::Parameter> parameters;
  for (const Space::Parameter& parameter : space.parameters()) {
    std::optional<space::Condition> condition;
    if (parameter.condition) condition = {parameter.condition->parent, parameter.condition->values};
    parameters.push_back({parameter.name, domain(parameter.domain), std::move(condition)});
  }
  if (parameters.empty()) throw Error("the space has no parameter; add at least one");
  auto made = space::Space::make(std::move(parameters));
  if (!made) throw Error(made.error().message);
  return *std::move(made);
}

strategy::Options checked(const Settings& settings) {
  need(!settings.trials || *settings.trials > 0, "trials", "1 or more");
  need(positive(settings.resource_min), "resource_min", "above 0");
  need(positive(settings.resource_max), "resource_max", "above 0");
  need(settings.resource_min <= settings.resource_max, "resource_min", "at most resource_max");
  need(settings.eta > 1 && std::isfinite(settings.eta), "eta", "above 1");
  need(settings.energy >= 0 && settings.energy <= 1, "energy", "from 0 to 1");
  need(!settings.guard || positive(*settings.guard), "guard", "above 0");
  need(!settings.target || std::isfinite(*settings.target), "target", "a finite number");
  need(!settings.max_joules || positive(*settings.max_joules), "max_joules", "above 0");
  need(settings.points > 0, "points", "1 or more");
  need(settings.workers > 0, "workers", "1 or more");
  need(settings.pruner == "none" || settings.pruner == "median", "pruner", "\"none\" or \"median\"");

  strategy::Options options;
  options.seed = settings.seed;
  options.candidates = settings.trials;
  options.points = settings.points;
  options.resource_min = settings.resource_min;
  options.resource_max = settings.resource_max;
  options.eta = settings.eta;
  options.weights = {.energy = settings.energy, .stability = 0, .guard = settings.guard};
  options.resumes = true;  // by Trial::state(), or the caller's own checkpoints
  options.metric = "value";
  options.minimized = !settings.maximize;
  if (settings.target) options.target = settings.maximize ? *settings.target : -*settings.target;
  if (settings.max_joules) options.energy = base::Joules(*settings.max_joules);
  options.pruner = settings.pruner;
  return options;
}

Parameters parameters(const space::Configuration& configuration) {
  return Parameters(configuration.begin(), configuration.end());
}

}  // namespace sm2::library
