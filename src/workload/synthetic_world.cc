#include "workload/synthetic_world.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace sm2::workload {
namespace {

double between(base::Random& random, double low, double high) {
  return low + (high - low) * random.uniform();
}

double log_between(base::Random& random, double low, double high) {
  return low * std::exp(random.uniform() * std::log(high / low));
}

// Box and Muller 1958, one of the two.
double normal(double first, double second) {
  return std::sqrt(-2 * std::log(1 - first)) * std::cos(2 * std::numbers::pi * second);
}

// SplitMix64 (Steele et al. 2014): the same noise for the same unit, whatever is asked before.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

double unit_interval(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1.0p-53; }

double noise_of(std::uint64_t noise, int unit) {
  const std::uint64_t first = mixed(noise + static_cast<std::uint64_t>(unit));
  return normal(unit_interval(first), unit_interval(mixed(first)));
}

// p of p + (b P / B0) ln(1 + p/P) = y. The left side rises and is concave, and Newton's steps start below the
// root, so they climb to it without passing it.
double progress(const World& world, double batch, double y) {
  const double weight = batch * world.growth / world.noise_batch;
  double p = y / (1 + weight / world.growth);
  for (int step = 0; step < 50; ++step) {
    const double missing = y - p - weight * std::log1p(p / world.growth);
    if (missing <= 1e-12 * y) break;
    p += missing / (1 + weight / (world.growth + p));
  }
  return p;
}

double ceiling(const World& world, const Conduct& conduct) {
  const double too_large = std::max(0.0, std::log2(conduct.batch / world.large));
  return world.top - world.floor * conduct.rate / conduct.batch - world.gap * too_large - conduct.penalty;
}

// The unit in which a learning rate of twice the best or more shows: the larger, the sooner.
int divergence(double rate) { return 1 + static_cast<int>(3 / (rate - 1)); }

}  // namespace

World draw_world(base::Random& random, double horizon) {
  World world;
  world.samples = log_between(random, 1e4, 1e6);
  world.horizon = horizon;
  world.start = between(random, 0.01, 0.3);
  world.top = between(random, 0.6, 0.98);
  const double span = world.top - world.start;
  world.time_scale = horizon * between(random, 0.02, 0.2);
  world.bend = between(random, 0.5, 2);
  world.noise_batch = log_between(random, 16, 2048);
  world.growth = world.time_scale * between(random, 1, 10);
  world.floor = span * log_between(random, 0.05, 2);
  world.gap = span * between(random, 0, 0.03);
  world.large = log_between(random, 64, 4096);
  world.best_rate = log_between(random, 0.01, 1);
  world.run_time = between(random, 0.02, 0.1);
  world.run_top = span * between(random, 0.001, 0.005);
  world.evaluation = span * between(random, 0, 0.004);
  world.speed = log_between(random, 100, 10000);
  world.half_batch = log_between(random, 2, 256);
  world.epoch_overhead = base::Seconds(world.samples / world.speed * between(random, 0.01, 0.1));
  world.most = base::Watts(between(random, 150, 400));
  world.idle = world.most * between(random, 0.25, 0.5);
  world.clock_share = between(random, 0.4, 0.95);
  world.slowest_clock = between(random, 0.3, 0.6);
  return world;
}

double best_rate(const World& world, double batch) {
  return world.best_rate / (1 + world.noise_batch / batch);
}

Cost epoch_cost(const World& world, const Conduct& conduct, std::optional<base::Watts> limit) {
  const double use = conduct.batch / (conduct.batch + world.half_batch);
  const base::Watts dynamic = use * (world.most - world.idle);
  double clock = 1;
  if (limit && world.idle + dynamic > *limit)
    clock = std::clamp(std::cbrt((*limit - world.idle) / dynamic), world.slowest_clock, 1.0);
  const base::Seconds full_clock(world.samples / world.speed / use * conduct.work);
  const base::Seconds steps = full_clock * (world.clock_share / clock + 1 - world.clock_share);
  const base::Watts power = world.idle + clock * clock * clock * dynamic;
  return {power * steps + world.idle * world.epoch_overhead, steps + world.epoch_overhead};
}

std::vector<base::Watts> limits_of(const World& world) {
  std::vector<base::Watts> limits;
  for (int tenths = 4; tenths <= 10; ++tenths) limits.push_back(0.1 * tenths * world.most);
  return limits;
}

Luck draw_luck(const World& world, base::Random& random) {
  const double first = random.uniform();
  const double second = random.uniform();
  const double third = random.uniform();
  const double fourth = random.uniform();
  return {std::exp(world.run_time * normal(first, second)), world.run_top * normal(third, fourth),
          random.bits()};
}

double metric_at(const World& world, const Conduct& conduct, const Luck& luck, int unit) {
  const bool diverges = conduct.rate >= 2;
  if (diverges && unit >= divergence(conduct.rate)) return std::numeric_limits<double>::quiet_NaN();
  const double pace = diverges ? 0 : conduct.rate * (2 - conduct.rate) * conduct.speed / luck.slowness;
  const double p = progress(world, conduct.batch, pace * unit);
  const double end = ceiling(world, conduct) + luck.top;
  const double noise = luck.noise ? world.evaluation * noise_of(*luck.noise, unit) : 0;
  return end - (end - world.start) * std::pow(1 + p / world.time_scale, -world.bend) + noise;
}

}  // namespace sm2::workload
