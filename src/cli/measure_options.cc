#include "cli/measure_options.h"

#include <charconv>

#include "base/program_output.h"
#include "base/units.h"
#include "cli/grid.h"

namespace sm2::cli {
namespace {

using base::Result;
using base::Seconds;
using base::Watts;

constexpr std::size_t kVersusRuns = 5;
constexpr std::size_t kMostRuns = 10'000;
constexpr Seconds kShortestInterval{0.001};

struct Named {
  std::string name;  // of the option or the environment variable
  std::string value;
};

std::optional<Named> given(const char* option, const std::optional<std::string>& value) {
  if (!value) return {};
  return Named{option, *value};
}

std::optional<Named> given(const char* option, const std::optional<std::string>& value, const char* variable,
                           const Environment& environment) {
  if (value) return Named{option, *value};
  const char* set = environment(variable);
  if (!set || !*set) return {};
  return Named{variable, set};
}

// Parses what was given into `into`, and puts its name before what is wrong with it.
template <class T, class Parse>
Result<> take(const std::optional<Named>& text, std::optional<T>& into, Parse parse) {
  if (!text) return {};
  Result<T> parsed = parse(text->value);
  if (!parsed) return base::fail("{}: {}", text->name, parsed.error().message);
  into = *std::move(parsed);
  return {};
}

Result<std::size_t> parse_runs(const std::string& text) {
  std::size_t runs = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), runs);
  if (code != std::errc() || end != text.data() + text.size() || runs < 1 || runs > kMostRuns)
    return base::fail("'{}' is no number of runs; write a whole number from 1 to {}", text, kMostRuns);
  return runs;
}

Result<Seconds> parse_interval(const std::string& text) {
  auto interval = base::parse_duration(text);
  if (interval && *interval < kShortestInterval)
    return base::fail("'{}' is too short; write at least \"1 ms\"", text);
  return interval;
}

Result<Seconds> parse_idle(const std::string& text) {
  auto idle = base::parse_duration(text);
  if (idle && *idle <= Seconds(0))
    return base::fail("'{}' is no time to measure in; write for example \"5 s\"", text);
  return idle;
}

Result<Watts> parse_limit(const std::string& text) {
  auto limit = base::parse_power(text);
  if (limit && *limit <= Watts(0)) return base::fail("'{}' is no limit; write for example \"250 W\"", text);
  return limit;
}

Result<std::vector<std::string>> parse_command(const std::string& text) {
  auto words = base::split_words(text);
  if (words && words->empty()) return base::fail("there is no command in '{}'", text);
  return words;
}

Result<std::map<std::string, Watts>> parse_idle_watts(const std::vector<std::string>& texts) {
  std::map<std::string, Watts> watts;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
      return base::fail("--idle-watts: '{}' names no domain; write for example \"gpu-0=60 W\"", text);
    const auto power = base::parse_power(std::string_view(text).substr(sign + 1));
    if (!power) return base::fail("--idle-watts {}: {}", text, power.error().message);
    if (*power < Watts(0)) return base::fail("--idle-watts {}: power is never negative", text);
    if (!watts.emplace(text.substr(0, sign), *power).second)
      return base::fail("--idle-watts: {} is given twice", text.substr(0, sign));
  }
  return watts;
}

}  // namespace

Result<MeasurePlan> check(const MeasureOptions& options, const Environment& environment) {
  MeasurePlan plan;
  plan.json = options.json;
  plan.output = options.output;
  plan.sources = options.sources;
  plan.command = options.command;
  const auto grid = given("--grid", options.grid, "SM2_GRID", environment);
  const auto price = given("--price", options.price, "SM2_PRICE", environment);
  for (const Result<>& taken :
       {take(given("--interval", options.interval), plan.interval, parse_interval),
        take(given("--repeat", options.repeat), plan.repeat, parse_runs),
        take(given("--versus", options.versus), plan.versus, parse_command),
        take(given("--idle", options.idle), plan.idle, parse_idle),
        take(given("--power-limit", options.power_limit), plan.power_limit, parse_limit),
        take(grid, plan.grid, find_grid), take(price, plan.price, footprint::parse_price)}) {
    if (!taken) return tl::unexpected(taken.error());
  }
  auto idle_watts = parse_idle_watts(options.idle_watts);
  if (!idle_watts) return tl::unexpected(idle_watts.error());
  plan.idle_watts = *std::move(idle_watts);
  if (plan.idle && !plan.idle_watts.empty())
    return base::fail("--idle measures what --idle-watts states; give one of them");
  if (plan.versus && !plan.repeat) plan.repeat = kVersusRuns;
  return plan;
}

}  // namespace sm2::cli
