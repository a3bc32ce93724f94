#include "cli/measurement.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/units.h"

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using Json = nlohmann::ordered_json;

template <class Unit>
Json number(std::optional<base::Quantity<Unit>> quantity) {
  return quantity ? Json(quantity->value) : Json(nullptr);
}

// How sure a figure is belongs to a figure: without one, null.
Json uncertainty(std::optional<Joules> joules, Joules value) {
  return joules ? Json(value.value) : Json(nullptr);
}

std::optional<base::Watts> mean_power(const Measurement& measurement) {
  const auto joules = trial::total(measurement.energy);
  if (!joules || measurement.time <= Seconds(0)) return {};
  return *joules / measurement.time;
}

std::string duration(Seconds time) {
  return time < Seconds(1) ? fmt::format("{:.1f} ms", 1000 * time.value) : base::format(time);
}

template <class Unit>
std::string or_unknown(std::optional<base::Quantity<Unit>> quantity) {
  return quantity ? base::format(*quantity) : "unknown";
}

Json domain(const trial::Reading& reading) {
  return {{"name", reading.domain},
          {"source", reading.source},
          {"joules", number(reading.joules)},
          {"error", uncertainty(reading.joules, reading.error)},
          {"noise", uncertainty(reading.joules, reading.noise)},
          {"idle", number(reading.idle)},
          {"quality", trial::name(reading.quality)},
          {"note", reading.note}};
}

}  // namespace

std::string text(const Measurement& measurement) {
  const trial::Energy& energy = measurement.energy;
  std::string lines = fmt::format("energy      {}\n", trial::describe(energy));
  if (energy.size() > 1) {
    for (const trial::Reading& reading : energy)
      lines += fmt::format("  {:<9} {}\n", reading.domain, trial::describe({reading}));
  }
  const auto above = trial::above_idle(energy);
  lines += fmt::format("above idle  {}\n", above ? base::format(*above) : "unknown: idle power is not known");
  lines += fmt::format("mean power  {}\n", or_unknown(mean_power(measurement)));
  lines += fmt::format("time        {}\n", duration(measurement.time));
  lines +=
      fmt::format("CPU time    {}\n", measurement.cpu_time ? duration(*measurement.cpu_time) : "unknown");
  const std::string note = trial::note(energy);
  if (trial::total(energy) && !note.empty()) lines += fmt::format("note        {}\n", note);
  return lines;
}

std::string json(const Measurement& measurement) {
  const trial::Energy& energy = measurement.energy;
  const auto joules = trial::total(energy);
  Json object = {{"command", measurement.command},
                 {"exit", measurement.exit},
                 {"signal", measurement.signal ? Json(*measurement.signal) : Json(nullptr)},
                 {"seconds", measurement.time.value},
                 {"cpu_seconds", number(measurement.cpu_time)},
                 {"joules", number(joules)},
                 {"joules_error", uncertainty(joules, trial::error(energy))},
                 {"joules_above_idle", number(trial::above_idle(energy))},
                 {"watts", number(mean_power(measurement))},
                 {"quality", trial::name(trial::worst(energy))},
                 {"domains", Json::array()},
                 {"note", trial::note(energy)}};
  for (const trial::Reading& reading : energy) object["domains"].push_back(domain(reading));
  // A command's arguments need not be UTF-8.
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sm2::cli
