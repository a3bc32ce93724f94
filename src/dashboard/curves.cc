#include "dashboard/curves.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "dashboard/raw_json.h"
#include "dashboard/selection.h"
#include "report/downsample.h"
#include "report/fate.h"

namespace sm2::dashboard {
namespace {

using Evaluations = std::vector<const trial::Evaluation*>;

std::optional<double> finite(const config::Spec& spec, const trial::Evaluation& evaluation) {
  const auto value = report::metric(spec, evaluation);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

bool has_a_curve(const config::Spec& spec, const journal::Trial& trial) {
  return std::ranges::any_of(trial.evaluations,
                             [&](const auto& one) { return finite(spec, one).has_value(); });
}

// Those whose metric can be drawn, thinned by it.
Evaluations drawn(const config::Spec& spec, const journal::Trial& trial, std::size_t points) {
  Evaluations all, kept;
  std::vector<report::Place> places;
  for (const trial::Evaluation& evaluation : trial.evaluations) {
    const auto value = finite(spec, evaluation);
    if (!value) continue;
    all.push_back(&evaluation);
    places.push_back({evaluation.resource, *value});
  }
  for (const std::size_t at : report::downsample(places, points)) kept.push_back(all[at]);
  return kept;
}

// What a curve can be drawn against.
struct Against {
  raw::Column resource, joules, seconds, samples;

  void add(const trial::Evaluation& evaluation) {
    resource.add(evaluation.resource);
    joules.add_raw(raw::number(trial::total(evaluation.energy)));
    seconds.add(evaluation.seconds.value);
    samples.add(evaluation.progress.samples);
  }
};

std::string curve(const report::Study& study, const journal::Trial& trial, std::size_t points) {
  Against against;
  raw::Column metric;
  for (const trial::Evaluation* evaluation : drawn(study.spec, trial, points)) {
    against.add(*evaluation);
    metric.add(finite(study.spec, *evaluation));
  }
  return raw::object({{"trial", std::to_string(trial.id)},
                      {"state", raw::string(report::trial_state(trial, study.tuner_alive))},
                      {"evaluations", std::to_string(trial.evaluations.size())},
                      {"resource", against.resource.json()},
                      {"joules", against.joules.json()},
                      {"seconds", against.seconds.json()},
                      {"samples", against.samples.json()},
                      {"metric", metric.json()}});
}

}  // namespace

std::string curves_json(const Folded& folded, std::size_t trials, std::size_t points) {
  const report::Study& study = folded.study;
  const auto summary = report::summarize(study.spec, study.state, study.tuner_alive);
  auto ranked = report::best_first(study, summary);
  std::erase_if(ranked, [&](const auto* trial) { return !has_a_curve(study.spec, *trial); });
  raw::Column curves;
  for (const journal::Trial* trial : selection(ranked, trials)) curves.add_raw(curve(study, *trial, points));
  return raw::object({{"events", std::to_string(study.state.events)},
                      {"unit", raw::string(study.spec.resource.unit)},
                      {"all", std::to_string(ranked.size())},
                      {"curves", curves.json()}});
}

std::string evaluations_json(const config::Spec& spec, const journal::Trial& trial, std::size_t points) {
  const Evaluations kept = drawn(spec, trial, points);
  std::set<std::string> names;
  Against against;
  for (const trial::Evaluation* evaluation : kept) {
    against.add(*evaluation);
    for (const auto& [name, value] : evaluation->metrics) names.insert(name);
  }
  std::vector<std::pair<std::string, std::string>> metrics;
  for (const std::string& name : names) {
    raw::Column column;
    for (const trial::Evaluation* evaluation : kept) {
      const auto found = evaluation->metrics.find(name);
      column.add(found == evaluation->metrics.end() ? std::nullopt : std::optional(found->second));
    }
    metrics.emplace_back(name, column.json());
  }
  return raw::object({{"all", std::to_string(trial.evaluations.size())},
                      {"resource", against.resource.json()},
                      {"joules", against.joules.json()},
                      {"seconds", against.seconds.json()},
                      {"samples", against.samples.json()},
                      {"metrics", raw::object(metrics)}});
}

}  // namespace sm2::dashboard
