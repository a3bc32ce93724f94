#include "objective/stability.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace sm2::objective {
namespace {

constexpr double kNewest = 0.1;
constexpr double kTolerance = 0.1;
constexpr double kStableShare = 0.9;
constexpr double kNoise = 0.02;
constexpr double kLeastSpan = 3;
constexpr long kLeastSteps = 10;

}  // namespace

Stability::Stability(std::optional<trial::RateBounds> cycle) : cycle_(cycle) {}

bool Stability::stable(double loss, double minimum) {
  return loss <= minimum + kTolerance * std::abs(minimum);
}

void Stability::add(double loss, std::optional<double> learning_rate) {
  ++steps_;
  const auto before = smoothed_loss();
  std::optional<double> now;
  if (std::isfinite(loss)) {
    average_ += kNewest * (loss - average_);
    weight_ += kNewest * (1 - weight_);
    now = smoothed_loss();
    minimum_ = minimum_ ? std::min(*minimum_, *now) : *now;
    stable_ += stable(*now, *minimum_);
  }
  if (!cycle_ || !learning_rate || !(*learning_rate > 0)) return;
  if (rate_ && *learning_rate >= *rate_) {
    add_rising(*learning_rate, before, now);
  } else {
    sweep_minimum_.reset();
  }
  rate_ = learning_rate;
}

void Stability::add_rising(double learning_rate, std::optional<double> before, std::optional<double> now) {
  Bin& bin = bins_[static_cast<std::size_t>(bin_of(learning_rate))];
  ++bin.steps;
  if (!now) {
    lost_ = std::min(lost_, bin_of(learning_rate));
    return;
  }
  sweep_minimum_ = sweep_minimum_ ? std::min(*sweep_minimum_, *now) : *now;
  bin.stable += stable(*now, *sweep_minimum_);
  bin.change += *now - before.value_or(*now);
}

std::optional<double> Stability::share() const {
  if (steps_ < kLeastSteps) return {};
  return static_cast<double>(stable_) / static_cast<double>(steps_);
}

std::optional<double> Stability::smoothed_loss() const {
  if (weight_ == 0) return {};
  return average_ / weight_;
}

int Stability::bin_of(double learning_rate) const {
  const double share = std::log(learning_rate / cycle_->low) / std::log(cycle_->high / cycle_->low);
  return std::clamp(static_cast<int>(share * kBins), 0, kBins - 1);
}

// The change is averaged with the neighbours': one bin holds few steps, and a batch's loss is noisy.
bool Stability::good(int bin) const {
  if (bin >= lost_) return false;
  int steps = 0, stable = 0;
  double change = 0;
  for (int near = std::max(0, bin - 1); near <= std::min(kBins - 1, bin + 1); ++near) {
    const Bin& held = bins_[static_cast<std::size_t>(near)];
    steps += held.steps;
    stable += held.stable;
    change += held.change;
  }
  return stable >= kStableShare * steps && change <= kNoise * std::abs(minimum_.value_or(0));
}

std::optional<trial::RateBounds> Stability::stable_rates() const {
  if (!cycle_ || !(cycle_->low > 0) || !(cycle_->high > cycle_->low)) return {};
  if (std::transform_reduce(bins_.begin(), bins_.end(), 0L, std::plus<>(),
                            [](const Bin& bin) { return bin.steps; }) < kLeastSteps)
    return {};
  int best_begin = 0, best_end = 0;
  for (int begin = 0; begin < kBins; ++begin) {
    int end = begin;
    while (end < kBins && good(end)) ++end;
    if (end - begin > best_end - best_begin) best_begin = begin, best_end = end;
    begin = std::max(begin, end - 1);
  }
  const double ratio = cycle_->high / cycle_->low;
  const auto edge = [&](int bin) { return cycle_->low * std::pow(ratio, static_cast<double>(bin) / kBins); };
  const trial::RateBounds bounds{edge(best_begin), edge(best_end)};
  if (bounds.high < kLeastSpan * bounds.low) return {};
  return bounds;
}

}  // namespace sm2::objective
