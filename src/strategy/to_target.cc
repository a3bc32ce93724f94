#include "strategy/to_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/units.h"
#include "strategy/candidates.h"
#include "strategy/sample_cost.h"
#include "strategy/sm2_classic.h"

namespace sm2::strategy {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

constexpr double kProbeOn = 2;  // smaller batches are probed up to so many times the least joules per sample
constexpr double kShorter =
    4;  // the first probe is training that is likely kept; the others are so many times shorter
constexpr base::Seconds kShortest{0.5};  // but no shorter than a meter of ten readings a second can tell
constexpr double kDominated = 1.5;       // as in the probe of a rung race: a short probe tells no less apart
constexpr double kOctave = 1;            // batch sizes nearer than a factor of two are not worth comparing
constexpr double kFirstLook = 8;         // evaluations after which the first is judged, whatever it showed
constexpr double kComparison = 0.25;  // of the forecast energy, that the comparison with the middle may cost
constexpr double kPatience =
    1.2;  // times the first's energy, that the middle may use to reach the same metric
constexpr double kMargin =
    1.5;  // the running one goes on while it is forecast to need no more than so many times the least
constexpr double kLookAgain = 1.1;     // the choice is made anew when the run has grown by this factor
constexpr double kObserveAgain = 1.2;  // likewise what the forecast is given, after the first six evaluations
constexpr int kAttempts = 2;           // runs of a batch size to the very end

// Of earlier studies.
constexpr int kExploring = 9;    // studies in which neighbours of the best are tried
constexpr int kTries = 2;        // of each
constexpr double kDearer = 1.1;  // a neighbour may cost so many times what the best did, to the same metric
constexpr double kOtherDevice = 1.5;  // times the joules per unit that are known, or one over it

// Units after which a training is overdue, when `known` ones needed at most `longest`: one of few may have been short.
double overdue(double longest, int known) {
  return longest * (1 + std::max(0.2, 1 / std::sqrt(std::max(1, known))));
}

space::Configuration rest(space::Configuration configuration) {
  configuration.erase(kBatchSize);
  return configuration;
}

}  // namespace

bool differ_in_batch_size_alone(const std::vector<space::Configuration>& candidates) {
  if (candidates.size() < 2) return false;
  return std::ranges::all_of(candidates, [&](const space::Configuration& candidate) {
    return batch_size(candidate).value_or(0) > 0 && rest(candidate) == rest(candidates.front());
  });
}

ToTarget::ToTarget(std::vector<space::Configuration> candidates, const space::Space& space,
                   const Options& options)
    : options_(options), schedule_(first_schedule(space, options)) {
  std::ranges::sort(candidates, {}, batch_size);
  for (space::Configuration& candidate : candidates) {
    Arm arm;
    arm.batch_size = *batch_size(candidate);
    if (schedule_) candidate[kLearningRate] = middle_rate({schedule_->low, schedule_->high});
    arm.configuration = candidate;
    arms_.push_back(std::move(arm));
  }
  recall_.emplace(options.experience, candidates, *options.target);
  if (recall_->empty()) forget();
}

trial::Decision ToTarget::ask() {
  if (!drops_.empty()) {
    trial::Drop drop = std::move(drops_.front());
    drops_.pop_front();
    return drop;
  }
  if (running_) return trial::Wait{};
  while (to_probe_ && arms_[*to_probe_].out) end_probe();
  if (to_probe_) return probe(*to_probe_);
  if (const auto choice = choose()) return train(*choice);
  if (to_probe_) return ask();
  std::optional<RunIndex> best;
  for (RunIndex at = 0; at < runs_.size(); ++at) {
    if (runs_[at].failed || runs_[at].seen.empty()) continue;
    if (!best || runs_[at].seen.back().metric > runs_[*best].seen.back().metric) best = at;
  }
  if (!best) return trial::Finish{{}, "no candidate is left: every one failed or was stopped"};
  return trial::Finish{runs_[*best].trial, "no training reached the target; the best of them"};
}

trial::Train ToTarget::probe(std::size_t arm) {
  trial::Train first = train({arm, open_run(arm)});
  probing_ = true;
  const bool first_of_all = std::ranges::none_of(arms_, [](const Arm& each) { return each.probed; });
  first.probe = first_of_all ? options_.probe
                             : std::min(options_.probe, std::max(kShortest, options_.probe / kShorter));
  first.rung = 0;
  first.tune_power = false;
  return first;
}

trial::Train ToTarget::train(Choice choice) {
  if (!choice.run) {
    Run fresh;
    fresh.trial = static_cast<trial::TrialId>(runs_.size());
    fresh.arm = choice.arm;
    choice.run = runs_.size();
    runs_.push_back(fresh);
  }
  const Run& run = runs_[*choice.run];
  current_ = choice.run;
  running_ = run.trial;
  probing_ = false;
  look_ = run.reached;
  trial::Train train;
  train.trial = run.trial;
  train.configuration = arms_[run.arm].configuration;
  train.rung = 1;
  train.until = options_.resource_max;
  train.schedule = schedule_;
  if (train.schedule) train.schedule->start = run.reached;
  train.tune_power = options_.tune_power;
  return train;
}

ToTarget::Run& ToTarget::run_of(trial::TrialId trial) { return runs_[static_cast<std::size_t>(trial)]; }

void ToTarget::take(Run& run, const trial::Stretch& stretch, bool evaluated) {
  // Where no energy is known, the least time is sought.
  const auto known = trial::total(stretch.energy);
  if (!by_time_) by_time_ = !known;
  const std::optional<double> joules = *by_time_ ? stretch.seconds.value
                                       : known   ? std::optional(known->value)
                                                 : std::nullopt;
  evaluated = evaluated && stretch.metric && std::isfinite(*stretch.metric) && stretch.reached > 0;
  const bool again = !run.seen.empty() && stretch.reached <= run.seen.back().resource;
  if (forecast_ && stretch.reached > run.reached)
    forecast_->outlasted(run.arm, run.reached / interval_, stretch.reached / interval_);
  run.reached = std::max(run.reached, stretch.reached);
  if (joules) run.joules = *joules;
  if (stretch.progress.noise_scale) noise_scale_ = stretch.progress.noise_scale;
  if (!evaluated || again) return;
  run.seen.push_back({stretch.reached, *stretch.metric, run.joules});
  const double shown = options_.minimized ? -*stretch.metric : *stretch.metric;
  if (!forecast_) {
    interval_ = stretch.reached;
    std::vector<double> sizes;
    for (const Arm& arm : arms_) sizes.push_back(arm.batch_size);
    const double target = options_.minimized ? -*options_.target : *options_.target;
    forecast_ = std::make_unique<objective::Forecast>(sizes, target, options_.minimized,
                                                      options_.resource_max / interval_, options_.seed);
  }
  const double units = stretch.reached / interval_;
  if (units > 6.5 && units < kObserveAgain * run.observed) return;
  run.observed = units;
  forecast_->observe(run.arm, units, shown);
}

Verdict ToTarget::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  Run& run = run_of(trial);
  take(run, so_far, true);
  // A program that reports no steps is probed to its first evaluation.
  if (probing_)
    return {sample_cost(so_far, *by_time_) ? trial::Action::kContinue : trial::Action::kPause, {}};
  if (run.reached < look_) return {};
  look_ = run.reached * kLookAgain;
  const auto choice = choose();
  if (choice && choice->run && runs_[*choice->run].trial == trial) return {};
  return {trial::Action::kPause, {}};
}

void ToTarget::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  Run& run = run_of(trial);
  Arm& arm = arms_[run.arm];
  running_.reset();
  take(run, stretch, stretch.reached >= options_.resource_max);  // judge() has seen all but the last
  if (!trial::usable(stretch.outcome)) {
    run.over = run.failed = arm.out = true;
  } else if (std::holds_alternative<trial::Completed>(stretch.outcome) ||
             run.reached >= options_.resource_max) {
    run.over = true;
    if (++arm.spent >= kAttempts) arm.out = true;
  }
  if (probing_) {
    probing_ = false;
    arm.probed = true;
    arm.sample_joules = sample_cost(stretch, *by_time_);
    if (run.joules > 0 && run.reached > 0) arm.resource_joules = run.joules / run.reached;
    end_probe();
  }
  if (std::holds_alternative<trial::OutOfMemory>(stretch.outcome)) leave_larger(run.arm);
}

// What did not fit leaves no room for larger ones.
void ToTarget::leave_larger(std::size_t failed) {
  for (std::size_t arm = failed + 1; arm < arms_.size(); ++arm) {
    if (arms_[arm].out || std::ranges::find(runs_, arm, &Run::arm) != runs_.end()) continue;
    arms_[arm].out = true;
    drops_.push_back({static_cast<trial::TrialId>(runs_.size()), arms_[arm].configuration,
                      fmt::format("not tried: batch size {:g} did not fit into memory already",
                                  arms_[failed].batch_size)});
    Run untried;
    untried.trial = drops_.back().trial;
    untried.arm = arm;
    untried.over = untried.failed = true;
    runs_.push_back(untried);
  }
}

// What a probe came to, in the same terms for all: per sample where programs report them, else per unit of resource.
std::optional<double> ToTarget::probed_joules(std::size_t arm) const {
  const bool samples =
      std::ranges::any_of(arms_, [](const Arm& each) { return each.sample_joules.has_value(); });
  return samples ? arms_[arm].sample_joules : arms_[arm].resource_joules;
}

void ToTarget::end_probe() {
  const auto least = cheapest();
  const auto probed = probed_joules(*to_probe_);
  const bool dear = least && !arms_[*to_probe_].out && probed && probed_joules(*least) &&
                    *probed > kProbeOn * *probed_joules(*least);
  if (*to_probe_ > 0 && !dear) {
    --*to_probe_;
    return;
  }
  to_probe_.reset();
  drop_dominated();
}

// A larger batch never needs fewer samples (arXiv 1812.06162), so one that pays clearly more for each cannot win.
void ToTarget::drop_dominated() {
  for (Run& run : runs_) {
    Arm& large = arms_[run.arm];
    const auto cost = probed_joules(run.arm);
    if (large.out || !cost) continue;
    for (std::size_t small = 0; small < run.arm; ++small) {
      const auto other = probed_joules(small);
      if (arms_[small].out || !other || *cost <= kDominated * *other) continue;
      large.out = true;
      for (Run& each : runs_) {
        if (each.arm == run.arm) each.over = each.failed = true;
      }
      drops_.push_back(
          {run.trial, large.configuration,
           fmt::format(
               "probe: a sample costs {:.2f} times what it costs with batch size {:g}: a larger batch "
               "never needs fewer samples",
               *cost / *other, arms_[small].batch_size)});
      break;
    }
  }
}

std::optional<ToTarget::Choice> ToTarget::choose() {
  if (recall_) {
    if (!current_ || still_holds(runs_[*current_])) {
      if (const auto choice = remembered()) return choice;
    }
    forget();
    return {};
  }
  if (!forecast_ || !bracketed_) {
    if (const auto choice = bracket()) return choice;
  }
  return least_forecast();
}

// Back to a study that knows nothing, but for what its own runs have shown.
void ToTarget::forget() {
  recall_.reset();
  to_probe_ = arms_.size() - 1;
}

bool ToTarget::still_holds(const Run& run) const {
  if (recall_->tries(run.arm) == 0) return true;
  const double known = recall_->joules_per_unit(run.arm);
  const double seen = run.seen.size() < 2 ? 0 : marginal_joules(run.seen);
  if (known > 0 && seen > 0 && (seen > kOtherDevice * known || seen * kOtherDevice < known)) return false;
  // Three overdue trainings are no bad luck any more.
  const auto late = std::ranges::count_if(runs_, [&](const Run& each) {
    return recall_->longest(each.arm) > 0 &&
           each.reached > overdue(recall_->longest(each.arm), recall_->tries(each.arm));
  });
  return late < 3;
}

std::optional<ToTarget::Choice> ToTarget::remembered() {
  const std::size_t best = *recall_->best();
  if (arms_[best].out) return {};
  const auto dearer = [&](const Run& run) {
    const double shown = run.seen.empty() ? -kNever : run.seen.back().metric;
    const Experience::Point* reached = first_at(run.seen, shown);
    if (reached && reached->joules > kDearer * recall_->joules_to(best, shown)) return true;
    // A better metric costs at least what was spent so far.
    const double next = std::nextafter(shown, kNever);
    return run.joules > kDearer * std::min(recall_->joules_to(best, next), recall_->joules_to_target(best));
  };
  const auto try_arm = [&](std::size_t arm) -> std::optional<Choice> {
    if (arms_[arm].out) return {};
    for (RunIndex at = 0; at < runs_.size(); ++at) {
      if (runs_[at].arm != arm) continue;
      if (runs_[at].over || dearer(runs_[at])) return {};
      return Choice{arm, at};
    }
    if (recall_->tries(arm) >= kTries || recall_->studies() >= kExploring) return {};
    return Choice{arm, {}};
  };
  if (runs_.empty() || runs_.front().arm != best) {
    for (const int step : {+1, -1}) {
      if ((best == 0 && step < 0) || (best + 1 == arms_.size() && step > 0)) continue;
      const std::size_t arm = best + static_cast<std::size_t>(step);
      const bool begun = std::ranges::find(runs_, arm, &Run::arm) != runs_.end();
      if (!begun && !runs_.empty()) continue;
      if (const auto choice = try_arm(arm)) return choice;
    }
  }
  for (RunIndex at = runs_.size(); at-- > 0;) {
    const Run& run = runs_[at];
    if (run.arm == best && !run.over && run.reached <= overdue(recall_->longest(best), recall_->tries(best)))
      return Choice{best, at};
  }
  return Choice{best, {}};
}

std::optional<ToTarget::Choice> ToTarget::bracket() {
  if (!first_ || runs_[*first_].over) {
    const auto arm = cheapest();
    if (!arm) return {};
    first_ = open_run(*arm);
    if (!first_) return Choice{*arm, {}};
  }
  const Run& first = runs_[*first_];
  int levels = 0;
  for (std::size_t at = 0; at < first.seen.size(); ++at)
    levels += at == 0 || first.seen[at].metric != first.seen[at - 1].metric;
  if (!forecast_ || (levels < 2 && first.reached < kFirstLook * interval_)) return Choice{first.arm, first_};

  const std::vector<std::size_t> plausible = undercut_by_none();
  const double low = std::log2(arms_[plausible.front()].batch_size),
               high = std::log2(arms_[plausible.back()].batch_size);
  const double centre = noise_scale_ ? std::log2(*noise_scale_) : (low + high) / 2;
  if (noise_scale_ && !middle_) forecast_->critical_batch_size(*noise_scale_);
  const auto off_centre = [&](std::size_t arm) {
    return std::abs(std::log2(arms_[arm].batch_size) - centre);
  };
  std::size_t middle = plausible.back();
  for (std::size_t at = plausible.size(); at-- > 0;) {
    if (off_centre(plausible[at]) < off_centre(middle) - 1e-9) middle = plausible[at];
  }
  bracketed_ = true;
  if (std::abs(std::log2(arms_[middle].batch_size / arms_[first.arm].batch_size)) <= kOctave + 1e-9)
    return {};
  double least = kNever;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (!arms_[arm].out) least = std::min(least, forecast_joules(arm, 0));
  }
  const auto open = open_run(middle);
  const bool begun = open && middle_ == open;
  if (!begun && std::max(first.joules, unit_joules(middle) * interval_) > kComparison * least) return {};
  if (begun) {
    const Run& run = runs_[*open];
    const bool level =
        !run.seen.empty() && !first.seen.empty() && run.seen.back().metric >= first.seen.back().metric;
    if (run.over || level || run.joules + unit_joules(middle) * interval_ / 2 > kPatience * first.joules) {
      current_ = cheaper_so_far(*first_, *open);
      return {};
    }
  }
  bracketed_ = false;
  middle_ = open ? *open : runs_.size();
  return Choice{middle, open};
}

// Which of the two used less to the best metric that both have shown; evaluations are one interval apart, so half of one is
// taken off both.
ToTarget::RunIndex ToTarget::cheaper_so_far(RunIndex first, RunIndex second) const {
  const Run &a = runs_[first], &b = runs_[second];
  if (b.seen.empty()) return first;
  if (a.seen.empty()) return second;
  const auto best_of = [](const Run& run) {
    return std::ranges::max_element(run.seen, {}, &Experience::Point::metric)->metric;
  };
  const double common = std::min(best_of(a), best_of(b));
  const auto joules_to = [&](const Run& run) {
    return first_at(run.seen, common)->joules - 0.5 * unit_joules(run.arm) * interval_;
  };
  return joules_to(b) < joules_to(a) ? second : first;
}

std::optional<ToTarget::Choice> ToTarget::least_forecast() {
  std::optional<Choice> best;
  double least = kNever;
  const auto consider = [&](std::size_t arm, std::optional<RunIndex> run, double cost) {
    if (best && cost >= least) return;
    best = Choice{arm, run};
    least = cost;
  };
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (arms_[arm].out) continue;
    for (RunIndex at = 0; at < runs_.size(); ++at) {
      const Run& run = runs_[at];
      if (run.arm != arm || run.over) continue;
      const double cost = forecast_joules(arm, run.reached);
      consider(arm, at, current_ == at ? cost / kMargin : cost);
    }
  }
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (!arms_[arm].out) consider(arm, {}, forecast_joules(arm, 0));
  }
  return best;
}

double ToTarget::forecast_joules(std::size_t arm, double done) const {
  const double units = forecast_ ? forecast_->units_to_target(arm, done / interval_) * interval_ : 1;
  return units * unit_joules(arm);
}

std::optional<ToTarget::RunIndex> ToTarget::open_run(std::size_t arm) const {
  for (RunIndex at = 0; at < runs_.size(); ++at) {
    if (runs_[at].arm == arm && !runs_[at].over) return at;
  }
  return {};
}

std::optional<std::size_t> ToTarget::cheapest() const {
  std::optional<std::size_t> least;
  for (std::size_t arm = arms_.size(); arm-- > 0;) {
    if (arms_[arm].out || !probed_joules(arm)) continue;
    if (!least || *probed_joules(arm) < *probed_joules(*least)) least = arm;
  }
  if (least) return least;
  for (std::size_t arm = arms_.size(); arm-- > 0;) {
    if (!arms_[arm].out) return arm;
  }
  return {};
}

std::vector<std::size_t> ToTarget::undercut_by_none() const {
  std::vector<std::size_t> plausible;
  double least = kNever;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (arms_[arm].out) continue;
    const double joules = sample_joules(arm);
    if (plausible.empty() || joules < least) plausible.push_back(arm);
    least = std::min(least, joules);
  }
  return plausible;
}

// What was probed; below it, a cost per step and one per sample, fitted to the two smallest probed.
double ToTarget::sample_joules(std::size_t arm) const {
  if (const auto known = probed_joules(arm)) return *known;
  std::vector<SampleCost> probed;
  for (std::size_t at = 0; at < arms_.size(); ++at) {
    if (const auto known = probed_joules(at)) probed.push_back({arms_[at].batch_size, *known});
  }
  return sample_cost(probed, arms_[arm].batch_size);
}

std::optional<double> ToTarget::shown_joules(std::size_t arm) const {
  for (RunIndex at = runs_.size(); at-- > 0;) {
    const Run& run = runs_[at];
    if (run.arm != arm || run.seen.empty() || run.joules <= 0) continue;
    if (run.seen.size() == 1) return run.joules / run.reached;
    const auto &last = run.seen.back(), &before = run.seen[run.seen.size() - 2];
    if (last.joules > before.joules) return (last.joules - before.joules) / (last.resource - before.resource);
  }
  return {};
}

// As its latest run shows; else after its probe, on the scale of a batch size that shows both.
double ToTarget::unit_joules(std::size_t arm) const {
  if (const auto shown = shown_joules(arm)) return *shown;
  for (std::size_t other = 0; other < arms_.size(); ++other) {
    if (const auto shown = shown_joules(other)) return *shown * sample_joules(arm) / sample_joules(other);
  }
  return sample_joules(arm);
}

}  // namespace sm2::strategy
