// sm2 measure: like time(1), for energy. The command runs in the foreground and its exit status is passed on;
// 127 where it is not found, 126 where it cannot be executed. In a series, that of the first run that failed.
#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/measure_json.h"
#include "cli/measure_options.h"
#include "cli/measure_run.h"
#include "cli/measure_series.h"
#include "cli/measure_signals.h"
#include "cli/measure_stream.h"
#include "cli/measure_text.h"
#include "cli/output.h"
#include "meter/idle.h"
#include "meter/nvml/power_limits.h"
#include "meter/sources.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

constexpr int kBadUsage = 2;

int fail(int status, const std::string& message) {
  put(stderr, fmt::format("sm2 measure: {}\n", report::printable(message)));
  return status;
}

// Measures as planned, and says it; the exit status.
class Measuring {
 public:
  Measuring(const MeasurePlan& plan, meter::Meter& meter, Background background, const base::Clock& clock,
            const KeptSignals& signals)
      : plan_(plan), meter_(meter), background_(std::move(background)), clock_(clock), signals_(signals) {}

  int measure() {
    if (plan_.versus) return comparison();
    return plan_.repeat ? series() : once();
  }

 private:
  int once() {
    const auto measurement = run(plan_.command, {});
    if (!measurement) return fail(measurement.error().status, measurement.error().message);
    return say(*measurement, measurement->exit);
  }

  int series() {
    Series series{plan_.command, {}, 0};
    const auto end = repeat(series, repetition());
    return say_with_end(series, end, series.runs.empty());
  }

  int comparison() {
    Comparison comparison{{plan_.command, {}, 0}, {*plan_.versus, {}, 0}};
    const auto end = alternate(comparison, repetition());
    return say_with_end(comparison, end, comparison.a.runs.empty());
  }

  Repetition repetition() {
    return {
        *plan_.repeat,
        [this](const std::vector<std::string>& command, const RunName& name) { return run(command, name); },
        [this](const RunName& name, const Measurement& measurement) {
          if (!plan_.json) put(stderr, brief(name, *plan_.repeat, measurement));
        },
        [this] { return signals_.first(); }};
  }

  tl::expected<Measurement, NotStarted> run(const std::vector<std::string>& command,
                                            const std::optional<RunName>& name) {
    if (!plan_.interval) return cli::run(command, meter_, clock_, {}, signals_);
    PowerStream stream(meter_.domains());
    const auto tick = [&](base::Seconds at, const trial::Energy& energy) {
      const Tick now = stream.next(at, energy);
      plan_.json ? put(stdout, json(now, name)) : put(stderr, text(now));
    };
    return cli::run(command, meter_, clock_, Watch{*plan_.interval, tick}, signals_);
  }

  template <class Result>
  int say_with_end(const Result& result, const std::optional<SeriesEnd>& end, bool nothing) {
    if (end) fail(end->status, end->message);
    const int status = end ? end->status : 0;
    return nothing ? status : say(result, status);
  }

  template <class Result>
  int say(const Result& result, int status) {
    const std::string object = plan_.json || !plan_.output.empty() ? json(result, background_) : "";
    if (!plan_.json) {
      put(stderr, text(result, background_));
    } else if (!put(stdout, object + "\n")) {
      fail(status, "standard output cannot be written");
    }
    if (!plan_.output.empty() && !(std::ofstream(plan_.output) << object << std::endl))
      return fail(status, fmt::format("--output {}: cannot be written", plan_.output));
    return status;
  }

  const MeasurePlan& plan_;
  meter::Meter& meter_;
  Background background_;
  const base::Clock& clock_;
  const KeptSignals& signals_;
};

// What can be said before anything runs: the exit status of what is wrong, nothing when all is well.
std::optional<int> refuse(const MeasurePlan& plan) {
  for (const auto* command : {&plan.command, plan.versus ? &*plan.versus : nullptr}) {
    if (!command) continue;
    if (const auto can = check_command(*command); !can) return fail(can.error().status, can.error().message);
  }
  if (!plan.output.empty() && !std::ofstream(plan.output, std::ios::app))
    return fail(kBadUsage, fmt::format("--output {}: cannot be written", plan.output));
  return {};
}

int measure(const MeasurePlan& plan) {
  const base::SystemClock clock;
  const meter::Settings settings = meter::settings_from_environment();
  for (const std::string& undone : meter::nvml::undo_left_over(settings, clock)) fail(0, undone);
  const auto platform = meter::make(plan.sources, settings, clock);
  if (!platform) return fail(kBadUsage, platform.error().message);
  if (const auto unknown = meter::unknown_domain(**platform, plan.idle_watts))
    return fail(kBadUsage, "--idle-watts: " + *unknown);
  if (const auto refused = refuse(plan)) return *refused;
  meter::WithIdle metered(
      **platform, plan.idle ? meter::measure_idle(**platform, *plan.idle, clock) : plan.idle_watts, clock);

  const KeptSignals signals;  // before anything is set that must be put back
  meter::nvml::PowerLimits limits([](const std::string& line) { fail(0, line); });
  if (plan.power_limit) {
    const auto set = limits.set(settings, metered.domains(), *plan.power_limit, clock);
    if (!set) return fail(kBadUsage, "--power-limit: " + set.error().message);
  }
  const Background background{plan.grid, plan.price, (*platform)->missing(), plan.power_limit};
  return Measuring(plan, metered, background, clock, signals).measure();
}

void add_options(CLI::App& command, MeasureOptions& options) {
  const auto text = [&command](const char* name, std::optional<std::string>& into, const char* type,
                               const char* help) {
    command.add_option_function<std::string>(
               name, [&into](const std::string& value) { into = value; }, help)
        ->type_name(type);
  };
  command.add_flag("--json", options.json,
                   "Print the result as JSON on standard output when the command has ended, and no text");
  command.add_option("-o,--output", options.output, "Write the result as JSON to this file")
      ->type_name("FILE");
  command.add_option("--source", options.sources, "An energy source (see sm2 devices); may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->capture_default_str();
  text("--interval", options.interval, "TIME",
       "Print the power this often while the command runs (\"0.5 s\")");
  text("--repeat", options.repeat, "N", "Run the command N times: median and spread");
  text("--versus", options.versus, "\"OTHER COMMAND\"",
       "Run this command too, by turns, --repeat times each (5 unless given): ratio and spread");
  text("--idle", options.idle, "TIME", "Measure the idle power for this long first (\"5 s\")");
  command
      .add_option("--idle-watts", options.idle_watts,
                  "The idle power of a domain (\"gpu-0=60W\"); may be repeated")
      ->type_name("NAME=POWER")
      ->allow_extra_args(false);
  text("--power-limit", options.power_limit, "POWER",
       "Set this limit (\"250 W\") on every NVIDIA GPU while it measures; put back at the end");
  text("--grid", options.grid, "GRID",
       "Tell CO2e: a country (\"DE\"), an intensity (\"380 gCO2e/kWh\") or \"command:PROGRAM\"; or in "
       "SM2_GRID");
  text("--price", options.price, "PRICE", "Tell the cost (\"0.30 EUR/kWh\"); SM2_PRICE stands in for it");
}

}  // namespace

void add_measure(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("measure", "The energy of any command");
  const auto options = std::make_shared<MeasureOptions>();
  add_options(*command, *options);
  CLI::Option* words =
      command->add_option("COMMAND", options->command, "What to run, with its arguments; put -- before it")
          ->required()
          ->type_name("");
  command->callback([=, &status] {
    const auto order = command->parse_order();
    if (order.back() != words) {
      status = fail(kBadUsage, fmt::format("{} stands after the command; put -- before the command if it is "
                                           "the command's own, else put it first",
                                           order.back()->get_name()));
      return;
    }
    const auto plan = check(*options, [](const char* name) { return std::getenv(name); });
    status = plan ? measure(*plan) : fail(kBadUsage, plan.error().message);
  });
}

}  // namespace sm2::cli
