#include "cli/measure_series.h"

#include <fmt/format.h>

#include <algorithm>

namespace sm2::cli {
namespace {

bool ok(const Measurement& run) { return run.exit == 0; }

std::string named(const RunName& name, std::size_t runs) {
  const std::string of = name.side.empty() ? "run" : "run of " + name.side;
  return fmt::format("{} {} of {}", of, name.run, runs);
}

SeriesEnd end(Series& series, int status, std::string message) {
  series.exit = status;
  return {status, std::move(message)};
}

std::optional<SeriesEnd> run_once(Series& series, const RunName& name, const Repetition& how) {
  if (const auto signal = how.ending()) {
    return end(series, 128 + *signal,
               fmt::format("the series ends before {}: signal {}", named(name, how.runs), *signal));
  }
  auto run = how.run(series.command, name);
  if (!run) return end(series, run.error().status, run.error().message);
  series.runs.push_back(*std::move(run));
  const Measurement& measurement = series.runs.back();
  how.told(name, measurement);
  if (ok(measurement)) return {};
  const std::string how_it_ended = measurement.signal
                                       ? fmt::format("was ended by signal {}", *measurement.signal)
                                       : fmt::format("failed with exit status {}", measurement.exit);
  return end(series, measurement.exit,
             fmt::format("{} {}; the series ends here", named(name, how.runs), how_it_ended));
}

// Joules that tell two runs apart at all: more than what differs between two windows anyhow.
std::optional<double> resolved_joules(const Measurement& run) {
  const auto joules = trial::total(run.energy);
  if (!joules || joules->value <= 0 || *joules <= trial::noise(run.energy)) return {};
  return joules->value;
}

}  // namespace

std::vector<Measurement> Series::succeeded() const {
  std::vector<Measurement> good;
  std::ranges::copy_if(runs, std::back_inserter(good), ok);
  return good;
}

const Measurement* Series::failed() const { return runs.empty() || ok(runs.back()) ? nullptr : &runs.back(); }

std::optional<SeriesEnd> repeat(Series& series, const Repetition& how) {
  for (std::size_t run = 1; run <= how.runs; ++run) {
    if (auto early = run_once(series, {"", run}, how)) return early;
  }
  return {};
}

std::optional<SeriesEnd> alternate(Comparison& comparison, const Repetition& how) {
  for (std::size_t pair = 1; pair <= how.runs; ++pair) {
    const bool a_first = pair % 2 == 1;
    for (const bool a : {a_first, !a_first}) {
      Series& series = a ? comparison.a : comparison.b;
      if (auto early = run_once(series, {a ? "A" : "B", pair}, how)) return early;
    }
  }
  return {};
}

Ratios ratios(const Comparison& comparison) {
  Ratios ratios;
  std::vector<std::pair<double, double>> joules, seconds;
  const auto a = comparison.a.succeeded();
  const auto b = comparison.b.succeeded();
  for (std::size_t pair = 0; pair < std::min(a.size(), b.size()); ++pair) {
    if (a[pair].time > base::Seconds(0) && b[pair].time > base::Seconds(0))
      seconds.emplace_back(a[pair].time.value, b[pair].time.value);
    const auto first = resolved_joules(a[pair]);
    const auto second = resolved_joules(b[pair]);
    if (first && second) joules.emplace_back(*first, *second);
    if (!first || !second) ++ratios.unresolved;
    for (const Measurement* run : {&a[pair], &b[pair]})
      ratios.modelled = ratios.modelled || trial::worst(run->energy) == trial::Quality::kModelled;
  }
  ratios.joules = ratio(joules);
  ratios.seconds = ratio(seconds);
  return ratios;
}

}  // namespace sm2::cli
