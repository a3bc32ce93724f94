#include "compare/json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace sm2::compare {
namespace {

using Json = nlohmann::ordered_json;

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json object(const Figure& figure) {
  return {{"mean", number(figure.mean)},
          {"median", number(figure.median)},
          {"low", number(figure.low)},
          {"high", number(figure.high)}};
}
Json object(const std::optional<Figure>& figure) { return figure ? object(*figure) : Json(nullptr); }

// Of an oriented metric, in its own sense.
std::optional<Figure> own_sense(const std::optional<Figure>& oriented, const Case& of) {
  if (!oriented || !of.minimized) return oriented;
  return Figure{-oriented->mean, -oriented->median, -oriented->high, -oriented->low};
}

Json metric(const Row& row, const Case& of) {
  const std::optional<double> target = of.target && of.minimized ? std::optional(-*of.target) : of.target;
  Json metric = {
      {"name", of.metric}, {"goal", of.minimized ? "minimize" : "maximize"}, {"target", number(target)}};
  const std::optional<Figure> own = own_sense(row.metric, of);
  metric["mean"] = own ? number(own->mean) : Json(nullptr);
  metric["median"] = own ? number(own->median) : Json(nullptr);
  metric["low"] = own ? number(own->low) : Json(nullptr);
  metric["high"] = own ? number(own->high) : Json(nullptr);
  return metric;
}

Json whole(const WholeFigures& figures, const Case& of) {
  return {{"joules", object(figures.joules)},
          {"seconds", object(figures.seconds)},
          {"metric", object(own_sense(figures.metric, of))},
          {"test_metric", object(own_sense(figures.test_metric, of))}};
}

Json oracle(const Case& of) {
  if (!of.oracle) return nullptr;
  return {{"params", Json::parse(space::to_json(of.oracle->configuration).dump())},
          {"power_limit_watts", of.oracle->limit ? number(of.oracle->limit->value) : Json(nullptr)},
          {"joules", number(of.oracle->joules.value)},
          {"seconds", number(of.oracle->seconds.value)},
          {"metric", number(of.minimized ? -of.oracle->metric : of.oracle->metric)}};
}

Json row_object(const Comparison& comparison, const Row& row) {
  const Case& of = comparison.cases[row.at];
  const auto jobs = comparison.seeds * comparison.recurrences;
  Json object_ = {{"case", of.name},
                  {"strategy", row.strategy},
                  {"seeds", comparison.seeds},
                  {of.oracle ? "over_oracle" : "over_best", object(row.over)},
                  {"joules", object(row.joules)},
                  {"seconds", object(row.seconds)},
                  {"quality", comparison.quality},
                  {"source", comparison.source},
                  {"metric", metric(row, of)},
                  {"regret", object(row.regret)},
                  {"trials", number(row.trials)},
                  {"jobs", jobs},
                  {"reached", jobs - row.missed},
                  {"starts", row.starts},
                  {"oracle", oracle(of)}};
  if (row.test_metric) object_["test_metric"] = object(own_sense(row.test_metric, of));
  if (row.whole) object_["to_the_end"] = whole(*row.whole, of);
  if (comparison.recurrences > 1) {
    Json each = Json::array();
    for (int job = 0; job < comparison.recurrences; ++job) {
      double sum = 0;
      for (const Run& run : row.runs) sum += run.jobs[static_cast<std::size_t>(job)] / of.reference;
      each.push_back(number(sum / static_cast<double>(row.runs.size())));
    }
    object_["recurrences"] = {{"count", comparison.recurrences},
                              {"last", std::max(0, comparison.recurrences - kFirstRecurrences)},
                              {"over_oracle_last", object(row.over_last)},
                              {"over_oracle_each", std::move(each)}};
  }
  return object_;
}

}  // namespace

std::string json(const Comparison& comparison) {
  Json cases = Json::array();
  for (const Row& row : comparison.rows) cases.push_back(row_object(comparison, row));
  const bool oracles = !comparison.cases.empty() && comparison.cases.front().oracle;
  const std::string over = oracles ? "over_oracle" : "over_best";
  Json summary = Json::array();
  for (const Summary& one : comparison.summary) {
    Json& object_ = summary.emplace_back(Json{{"strategy", one.strategy},
                                              {over + "_geomean", number(one.geomean)},
                                              {over + "_worst", number(one.worst)},
                                              {"missed", one.missed}});
    if (!one.geomean_last) continue;
    object_[over + "_last_geomean"] = number(one.geomean_last);
    object_[over + "_last_worst"] = number(one.worst_last);
  }
  const Json all = {{"cases", std::move(cases)},
                    {"summary", std::move(summary)},
                    {"seed", comparison.first_seed},
                    {"workers", comparison.workers},
                    {"recurrences", comparison.recurrences}};
  return all.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace sm2::compare
