#include "testing/crash_scenario.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>

#include "base/random.h"

namespace sm2::testing {
namespace {

using base::Seconds;
using space::Configuration;

constexpr double kLargest = 128;  // batch size
constexpr const char* kByMetric = "[objective]\nenergy = 0\nstability = 0\n";

double batch(const Configuration& configuration) { return space::as_number(configuration.at("batch_size")); }

// 0 to 1, of a configuration and a place.
double noise(const Configuration& configuration, double place) {
  std::uint64_t bits = std::bit_cast<std::uint64_t>(place);
  for (const auto& [name, value] : configuration)
    bits = 31 * bits + std::bit_cast<std::uint64_t>(space::as_number(value));
  return base::Random(bits).uniform();
}

double accuracy(const Configuration& configuration, double resource) {
  return 0.9 - 0.05 * std::abs(std::log2(batch(configuration) / 64)) - 0.4 / (1 + resource) +
         0.03 * noise(configuration, resource);
}

struct Drawn {
  base::Random random;
  bool one_in(std::uint64_t many) { return random.index(many) == 0; }
  double between(double low, double high) { return low + (high - low) * random.uniform(); }
};

// A fifth of the configurations each: fail, have a metric that is not a number, or a loss. The largest may not fit.
void let_some_fail(FakeProgram& program, Drawn& drawn) {
  const bool largest_fits = drawn.one_in(2);
  const double shift = drawn.random.uniform();
  const auto kind = [shift](const Configuration& configuration) {
    return static_cast<int>(5 * std::fmod(noise(configuration, -1) + shift, 1));
  };
  program.breaks = [=](const Configuration& configuration, double at) -> std::optional<trial::Outcome> {
    if (!largest_fits && batch(configuration) == kLargest) return trial::OutOfMemory{"out of memory"};
    if (kind(configuration) == 0 && at >= 2) return trial::Failed{3, "no such file"};
    return {};
  };
  program.curve = [kind, curve = program.curve](const Configuration& configuration, double at) {
    return kind(configuration) == 1 && at >= 3 ? std::nan("") : curve(configuration, at);
  };
  program.loss = [kind](const Configuration& configuration, double at) {
    return kind(configuration) == 2 && at > 1.01 ? std::nan("") : 2 / (1 + at);
  };
}

FakeProgram program_of(Drawn& drawn, bool minimize) {
  FakeProgram program;
  program.curve = accuracy;
  program.unit_time = [](const Configuration& configuration) {
    return Seconds(1 + 2 * noise(configuration, -2));
  };
  program.power = [](const Configuration& configuration) {
    return base::Watts(60 + 20 * std::log2(batch(configuration)));
  };
  program.steps_per_unit = drawn.one_in(3) ? 0 : 10;
  program.saves = static_cast<FakeProgram::Saves>(drawn.random.index(3));
  if (drawn.one_in(2)) let_some_fail(program, drawn);
  if (minimize) {
    program.curve = [curve = program.curve](const Configuration& configuration, double at) {
      return 1 - curve(configuration, at);
    };
  }
  return program;
}

std::string study_and_space(const std::string& more_metric, double max, bool plain_output, bool rates) {
  return fmt::format(
      "[study]\nname = \"crash\"\ncommand = [\"train\", \"--batch={{batch_size}}\"{}]\n"
      "metric = {{ name = \"accuracy\"{} }}\nresource = {{ unit = \"epoch\", min = 1, max = {} }}\n{}"
      "[space]\nbatch_size = {{ values = [16, 32, 64, 128] }}\n{}",
      rates ? ", \"--rate={learning_rate}\"" : "", more_metric, max,
      plain_output ? "pattern = 'accuracy=(?P<accuracy>.*)'\n" : "",
      rates ? "learning_rate = { low = 1e-3, high = 1.0, scale = \"log\" }\n" : "");
}

std::string strategy_table(const std::string& strategy, Drawn& drawn) {
  std::string table =
      fmt::format("[strategy]\nname = \"{}\"\nseed = {}\n", strategy, drawn.random.index(1000));
  if (strategy == "grid") {
    table += "points = 2\n";
  } else if (!drawn.one_in(4)) {
    table += fmt::format("candidates = {}\n", 4 + drawn.random.index(4));
  }
  return strategy == "sm2" ? table + "probe = \"500 ms\"\n" : table;
}

void limit_something(CrashScenario& scenario, Drawn& drawn) {
  const auto limited = [&](const char* table) {
    scenario.limited = true;
    scenario.file += table;
  };
  if (drawn.one_in(5))
    limited(drawn.one_in(2) ? "[budget]\nenergy = \"2 kJ\"\n" : "[budget]\ntime = \"15 s\"\n");
  const std::uint64_t limit = drawn.random.index(8);
  if (limit == 0) limited("[limits]\nenergy = \"700 J\"\n");
  if (limit == 1) limited("[limits]\ntime = \"6 s\"\n");
  if (limit != 2) return;
  scenario.file += "[limits]\nmemory = \"8 GiB\"\n";
  scenario.program.memory = [](const Configuration& configuration, double) {
    return std::optional<std::size_t>(static_cast<std::size_t>(batch(configuration)) << 27);
  };
}

}  // namespace

std::string CrashScenario::describe() const {
  return fmt::format("{}# {} at a time, saving {}, {} steps{}{}\n", file, workers,
                     static_cast<int>(program.saves), program.steps_per_unit,
                     warm ? ", after an earlier study" : "",
                     loses_checkpoints ? ", checkpoints get lost" : "");
}

CrashScenario crash_scenario(const std::string& strategy, std::uint64_t seed) {
  Drawn drawn{base::Random(seed)};
  CrashScenario scenario;
  const bool own = strategy == "sm2" || strategy == "sm2-classic";
  const bool minimize = drawn.one_in(3), target = drawn.one_in(3), rates = drawn.one_in(2);
  const bool plain_output = strategy != "pbt" && drawn.one_in(5);
  const bool cycle = own && rates && !plain_output && drawn.one_in(2);
  const double wanted = drawn.between(0.65, 0.95);  // some are never reached
  scenario.workers = drawn.one_in(2) ? 1 : 2 + static_cast<int>(drawn.random.index(2));
  scenario.program = program_of(drawn, minimize);
  scenario.warm = strategy == "sm2" && target && !rates && drawn.one_in(2);

  std::string metric = minimize ? ", goal = \"minimize\"" : "";
  if (target) metric += fmt::format(", target = {:.3f}", minimize ? 1 - wanted : wanted);
  scenario.file = study_and_space(metric, drawn.one_in(2) ? 4 : 3.5, plain_output, rates);
  scenario.file += strategy_table(strategy, drawn);
  const bool pruned = drawn.one_in(3), weighed = own && drawn.one_in(2);
  if (pruned) scenario.file += "pruner = \"median\"\n";
  if (own && rates && !plain_output)
    scenario.file += fmt::format("learning_rate = \"{}\"\n", cycle ? "cycle" : "sample");
  if (scenario.warm) scenario.file += "warm_start = [\"earlier\"]\n";
  scenario.file += weighed ? "[objective]\nenergy = 0.3\nstability = 0.1\n" : kByMetric;
  limit_something(scenario, drawn);
  scenario.loses_checkpoints = strategy != "pbt" && drawn.one_in(8);
  scenario.decides_by_metric = strategy != "sm2" && !weighed && !cycle;
  const bool draws_only = strategy == "random" || strategy == "sobol" || strategy == "grid";
  scenario.order_matters = !draws_only || pruned || target;
  return scenario;
}

CrashScenario small_crash_scenario(const std::string& strategy, std::optional<double> target) {
  Drawn drawn{base::Random(1)};
  CrashScenario scenario;
  scenario.program = program_of(drawn, false);
  scenario.program.steps_per_unit = 10;
  scenario.program.saves = FakeProgram::Saves::kAfterEvaluations;
  scenario.file = study_and_space(target ? fmt::format(", target = {}", *target) : "", 4, false, false);
  scenario.file += fmt::format("[strategy]\nname = \"{}\"\n", strategy);
  scenario.file +=
      strategy == "hyperband" || strategy == "bohb" || strategy == "grid" ? "" : "candidates = 4\n";
  if (strategy == "sm2") scenario.file += "probe = \"500 ms\"\n";
  scenario.file += kByMetric;
  scenario.decides_by_metric = strategy != "sm2";
  return scenario;
}

}  // namespace sm2::testing
