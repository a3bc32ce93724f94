#include "exchange/past_trials.h"

#include <fmt/ranges.h>

#include <cmath>

#include "exchange/fitting.h"
#include "exchange/past_trial.h"

namespace sm2::exchange {
namespace {

using strategy::Experience;

Experience experience_of(const PastTrial& trial, space::Configuration configuration,
                         const config::Metric& metric) {
  Experience one;
  one.configuration = std::move(configuration);
  one.failed = trial.failed;
  one.joules = trial.points.empty() ? std::nan("") : trial.points.back().joules;
  for (Experience::Point point : trial.points) {
    one.reached = point.resource;
    if (std::isnan(point.joules)) one.joules = point.joules;
    point.metric = config::oriented(metric, point.metric);
    if (std::isfinite(point.metric)) one.points.push_back(point);
  }
  return one;
}

}  // namespace

base::Result<PastTrials> read_past_trials(const config::PastFile& file, const config::Spec& spec) {
  const auto read =
      file.kind == config::PastFile::Kind::kOptuna ? read_optuna(file, spec) : read_csv(file, spec);
  if (!read) return tl::unexpected(read.error());
  Fitting fitting(spec.space);
  PastTrials past;
  for (const PastTrial& trial : *read) {
    if (auto configuration = fitting.fit(trial.parameters))
      past.trials.push_back(experience_of(trial, *std::move(configuration), spec.metric));
  }
  past.left_out = fitting.faults();
  if (!past.trials.empty()) return past;
  if (read->empty()) return base::fail("{}: it has no trial that has ended", file.path);
  return base::fail("{}: no trial fits the space: {}", file.path, fmt::join(past.left_out, "; "));
}

}  // namespace sm2::exchange
