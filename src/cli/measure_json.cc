#include "cli/measure_json.h"

#include <nlohmann/json.hpp>

namespace sm2::cli {
namespace {

using base::Joules;
using Json = nlohmann::ordered_json;

template <class Unit>
Json number(std::optional<base::Quantity<Unit>> quantity) {
  return quantity ? Json(quantity->value) : Json(nullptr);
}

// How sure a figure is belongs to a figure: without one, null.
Json uncertainty(std::optional<Joules> joules, Joules value) {
  return joules ? Json(value.value) : Json(nullptr);
}

Json grams(std::optional<Joules> joules, const Background& background) {
  return joules && background.grid ? Json(footprint::grams(*joules, *background.grid)) : Json(nullptr);
}

Json cost(std::optional<Joules> joules, const Background& background) {
  return joules && background.price ? Json(footprint::cost(*joules, *background.price).amount)
                                    : Json(nullptr);
}

Json domain(const trial::Reading& reading, const Figures& figures, const Background& background) {
  const bool timed = reading.joules && figures.time && *figures.time > base::Seconds(0);
  return {{"name", reading.domain},
          {"source", reading.source},
          {"joules", number(reading.joules)},
          {"error", uncertainty(reading.joules, reading.error)},
          {"noise", uncertainty(reading.joules, reading.noise)},
          {"idle", number(reading.idle)},
          {"watts", timed ? Json((*reading.joules / *figures.time).value) : Json(nullptr)},
          {"co2e_grams", grams(reading.joules, background)},
          {"cost", cost(reading.joules, background)},
          {"quality", trial::name(reading.quality)},
          {"method", reading.method},
          {"counted", reading.counted},
          {"note", reading.note}};
}

Json end_of(int exit, std::optional<int> signal) {
  return {{"exit", exit}, {"signal", signal ? Json(*signal) : Json(nullptr)}};
}

// The figures of one run, or the medians of several.
Json figures_of(const Figures& figures, const Background& background) {
  const std::optional<Joules> error = figures.joules ? std::optional(figures.error) : std::nullopt;
  Json object = {{"seconds", number(figures.time)},
                 {"cpu_seconds", number(figures.cpu_time)},
                 {"joules", number(figures.joules)},
                 {"joules_error", number(error)},
                 {"joules_idle", number(figures.idle)},
                 {"joules_above_idle", number(figures.above_idle)},
                 {"watts", number(figures.watts)},
                 {"co2e_grams", grams(figures.joules, background)},
                 {"co2e_grams_error", grams(error, background)},
                 {"cost", cost(figures.joules, background)},
                 {"cost_error", cost(error, background)},
                 {"quality", trial::name(trial::worst(figures.energy))},
                 {"domains", Json::array()},
                 {"note", trial::note(figures.energy)}};
  for (const trial::Reading& reading : figures.energy)
    object["domains"].push_back(domain(reading, figures, background));
  return object;
}

Json background_of(const Background& background) {
  Json object = {{"grid", nullptr},
                 {"price", nullptr},
                 {"power_limit_watts", number(background.power_limit)},
                 {"missing", Json::array()}};
  if (const auto& grid = background.grid)
    object["grid"] = {{"grams_per_kwh", grid->grams_per_kwh}, {"origin", grid->origin}};
  if (const auto& price = background.price)
    object["price"] = {{"per_kwh", price->per_kwh}, {"currency", price->currency}};
  for (const meter::Unusable& missing : background.missing)
    object["missing"].push_back({{"reason", missing.reason}, {"remedy", missing.remedy}});
  return object;
}

Json spread_of(const std::vector<Measurement>& runs, auto figure) {
  std::vector<double> values;
  for (const Measurement& run : runs) {
    if (const auto value = figures(run).*figure) values.push_back(value->value);
  }
  const auto found = spread(values);
  if (!found) return nullptr;
  return {
      {"low", found->low}, {"high", found->high}, {"deviation", found->deviation}, {"runs", values.size()}};
}

Json series_of(const Series& series, const Background& background) {
  const auto good = series.succeeded();
  const Measurement* failed = series.failed();
  const Figures medians = typical(good);
  Json object = {{"command", series.command}};
  object.update(end_of(series.exit, failed ? failed->signal : std::nullopt));
  object.update(figures_of(medians, background));
  object["runs"] = Json::array();
  for (const Measurement& run : series.runs) {
    object["runs"].push_back(end_of(run.exit, run.signal));
    object["runs"].back().update(figures_of(figures(run), background));
  }
  object["median"] = {{"joules", number(medians.joules)},
                      {"watts", number(medians.watts)},
                      {"seconds", number(medians.time)}};
  object["spread"] = {{"joules", spread_of(good, &Figures::joules)},
                      {"watts", spread_of(good, &Figures::watts)},
                      {"seconds", spread_of(good, &Figures::time)}};
  return object;
}

Json ratio_of(const std::optional<Ratio>& ratio) {
  if (!ratio) return nullptr;
  return {{"median", ratio->median},     {"low", ratio->low},     {"high", ratio->high},
          {"coverage", ratio->coverage}, {"pairs", ratio->pairs}, {"difference", ratio->tells()}};
}

// A command's arguments need not be UTF-8.
std::string dump(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string json(const Measurement& measurement, const Background& background) {
  Json object = {{"command", measurement.command}};
  object.update(end_of(measurement.exit, measurement.signal));
  object.update(figures_of(figures(measurement), background));
  object.update(background_of(background));
  return dump(object);
}

std::string json(const Series& series, const Background& background) {
  Json object = series_of(series, background);
  object.update(background_of(background));
  return dump(object);
}

std::string json(const Comparison& comparison, const Background& background) {
  const Ratios found = ratios(comparison);
  Json object = series_of(comparison.a, background);
  object["versus"] = series_of(comparison.b, background);
  object["ratio"] = {{"joules", ratio_of(found.joules)},
                     {"seconds", ratio_of(found.seconds)},
                     {"interval", "sign test"},
                     {"unresolved", found.unresolved},
                     {"modelled", found.modelled}};
  object.update(background_of(background));
  return dump(object);
}

}  // namespace sm2::cli
