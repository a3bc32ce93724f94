#include "strategy/setting_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "strategy/candidates.h"
#include "strategy/memory_need.h"
#include "strategy/sample_cost.h"

namespace sm2::strategy {
namespace {

constexpr double kRateRule = 0.5;   // the middle learning rate goes with the square root of the batch
constexpr double kApart = 1;        // octaves to a neighbour at least
constexpr double kLookAgain = 1.1;  // the choice is made anew when the run has grown by this factor
// Likewise what the forecast is given, after the first three evaluations.
constexpr double kObserveAgain = 1.25, kAllObserved = 3.5;

double log_rate(const space::Configuration& setting) {
  return std::log2(space::as_number(setting.at(kLearningRate)));
}

space::Configuration rest(space::Configuration setting) {
  setting.erase(kBatchSize);
  setting.erase(kLearningRate);
  return setting;
}

}  // namespace

SettingSearch::SettingSearch(std::vector<space::Configuration> settings, const Options& options)
    : options_(options) {
  std::set<double> sizes;
  for (const auto& setting : settings) sizes.insert(batch_size(setting).value_or(1));
  for (const double size : sizes) sizes_.push_back({size, false, {}});
  std::vector<space::Configuration> groups;
  for (space::Configuration& setting : settings) {
    const double size = batch_size(setting).value_or(1);
    auto group = std::ranges::find(groups, rest(setting));
    if (group == groups.end()) group = groups.insert(group, rest(setting));
    settings_.push_back({size, space::as_number(setting.at(kLearningRate)),
                         static_cast<std::size_t>(group - groups.begin())});
    Arm arm;
    arm.configuration = std::move(setting);
    arm.size = static_cast<std::size_t>(std::ranges::find(sizes_, size, &Size::batch_size) - sizes_.begin());
    arms_.push_back(std::move(arm));
  }
}

trial::Decision SettingSearch::ask() {
  const bool runs = std::ranges::any_of(runs_, &Run::running);
  if (runs && !(parallel() && forecast_)) return trial::Wait{};
  if (const auto choice = next()) return choice->probe ? probe(choice->arm) : train(choice->arm);
  if (runs) return trial::Wait{};
  return finish();
}

std::optional<SettingSearch::Choice> SettingSearch::next() {
  if (forecast_) return choose();
  const auto first = first_choice();
  return first ? std::optional(Choice{*first}) : std::nullopt;
}

std::optional<std::size_t> SettingSearch::largest() const {
  for (std::size_t size = sizes_.size(); size-- > 0;)
    if (middle_rate_of(size)) return size;
  return {};
}

// Half way down from the largest to the smallest batch size, on a log scale.
std::optional<std::size_t> SettingSearch::first_choice() const {
  const auto top = largest();
  if (!top) return {};
  const double half = std::sqrt(sizes_.front().batch_size * sizes_[*top].batch_size);
  const auto off = [&](std::size_t at) { return std::abs(std::log(sizes_[at].batch_size / half)); };
  std::size_t middle = *top;
  for (std::size_t size = *top; size-- > 0;)
    if (middle_rate_of(size) && off(size) < off(middle)) middle = size;
  return middle_rate_of(middle);
}

std::optional<std::size_t> SettingSearch::middle_rate_of(std::size_t size) const {
  const auto [low, high] =
      std::ranges::minmax(arms_, {}, [](const Arm& arm) { return log_rate(arm.configuration); });
  const double middle = std::log2(sizes_.front().batch_size * sizes_.back().batch_size) / 2;
  const double wanted = (log_rate(low.configuration) + log_rate(high.configuration)) / 2 +
                        kRateRule * (std::log2(sizes_[size].batch_size) - middle);
  const auto off = [&](std::size_t arm) { return std::abs(log_rate(arms_[arm].configuration) - wanted); };
  std::optional<std::size_t> nearest;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (arms_[arm].size != size || arms_[arm].out) continue;
    if (!nearest || off(arm) < off(*nearest)) nearest = arm;
  }
  return nearest;
}

std::vector<std::size_t> SettingSearch::neighbours(std::size_t of) const {
  std::vector<std::size_t> found;
  for (const double side : {-1.0, 1.0}) {
    std::optional<std::size_t> nearest;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
      const bool alike = arms_[arm].size == arms_[of].size && settings_[arm].group == settings_[of].group;
      const double off = side * std::log2(settings_[arm].learning_rate / settings_[of].learning_rate);
      if (!alike || arms_[arm].out || off < kApart || off >= least) continue;
      nearest = arm;
      least = off;
    }
    if (nearest) found.push_back(*nearest);
  }
  return found;
}

trial::Train SettingSearch::probe(std::size_t arm) {
  trial::Train probe = train(arm);
  runs_[*arms_[arm].run].probing = true;
  probe.probe = options_.probe;
  probe.rung = 0;
  probe.tune_power = false;
  return probe;
}

trial::Train SettingSearch::train(std::size_t arm) {
  if (!arms_[arm].run) {
    arms_[arm].run = runs_.size();
    runs_.emplace_back().arm = arm;
  }
  Run& run = runs_[*arms_[arm].run];
  run.running = true;
  run.probing = false;
  run.begun = run.look = run.reached;
  trial::Train train;
  train.trial = static_cast<trial::TrialId>(*arms_[arm].run);
  train.configuration = arms_[arm].configuration;
  train.rung = 1;
  train.until = options_.resource_max;
  train.tune_power = options_.tune_power;
  return train;
}

void SettingSearch::take(Run& run, const trial::Stretch& stretch, bool evaluated) {
  const auto known = trial::total(stretch.energy);
  if (!by_time_) by_time_ = !known;
  if (*by_time_) {
    run.joules = stretch.seconds.value;
  } else if (known) {
    run.joules = known->value;
  }
  if (stretch.seconds.value > 0) watts_ = run.joules / stretch.seconds.value;
  const auto cost = sample_cost(stretch, *by_time_);
  auto& sample_joules = sizes_[arms_[run.arm].size].sample_joules;
  if (cost) sample_joules = cost;
  run.reached = std::max(run.reached, stretch.reached);
  if (!evaluated || !stretch.metric || !std::isfinite(*stretch.metric) || stretch.reached <= run.seen_at)
    return;
  const bool first = run.seen.empty();
  if (first && cost && stretch.progress.samples) {
    run.seen_joules = run.joules - *cost * *stretch.progress.samples;
    start_joules_ += std::max(0.0, run.seen_joules);
    ++starts_;
  }
  if (first || run.seen_at > run.begun) {  // without what the program used to start anew
    run.steady_joules += std::max(0.0, run.joules - run.seen_joules);
    run.steady_units += stretch.reached - run.seen_at;
  }
  if (!cost && run.steady_joules > 0) sample_joules = run.unit_joules();  // a program that reports no steps
  run.seen_at = stretch.reached;
  run.seen_joules = run.joules;
  observe(run, *stretch.metric);
}

void SettingSearch::observe(Run& run, double metric) {
  if (run.seen.empty() || metric > run.best) {
    run.best = metric;
    run.best_at = run.seen_at;
  }
  run.seen.push_back(metric);
  if (!forecast_) {
    interval_ = run.seen_at;
    const auto target = options_.target ? std::optional(written(*options_.target)) : std::nullopt;
    forecast_ = std::make_unique<objective::SettingForecast>(
        settings_, target, options_.minimized, options_.resource_max / interval_, options_.seed);
  }
  const double units = run.seen_at / interval_;
  forecast_->outlasted(static_cast<std::size_t>(&run - runs_.data()), run.arm, units);
  if (units > kAllObserved && run.seen_at < kObserveAgain * run.observed_at) return;
  run.observed_at = run.seen_at;
  forecast_->observe(run.arm, units, written(shown(run)));
}

Verdict SettingSearch::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  Run& run = runs_[static_cast<std::size_t>(trial)];
  take(run, so_far, true);
  // A program that reports no steps is probed to its first evaluation.
  if (run.probing)
    return {sample_cost(so_far, *by_time_) ? trial::Action::kContinue : trial::Action::kPause, {}};
  if (run.reached < run.look) return {};
  run.look = run.reached * kLookAgain;
  asked_ = static_cast<std::size_t>(trial);
  const bool goes_on = next() == Choice{run.arm};
  asked_.reset();
  return {goes_on ? trial::Action::kContinue : trial::Action::kPause, {}};
}

void SettingSearch::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  Run& run = runs_[static_cast<std::size_t>(trial)];
  Arm& arm = arms_[run.arm];
  run.running = false;
  if (run.probing) sizes_[arm.size].probed = true;
  take(run, stretch, stretch.reached >= options_.resource_max);  // judge() has seen all but the last
  if (!trial::usable(stretch.outcome)) {
    run.failed = arm.out = true;
    fail(run, stretch.outcome);
  } else if (std::holds_alternative<trial::Completed>(stretch.outcome) ||
             run.reached >= options_.resource_max) {
    arm.out = true;
    ++full_;
  }
}

void SettingSearch::fail(const Run& run, const trial::Outcome& outcome) {
  if (std::holds_alternative<trial::Diverged>(outcome) && forecast_) forecast_->diverged(run.arm);
  if (!std::holds_alternative<trial::OutOfMemory>(outcome)) return;
  for (Arm& arm : arms_) {
    if (!arm.run && needs_no_less_memory(arm.configuration, arms_[run.arm].configuration)) arm.out = true;
  }
}

bool SettingSearch::looked_at(std::size_t arm) const {
  return arms_[arm].run && !runs_[*arms_[arm].run].seen.empty();
}

bool SettingSearch::taken(std::size_t arm) const {
  return arms_[arm].out || (arms_[arm].run && runs_[*arms_[arm].run].running && !goes_on(arm));
}

double SettingSearch::start_joules() const { return starts_ > 0 ? start_joules_ / starts_ : 0; }

// What was seen; else a cost per step and one per sample, fitted to the two smallest that were. Where one was seen, a step costs as
// much as the samples of the middle batch size.
double SettingSearch::sample_joules(std::size_t size) const {
  if (sizes_[size].sample_joules) return *sizes_[size].sample_joules;
  std::vector<SampleCost> known;
  for (const Size& each : sizes_) {
    if (each.sample_joules) known.push_back({each.batch_size, *each.sample_joules});
  }
  if (known.size() != 1) return sample_cost(known, sizes_[size].batch_size);
  const double middle = std::sqrt(sizes_.front().batch_size * sizes_.back().batch_size);
  const auto times = [&](double batch) { return 1 + middle / batch; };
  return known[0].cost * times(sizes_[size].batch_size) / times(known[0].batch_size);
}

// As its own run shows; else as another setting's does, on the scale of what their batch sizes need for a sample.
double SettingSearch::unit_joules(std::size_t arm) const {
  const auto shows = [](const Run& run) { return run.steady_joules > 0; };
  const auto own = arms_[arm].run;
  if (own && shows(runs_[*own])) return runs_[*own].unit_joules();
  const auto like = std::ranges::find_if(runs_, shows);
  const double joules = sample_joules(arms_[arm].size);
  return like == runs_.end() ? joules : like->unit_joules() * joules / sample_joules(arms_[like->arm].size);
}

double SettingSearch::look_joules(std::size_t arm) const {
  return start_joules() + unit_joules(arm) * interval_;
}

}  // namespace sm2::strategy
