#include "study/experience.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "journal/json_number.h"

namespace sm2::study {
namespace {

using nlohmann::json;
using strategy::Experience;

std::string device_of(const journal::StudyState& state) {
  std::string device;
  for (const std::string& source : state.sources) device += (device.empty() ? "" : "; ") + source;
  return device;
}

std::vector<Experience::Point> points_of(const journal::Trial& trial, const config::Metric& wanted) {
  std::vector<Experience::Point> points;
  for (const trial::Evaluation& evaluation : trial.evaluations) {
    const auto metric = evaluation.metrics.find(wanted.name);
    const auto joules = trial::total(evaluation.energy);
    if (metric == evaluation.metrics.end() || !std::isfinite(metric->second) || !joules) continue;
    points.push_back({evaluation.resource, config::oriented(wanted, metric->second), joules->value});
  }
  return points;
}

json encode_one(const Experience& trial) {
  json points = json::array();
  for (const Experience::Point& point : trial.points)
    points.push_back({point.resource, point.metric, journal::number(point.joules)});
  json object = {{"study", trial.study},
                 {"device", trial.device},
                 {"params", space::to_json(trial.configuration)},
                 {"points", std::move(points)},
                 {"reached", trial.reached},
                 {"joules", journal::number(trial.joules)}};
  if (trial.failed) object["failed"] = true;
  return object;
}

Experience decode_one(const json& object) {
  Experience trial;
  trial.study = object.at("study").get<int>();
  trial.device = object.at("device").get<std::string>();
  trial.configuration = space::configuration_from_json(object.at("params"));
  for (const json& point : object.at("points"))
    trial.points.push_back(
        {point.at(0).get<double>(), point.at(1).get<double>(), journal::to_number(point.at(2))});
  trial.reached = object.at("reached").get<double>();
  trial.joules = journal::to_number(object.at("joules"));
  trial.failed = object.value("failed", false);
  return trial;
}

}  // namespace

std::vector<Experience> experience_of(const journal::StudyState& state, const config::Spec& spec, int study) {
  std::vector<Experience> all;
  for (const auto& [id, trial] : state.trials) {
    if (trial.segments.empty() || trial.segments.front().train.parent) continue;
    Experience one;
    one.study = study;
    one.device = device_of(state);
    one.configuration = trial.configuration;
    one.points = points_of(trial, spec.metric);
    one.reached = std::max(trial.resource, trial.checkpoint_resource);
    one.joules = trial.charged.value;
    one.failed = trial.state == journal::TrialState::kFailed;
    all.push_back(std::move(one));
  }
  return all;
}

std::string encode(const std::vector<Experience>& experience) {
  if (experience.empty()) return {};
  json list = json::array();
  for (const Experience& trial : experience) list.push_back(encode_one(trial));
  return list.dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<std::vector<Experience>> decode_experience(std::string_view text) {
  std::vector<Experience> all;
  if (text.empty()) return all;
  try {
    for (const json& object : json::parse(text)) all.push_back(decode_one(object));
    return all;
  } catch (const std::exception& error) {
    return base::fail("the experience that the study began with cannot be read: {}", error.what());
  }
}

}  // namespace sm2::study
