#include "report/html/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/html/curves.h"

namespace sm2::report::html {
namespace {

constexpr int kColours = 7;
constexpr std::size_t kNamedWhenMany = 6;

std::string look(std::size_t place, Fate fate, std::size_t trials) {
  if (fate == Fate::kWinner || fate == Fate::kBest) return "winner";
  if (trials > kDistinct && place >= kNamedWhenMany) return "grey";
  const std::size_t index = place == 0 ? 0 : place - 1;
  return fmt::format("c{} d{}", index % kColours, index / kColours % 5);
}

struct Missing {
  std::vector<int> no_energy, not_finite, no_evaluation;
};

std::string sentence(const std::vector<int>& trials, const std::string& what) {
  constexpr std::size_t kNamed = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(kNamed, trials.size()); ++i) {
    names += fmt::format("{}{}", i == 0 ? "" : ", ", trials[i]);
  }
  if (trials.size() > kNamed) names += fmt::format(" and {} more", trials.size() - kNamed);
  return fmt::format("Trial{} {} {}.", trials.size() == 1 ? "" : "s", names, what);
}

Series series(const Study& study, const journal::Trial& trial, Missing& missing) {
  Series line{&trial, Fate::kWaiting, "", {}};
  bool no_energy = false;
  bool not_finite = false;
  bool joined = false;
  for (const trial::Evaluation& evaluation : trial.evaluations) {
    const auto joules = trial::total(evaluation.energy);
    const auto value = metric(study.spec, evaluation);
    const bool finite = value && std::isfinite(*value);
    const bool known = joules && joules->value > 0;
    no_energy |= !known;
    not_finite |= !finite;
    if (finite && known) line.points.push_back({joules->value, *value, evaluation.resource, joined});
    joined = finite && known;
  }
  if (no_energy) missing.no_energy.push_back(trial.id);
  if (not_finite) missing.not_finite.push_back(trial.id);
  if (trial.evaluations.empty()) missing.no_evaluation.push_back(trial.id);
  return line;
}

// All values, unless a few outliers would squeeze the rest into a tenth of the picture.
Axis metric_axis(const Study& study, const std::vector<Series>& all) {
  std::vector<double> values;
  for (const Series& one : all) {
    for (const Point& point : one.points) values.push_back(point.metric);
  }
  std::ranges::sort(values);
  const auto quantile = [&](double q) {
    return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
  };
  double low = values.front();
  double high = values.back();
  const double core = quantile(0.9) / 2 - quantile(0.1) / 2;
  if (core > 0 && high / 2 - low / 2 > 8 * core) {
    low = std::max(low, quantile(0.1) - 2 * core);
    high = std::min(high, quantile(0.9) + 2 * core);
  }
  const double best = all.front().points.back().metric;
  low = std::min(low, best);
  high = std::max(high, best);
  if (const auto target = study.spec.metric.target) {
    low = std::min(low, *target);
    high = std::max(high, *target);
  }
  return linear_axis(low, high);
}

}  // namespace

Drawing drawing(const Study& study, const Summary& summary) {
  Drawing picture;
  Missing missing;
  const auto trials = best_first(study, summary);
  double least = INFINITY;
  double most = 0;
  for (const journal::Trial* trial : trials) {
    Series line = series(study, *trial, missing);
    if (line.points.empty()) continue;
    line.fate = fate(*trial, summary);
    line.look = look(picture.series.size(), line.fate, trials.size());
    for (const Point& point : line.points) {
      least = std::min(least, point.joules);
      most = std::max(most, point.joules);
    }
    picture.series.push_back(std::move(line));
  }
  if (!missing.no_evaluation.empty()) {
    picture.gaps.push_back(sentence(missing.no_evaluation, "reported no evaluation and cannot be drawn"));
  }
  if (!missing.not_finite.empty()) {
    picture.gaps.push_back(
        sentence(missing.not_finite, "reported values that are not finite numbers; these are left out"));
  }
  if (!missing.no_energy.empty()) {
    picture.gaps.push_back(
        sentence(missing.no_energy, "had evaluations whose energy is unknown; these are left out"));
  }
  if (picture.series.empty()) return picture;
  picture.unit = most >= 2e6 ? 1e6 : most >= 2e3 ? 1e3 : 1;
  picture.unit_name = most >= 2e6 ? "MJ" : most >= 2e3 ? "kJ" : "J";
  picture.x = energy_axis(least / picture.unit, most / picture.unit);
  picture.y = metric_axis(study, picture.series);
  for (const Series& one : picture.series) {
    for (const Point& point : one.points) {
      if (point.metric < picture.y.low || point.metric > picture.y.high) ++picture.outside;
    }
  }
  return picture;
}

}  // namespace sm2::report::html
