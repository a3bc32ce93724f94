// sm2 devices: the energy sources of this machine, and the remedy for those that cannot be used. With --calibrate, it
// fits the cpu-model's power curve to a source that measures the processors, and keeps it.
#include <fmt/core.h>
#include <unistd.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/device_table.h"
#include "cli/reading.h"
#include "meter/calibration.h"
#include "meter/nvml/power_limits.h"
#include "meter/processor.h"
#include "meter/sources.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

struct Options {
  bool json = false;
  bool calibrate = false;
};

base::Result<meter::PowerCurve> calibrated(const meter::Settings& settings, const base::Clock& clock) {
  if (settings.curve.empty())
    return base::fail("there is no place to keep the curve: neither HOME nor XDG_CONFIG_HOME is set");
  if (const long online = sysconf(_SC_NPROCESSORS_ONLN); meter::available_processors() != online)
    return base::fail(
        "this process may use only {} of {} processors; calibrate with all of them (taskset -c 0-{})",
        meter::available_processors(), online, online - 1);
  const auto reference = meter::make({"auto"}, settings, clock);
  if (!reference) return tl::unexpected(reference.error());
  auto curve = meter::calibrate(**reference, meter::available_processors(), clock, meter::work);
  if (!curve) return curve;
  const auto saved = meter::save_curve(*curve, meter::read_processor(settings.proc).name, settings.curve);
  if (!saved) return tl::unexpected(saved.error());
  return curve;
}

std::string curve_text(const meter::PowerCurve& curve, const std::string& file) {
  const std::string package = curve.package > base::Watts(0)
                                  ? fmt::format(", {} more while any works", base::format(curve.package))
                                  : "";
  return fmt::format(
      "idle {}, busy {} a logical processor{}; +- {:.2g} % ({})\nkept in {}, and used by cpu-model from now "
      "on",
      base::format(curve.idle), base::format(curve.busy), package, 100 * curve.relative_error, curve.origin,
      report::printable(file));
}

std::string curve_json(const meter::PowerCurve& curve, const std::string& file) {
  const nlohmann::ordered_json object = {{"idle_watts", curve.idle.value},
                                         {"busy_watts", curve.busy.value},
                                         {"package_watts", curve.package.value},
                                         {"relative_error", curve.relative_error},
                                         {"origin", curve.origin},
                                         {"file", file}};
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

int calibrate(const Options& options, const meter::Settings& settings, const base::Clock& clock) {
  const auto curve = calibrated(settings, clock);
  if (!curve) {
    return fail("devices --calibrate", curve.error().message);
  }
  fmt::print("{}\n", options.json ? curve_json(*curve, settings.curve) : curve_text(*curve, settings.curve));
  return 0;
}

int devices(const Options& options) {
  const base::SystemClock clock;
  const meter::Settings settings = meter::settings_from_environment();
  for (const std::string& line : meter::nvml::undo_left_over(settings, clock)) fail("devices", line);
  if (options.calibrate) return calibrate(options, settings, clock);
  const DeviceTable table = find_devices(settings, clock);
  fmt::print("{}", options.json ? json(table) + "\n" : text(table));
  return 0;
}

}  // namespace

void add_devices(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("devices", "Energy sources here: resolution, permission, and the remedy");
  const auto options = std::make_shared<Options>();
  command->add_flag("--json", options->json, "Print JSON");
  command->add_flag(
      "--calibrate", options->calibrate,
      "Fit the power curve of cpu-model to a source that measures the processors (about 10 s; leave "
      "the machine alone), and keep it");
  command->callback([options, &status] { status = devices(*options); });
}

}  // namespace sm2::cli
