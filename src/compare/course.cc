#include "compare/course.h"

#include <algorithm>
#include <cmath>

namespace sm2::compare {
namespace {

constexpr base::Seconds kLongestTry{2};
constexpr double kTriesPerUnit = 64;

std::optional<double> number(const space::Configuration& configuration, const std::string& name) {
  const auto found = configuration.find(name);
  if (found == configuration.end() || !space::is_number(found->second)) return {};
  return space::as_number(found->second);
}

}  // namespace

Course::Course(const workload::Job& job, const space::Configuration& configuration,
               std::unique_ptr<workload::Training> training, double from)
    : job_(&job),
      training_(std::move(training)),
      batch_size_(number(configuration, "batch_size")),
      reached_(std::min(from, end())) {
  if (!job.power_limits.empty()) limit_ = job.power_limits.back();
}

double Course::end() const { return std::min(job_->resource_max, static_cast<double>(training_->length())); }

workload::Cost Course::cost(double at, std::optional<base::Watts> limit) const {
  const int unit = static_cast<int>(std::floor(at)) + 1;
  return training_->cost(std::min(unit, training_->length()), limit);
}

Leg Course::next(double until, std::optional<base::Seconds> probe, bool tune) {
  const double goal = std::min(until, std::floor(reached_) + 1);
  Leg leg{reached_, {}, {}};
  // Trains for `wanted`, or less where the leg ends before; whether it was all of it.
  const auto train = [&](const workload::Cost& cost, std::optional<base::Seconds> wanted) {
    base::Seconds room = (goal - leg.to) * cost.seconds;
    const bool to_goal = !probe || room <= *probe - leg.seconds;
    if (!to_goal) room = *probe - leg.seconds;
    const bool all = wanted && *wanted < room;
    const base::Seconds time = all ? *wanted : room;
    const double units = all || !to_goal ? time / cost.seconds : goal - leg.to;
    leg.to = all || !to_goal ? leg.to + units : goal;
    leg.seconds += time;
    leg.joules += units * cost.joules;
    return all;
  };

  if (tune && !search_ && !job_->power_limits.empty())
    search_ = std::make_unique<objective::PowerSearch>(job_->power_limits);
  while (tune && search_) {
    const auto tried = search_->next();
    if (!tried) break;
    limit_ = tried;
    const workload::Cost unit = cost(leg.to, limit_);
    if (!train(unit, std::min(kLongestTry, unit.seconds / kTriesPerUnit))) return leg;
    search_->tell(unit.joules.value / job_->samples_per_unit, unit.seconds.value / job_->samples_per_unit);
  }
  if (search_ && search_->best()) limit_ = search_->best();
  train(cost(leg.to, limit_), {});
  return leg;
}

std::optional<double> Course::walk(const Leg& leg) {
  reached_ = leg.to;
  joules_ += leg.joules;
  seconds_ += leg.seconds;
  if (reached_ < 1 || reached_ != std::floor(reached_)) return {};
  const auto seen = training_->metric(static_cast<int>(reached_));
  if (seen) {
    metric_ = seen;
    test_metric_ = training_->test_metric(static_cast<int>(reached_));
  }
  return seen;
}

void Course::give_up(const Leg& leg, double share) {
  reached_ += share * (leg.to - reached_);
  joules_ += share * leg.joules;
  seconds_ += share * leg.seconds;
}

// What a unit costs where the training stands. A recorded first unit holds the program's start, which the second does not.
workload::Cost Course::steady_unit() const {
  const workload::Cost here = cost(std::max(0.0, std::ceil(reached_) - 1), limit_);
  if (reached_ > 1 || job_->resource_max < 2) return here;
  const workload::Cost second = cost(1, limit_);
  return second.joules > base::Joules(0) && second.joules < here.joules ? second : here;
}

trial::Stretch Course::stretch(trial::Outcome outcome) const {
  trial::Stretch stretch;
  stretch.outcome = std::move(outcome);
  stretch.reached = reached_;
  stretch.metric = metric_;
  trial::Reading& reading = stretch.energy.emplace_back();
  reading.domain = "workload";
  reading.source = "replay";
  reading.quality = trial::Quality::kReplayed;
  reading.joules = joules_;
  stretch.seconds = seconds_;
  const workload::Cost unit = steady_unit();
  stretch.progress.samples = reached_ * job_->samples_per_unit;
  stretch.progress.joules_per_sample = unit.joules.value / job_->samples_per_unit;
  stretch.progress.seconds_per_sample = unit.seconds.value / job_->samples_per_unit;
  stretch.progress.samples_per_step = batch_size_;
  if (search_ && !search_->next()) stretch.progress.power_limit = search_->best();
  return stretch;
}

}  // namespace sm2::compare
