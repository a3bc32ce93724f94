#include "objective/setting_forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "objective/arrival.h"

namespace sm2::objective {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

constexpr std::size_t kWorlds = 500;
// Normals of a world, of its unknown goal, and of each group in it.
constexpr std::size_t kShared = 15, kOfGoal = 2, kOfGroup = 3;

// Of the fit: one standard deviation of progress about its curve is kFloor at the target, and kMisfit more for each unit of
// distance to it; the share of an observation that counts, as neighbouring ones err together; the most that one may weigh; the
// weight of a divergence; one standard deviation of ln(units) from run to run.
constexpr double kFloor = 0.012, kMisfit = 0.12, kTemper = 0.5, kWorst = 20, kDeath = 3, kRunScatter = 0.2;
constexpr double kRarest = 1e-4;

// Without a target: the middle of its prior of the width, and the width in which likelihoods are told; the share of a deviation from
// the forecast that is no luck; how far on the way from the start to the goal a study is taken to be that has shown nothing; the prior
// of ln(start / goal), where metrics are minimised.
constexpr double kEndFloor = 0.015, kUnitWidth = 0.001, kBelief = 0.8, kNothing = 0.7, kFallen = 1.5,
                 kFallenSpread = 0.9;

// Renewal, when the worlds that bear the weight are fewer than this share of all (1 / sum of squares).
constexpr double kFewest = 0.3;
constexpr int kMoves = 4;
constexpr double kStride = 0.35, kStep = 0.14;  // of the random walk, in turns

double share(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// How far out a metric at the start is, in units of its prior's width.
double oddness(double start, double target, bool minimized) {
  if (target == 0) return 0;
  if (minimized) {
    const double times = start / target;
    return times > 0 ? std::log(times) - std::log(3.0) : 50;
  }
  const double part = start / std::abs(target);
  return part < 0 ? part / 0.05 : part / 0.2;
}

// log2 of all, from the middle of their range; and how wide that is.
double centre(std::vector<double>& values) {
  for (double& value : values) value = std::log2(value);
  const auto [low, high] = std::ranges::minmax(values);
  for (double& value : values) value -= (low + high) / 2;
  return high - low;
}

}  // namespace

SettingForecast::SettingForecast(std::vector<Setting> settings, std::optional<double> target, bool minimized,
                                 double most, std::uint64_t seed)
    : settings_(std::move(settings)),
      target_(target),
      minimized_(minimized),
      most_(most),
      random_(seed),
      worlds_(kWorlds) {
  std::size_t groups = 1;
  for (const Setting& setting : settings_) {
    batch_.push_back(setting.batch_size);
    rate_.push_back(setting.learning_rate);
    groups = std::max(groups, setting.group + 1);
  }
  batch_span_ = centre(batch_);
  rate_span_ = centre(rate_);
  grouped_ = groups > 1;
  for (World& world : worlds_) {
    world.z.resize(shared() + (grouped_ ? kOfGroup * groups : 0));
    for (double& z : world.z) z = random_.normal();
    interpret(world);
  }
}

std::size_t SettingForecast::shared() const { return target_ ? kShared : kShared + kOfGoal; }

void SettingForecast::interpret(World& world) const {
  const std::vector<double>& z = world.z;
  world.bend = 1.2 * std::exp(0.5 * z[0]);
  world.best = 1 + (target_ ? 0.03 : 0.04) * std::exp(1.3 * z[1]);
  const double fastest = target_ ? std::max(1.0, 0.4 * most_ * std::exp(0.8 * z[2])) : most_;
  world.width = target_ ? kFloor : kEndFloor * std::exp(0.8 * z[kShared + 1]);
  world.units = fastest / (std::pow(world.best / (world.best - 1), 1 / world.bend) - 1);
  world.rate = z[3] * (0.22 * rate_span_ + 0.5);
  world.slope = 0.3 + 0.8 * share(z[4]);
  world.knee = 0.5 + z[5] * (0.35 * batch_span_ + 0.7);
  world.slow_large = 0.3 + 0.7 * share(z[6]);
  world.lost_large = 0.004 * std::exp(z[7]);
  world.slow_low = 0.3 + 0.9 * share(z[8]);
  world.slow_high = 0.6 * share(z[9]);
  world.flat = 1.2 * share(z[10]);
  world.cliff = world.flat + 0.7 + 2 * std::exp(0.6 * z[11]);
  world.lost_high = 0.006 * std::exp(z[12]);
  world.lost_low = 0.004 * std::exp(z[13]);
  world.lower = 1.5 * share(z[14]);
}

SettingForecast::Curve SettingForecast::curve(const World& world, std::size_t setting) const {
  double rate_shift = 0, pace_shift = 0, end_shift = 0;
  if (grouped_) {
    const double* group = &world.z[shared() + kOfGroup * settings_[setting].group];
    rate_shift = 1.2 * group[0], pace_shift = 0.5 * group[1], end_shift = 0.02 * group[2];
  }
  const double x = batch_[setting], beyond = x - world.knee;
  const double off = rate_[setting] - world.rate - rate_shift - world.slope * std::min(x, world.knee);
  if (off > world.cliff) return {0, 1, true};
  const double below = std::max(0.0, -off - world.flat), above = std::max(0.0, off - world.flat);
  const double crowd = std::log2(1 + std::exp2(beyond));
  const double late = off + world.lower;
  const double high = std::max(0.0, late), low = std::max(0.0, -late - world.flat);
  Curve curve;
  curve.scale = world.units * std::exp2(world.slow_low * below + world.slow_high * above +
                                        world.slow_large * crowd + pace_shift);
  curve.asymptote = world.best + end_shift - world.lost_high * high * high - world.lost_low * low -
                    world.lost_large * std::max(0.0, beyond);
  return curve;
}

double SettingForecast::arrival(const World& world, std::size_t setting) const {
  const Curve of = curve(world, setting);
  if (of.dead || of.asymptote <= 1) return kNever;
  return of.scale * (std::pow(of.asymptote / (of.asymptote - 1), 1 / world.bend) - 1);
}

namespace {

double progress(double asymptote, double scale, double bend, double units) {
  return asymptote * (1 - std::pow(1 + units / scale, -bend));
}

}  // namespace

double SettingForecast::value(double metric) const {
  if (target_) return metric;
  if (logarithmic_) return -std::log(std::max(metric, std::numeric_limits<double>::min()));
  return minimized_ ? -metric : metric;
}

// The metric at t = 0 is what the first one seen makes it; the log of how likely that is.
double SettingForecast::begin(World& world) const {
  const Seen& first = seen_.front();
  const Curve of = curve(world, first.setting);
  const double y =
      of.dead ? 0 : std::clamp(progress(of.asymptote, of.scale, world.bend, first.units), 0.0, 0.99);
  if (!target_) {
    place(world, value(first.metric), y);
    return 0;
  }
  world.goal = *target_;
  world.start = (first.metric - y * *target_) / (1 - y);
  const double odd = oddness(world.start, *target_, minimized_);
  return -std::log1p(odd * odd);
}

// Start and goal where both are the world's own: from what the first metric shows at its progress, and a prior. Of a metric that is
// maximised and positive the start is a share of the goal.
void SettingForecast::place(World& world, double shown, double progress) const {
  const double z = world.z[kShared];
  if (!logarithmic_ && !minimized_ && shown > 0) {
    const double part = -0.1 + 0.7 * share(z);
    world.goal = shown / std::max(0.05, progress + (1 - progress) * part);
    world.start = part * world.goal;
    return;
  }
  const double way = logarithmic_
                         ? kFallen * std::exp(kFallenSpread * z)
                         : std::max(std::abs(shown), std::numeric_limits<double>::min()) * std::exp(z);
  world.start = shown - progress * way;
  world.goal = world.start + way;
}

double SettingForecast::explain(const World& world, const Curve& of, const Seen& seen) const {
  const double predicted = of.dead ? 0 : progress(of.asymptote, of.scale, world.bend, seen.units);
  const double shown = std::max(-0.2, (value(seen.metric) - world.start) / (world.goal - world.start));
  const double width = world.width + kMisfit * std::abs(1 - predicted);
  const double off = (shown - predicted) / width;
  const double fit = -0.5 * std::min(kWorst, off * off);
  return kTemper * (target_ ? fit : fit - std::max(0.0, std::log(width / kUnitWidth)));
}

double SettingForecast::survive(const World& world, std::size_t setting, double units) const {
  const double arrives = arrival(world, setting);
  if (arrives == kNever || units <= 0) return 0;
  return std::log(std::max(share(-std::log(units / std::max(arrives, 0.5)) / kRunScatter), kRarest));
}

double SettingForecast::die(const World& world, std::size_t setting) const {
  return curve(world, setting).dead ? 0 : -kDeath;
}

// No term is above 0, so a sum below `enough` is not finished. The newest say the most.
double SettingForecast::explain_all(World& world, double enough) const {
  double sum = seen_.empty() ? 0 : begin(world);
  for (const std::size_t setting : diverged_) sum += die(world, setting);
  for (const Outlasted& each : outlasted_) sum += survive(world, each.setting, each.units);
  std::size_t last = settings_.size();
  Curve of;
  for (std::size_t at = seen_.size(); at-- > 1 && sum >= enough;) {
    if (seen_[at].setting != last) of = curve(world, last = seen_[at].setting);
    sum += explain(world, of, seen_[at]);
  }
  return sum;
}

void SettingForecast::observe(std::size_t setting, double units, double metric) {
  weights_.clear();
  if (seen_.empty()) logarithmic_ = !target_ && minimized_ && metric > 0;
  seen_.push_back({setting, units, metric});
  for (World& world : worlds_) {
    world.log_weight +=
        seen_.size() == 1 ? begin(world) : explain(world, curve(world, setting), seen_.back());
  }
}

void SettingForecast::outlasted(std::size_t run, std::size_t setting, double units) {
  if (!target_) return;
  auto known = std::ranges::find(outlasted_, run, &Outlasted::run);
  if (known == outlasted_.end()) known = outlasted_.insert(known, {run, setting, 0});
  if (units <= known->units) return;
  weights_.clear();
  for (World& world : worlds_)
    world.log_weight += survive(world, setting, units) - survive(world, setting, known->units);
  known->units = units;
}

void SettingForecast::diverged(std::size_t setting) {
  weights_.clear();
  diverged_.push_back(setting);
  for (World& world : worlds_) world.log_weight += die(world, setting);
}

void SettingForecast::weigh() {
  if (!weights_.empty()) return;
  const double most = std::ranges::max_element(worlds_, {}, &World::log_weight)->log_weight;
  double sum = 0, squares = 0;
  for (const World& world : worlds_) sum += weights_.emplace_back(std::exp(world.log_weight - most));
  for (double& weight : weights_) {
    weight /= sum;
    squares += weight * weight;
  }
  if (1 / squares < kFewest * static_cast<double>(kWorlds)) renew();
}

void SettingForecast::renew() {
  const double each = 1 / static_cast<double>(kWorlds);
  std::vector<World> drawn;
  double at = random_.uniform() * each, passed = 0;
  std::size_t from = 0;
  for (std::size_t i = 0; i < kWorlds; ++i, at += each) {
    while (from + 1 < kWorlds && passed + weights_[from] < at) passed += weights_[from++];
    drawn.push_back(worlds_[from]);
  }
  worlds_ = std::move(drawn);
  weights_.assign(kWorlds, each);
  for (World& world : worlds_) {
    double likelihood = explain_all(world, -kNever);
    for (int move = 0; move < kMoves; ++move) {
      const double step = move % 2 == 0 ? kStride : kStep, keep = std::sqrt(1 - step * step);
      World moved = world;
      for (double& z : moved.z) z = keep * z + step * random_.normal();
      interpret(moved);
      const double enough = likelihood + std::log(1 - random_.uniform());
      const double reached = explain_all(moved, enough);
      if (reached < enough) continue;
      world = std::move(moved);
      likelihood = reached;
    }
    world.log_weight = 0;
  }
}

double SettingForecast::units_to_target(std::size_t setting, double done) {
  weigh();
  Arrival in_time, ever;
  for (std::size_t at = 0; at < kWorlds; ++at) {
    const double after = arrival(worlds_[at], setting);
    const double more = std::max(after, done + 0.5) - done;
    if (after <= most_) in_time.add(more, weights_[at]);
    ever.add(more, weights_[at]);
  }
  const double units = in_time.units_per_success();
  return units < kNever ? units : ever.units_per_success() / kRarest;
}

double SettingForecast::expected(const World& world, std::size_t setting, double units) const {
  const Curve of = curve(world, setting);
  const double y = of.dead ? 0 : progress(of.asymptote, of.scale, world.bend, units);
  return world.start + y * (world.goal - world.start);
}

double SettingForecast::standing(std::size_t setting, double units, double metric) {
  weigh();
  double mean = 0;
  for (std::size_t at = 0; at < kWorlds; ++at) mean += weights_[at] * expected(worlds_[at], setting, units);
  return mean + kBelief * (value(metric) - mean);
}

double SettingForecast::gain(std::size_t setting, std::optional<double> record,
                             std::optional<double> fallback) {
  weigh();
  double sum = 0;
  for (std::size_t at = 0; at < kWorlds; ++at) {
    const World& world = worlds_[at];
    const double way = world.goal - world.start, nothing = world.start + kNothing * way;
    const double end = expected(world, setting, most_);
    sum += weights_[at] * (std::max(end, fallback.value_or(nothing)) - record.value_or(nothing)) / way;
  }
  return sum;
}

}  // namespace sm2::objective
