#include "objective/forecast.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.h"
#include "objective/arrival.h"

namespace sm2::objective {
namespace {

constexpr std::size_t kWorlds = 2000;
constexpr double kNever = std::numeric_limits<double>::infinity();

// Of the fit: one standard deviation of a metric about its curve, in units of progress; the share of an observation's
// weight that counts, as neighbouring ones err together; the most that one may weigh; one standard deviation of ln(units)
// from run to run.
constexpr double kNoiseScatter =
    1;  // octaves: one standard deviation of a reported noise scale about the knee
constexpr double kScatter = 0.1, kTemper = 0.5, kWorst = 25, kRunScatter = 0.15;

double between(base::Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}
double log_between(base::Random& random, double low, double high) {
  return low * std::exp(random.uniform() * std::log(high / low));
}

// How far out a metric at the start is, in units of its prior's width.
double oddness(double start, double target, bool minimized) {
  if (minimized) {
    const double times = start / target;
    return times > 0 ? std::log(times) - std::log(3.0) : 50;
  }
  const double share = start / std::abs(target);
  return share < 0 ? share / 0.05 : share / 0.2;
}

}  // namespace

Forecast::Forecast(const std::vector<double>& batch_sizes, double target, bool minimized, double most,
                   std::uint64_t seed)
    : target_(target),
      minimized_(minimized),
      arms_(batch_sizes.size()),
      start_(kWorlds),
      log_weight_(kWorlds) {
  base::Random random(seed);
  const double low = std::log2(batch_sizes.front()), high = std::log2(batch_sizes.back());
  const double span = high - low, middle = (high + low) / 2;
  for (std::size_t world = 0; world < kWorlds; ++world) {
    const double g = log_between(random, 0.5, 3), best = 1 + log_between(random, 0.01, 0.5);
    const double fastest = log_between(random, 1, std::max(10.0, most));
    const double u = fastest / (std::pow(best / (best - 1), 1 / g) - 1);
    const double centre = middle + random.normal() * (0.2 * span + 0.5);
    const double flat = between(random, 0, 0.5) * span;
    const double slow_large = log_between(random, 0.02, 1), slow_small = log_between(random, 0.02, 1);
    const double lost_large = log_between(random, 0.003, 0.1), lost_small = log_between(random, 0.003, 0.1);
    exponent_.push_back(g);
    knee_.push_back(centre + flat / 2);
    for (const double batch_size : batch_sizes) {
      const double x = std::log2(batch_size);
      const double above = std::max(0.0, x - centre - flat / 2), below = std::max(0.0, centre - flat / 2 - x);
      Curve curve;
      curve.scale = u * std::exp2(slow_large * above + slow_small * below);
      curve.asymptote = best - lost_large * above - lost_small * below;
      curve.units = curve.asymptote <= 1
                        ? kNever
                        : curve.scale * (std::pow(curve.asymptote / (curve.asymptote - 1), 1 / g) - 1);
      curves_.push_back(curve);
    }
  }
}

double Forecast::progress(std::size_t world, std::size_t arm, double resource) const {
  const Curve& curve = curves_[world * arms_ + arm];
  return curve.asymptote * (1 - std::pow(1 + resource / curve.scale, -exponent_[world]));
}

void Forecast::calibrate(std::size_t arm, double resource, double metric) {
  calibrated_ = true;
  for (std::size_t world = 0; world < kWorlds; ++world) {
    const double y = std::clamp(progress(world, arm, resource), 1e-6, 0.995);
    start_[world] = (metric - y * target_) / (1 - y);
    const double odd = target_ == 0 ? 0 : oddness(start_[world], target_, minimized_);
    log_weight_[world] -= std::log1p(odd * odd);
  }
}

void Forecast::observe(std::size_t arm, double resource, double metric) {
  weights_.clear();
  if (!calibrated_) return calibrate(arm, resource, metric);
  for (std::size_t world = 0; world < kWorlds; ++world) {
    const double seen = (metric - start_[world]) / (target_ - start_[world]);
    const double off = (seen - progress(world, arm, resource)) / kScatter;
    log_weight_[world] -= 0.5 * kTemper * std::min(kWorst, off * off);
  }
}

void Forecast::outlasted(std::size_t arm, double before, double resource) {
  weights_.clear();
  const auto log_survival = [](double units, double beyond) {
    if (beyond <= 0) return 0.0;
    const double late = std::log(beyond / std::max(units, 0.5)) / kRunScatter;
    return std::log(std::max(0.5 * std::erfc(late / std::sqrt(2.0)), 1e-6));
  };
  for (std::size_t world = 0; world < kWorlds; ++world) {
    const double units = curves_[world * arms_ + arm].units;
    if (units != kNever) log_weight_[world] += log_survival(units, resource) - log_survival(units, before);
  }
}

void Forecast::critical_batch_size(double samples) {
  weights_.clear();
  for (std::size_t world = 0; world < kWorlds; ++world) {
    const double off = (knee_[world] - std::log2(samples)) / kNoiseScatter;
    log_weight_[world] -= 0.5 * std::min(kWorst, off * off);
  }
}

const std::vector<double>& Forecast::weights() const {
  if (!weights_.empty()) return weights_;
  const double most = *std::ranges::max_element(log_weight_);
  double sum = 0;
  for (const double log_weight : log_weight_) sum += weights_.emplace_back(std::exp(log_weight - most));
  for (double& weight : weights_) weight /= sum;
  return weights_;
}

double Forecast::units_to_target(std::size_t arm, double done) const {
  const std::vector<double>& weight = weights();
  Arrival arriving;
  for (std::size_t world = 0; world < kWorlds; ++world) {
    const double units = curves_[world * arms_ + arm].units;
    arriving.add(std::max(units, done + 0.5) - done, weight[world]);
  }
  return arriving.units_per_success();
}

}  // namespace sm2::objective
