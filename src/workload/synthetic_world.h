// A world of made-up trainings: how the metric rises, which batch sizes and learning rates are good, and what
// an epoch costs. Constants are drawn from the ranges in synthetic_world.cc; every choice of them is
// plausible, none is measured.
//
// Progress p, in epochs of vanishing batch size at the best learning rate, from the gradient-noise model
// (McCandlish et al. 2018, arXiv 1812.06162, section 2: samples E = E_min (1 + b/B), best step =
// largest step / (1 + B/b)), B growing:
//   v(x) n / r = p + (b P / B0) ln(1 + p/P)      n epochs, B(p) = B0 (1 + p/P), r the run's slowness
//   v(x) = x (2 - x), x = rate / best rate       and from x = 2 on the training diverges
//   m(p) = C - (C - m0) (1 + p/T)^-g
//   C = top - floor x/b - gap log2(b/large) [b > large] - what other parameters cost + the run's luck
// Energy of an epoch: its seconds are fixed + samples/speed (1 + half/b), its watts idle + dynamic
// b/(b + half); a limit lowers the clock f: time share c goes with 1/f, dynamic power with f^3, so energy is
// U-shaped in the limit.
#pragma once

#include <optional>
#include <vector>

#include "base/quantity.h"
#include "base/random.h"
#include "workload/workload.h"

namespace sm2::workload {

struct World {
  double samples = 0;      // in an epoch
  double horizon = 0;      // epochs of a normal training
  double start = 0;        // metric of the untrained model
  double top = 0;          // metric that the best settings tend to
  double time_scale = 0;   // T, epochs
  double bend = 0;         // g
  double noise_batch = 0;  // B0, samples
  double growth = 0;       // P, epochs
  double floor = 0;        // metric that a batch of one sample lacks
  double gap = 0;          // metric that each doubling beyond `large` lacks
  double large = 0;        // samples
  double best_rate = 0;    // of a large batch
  double run_time = 0;     // deviation of ln r between runs
  double run_top = 0;      // of C between runs
  double evaluation = 0;   // of the metric between evaluations
  double speed = 0;        // samples per second of a large batch
  double half_batch = 0;   // the batch with half that speed
  base::Seconds epoch_overhead;
  base::Watts idle;
  base::Watts most;          // of a large batch at the full clock
  double clock_share = 0;    // c
  double slowest_clock = 0;  // the least f
};

World draw_world(base::Random& random, double horizon);

// What a configuration comes to.
struct Conduct {
  double batch = 64;
  double rate = 1;     // x
  double speed = 1;    // more of v, by other parameters
  double penalty = 0;  // less of C, by other parameters
  double work = 1;     // seconds per sample, as a multiple
};

double best_rate(const World& world, double batch);

// Of one unit; without a limit at the full clock.
Cost epoch_cost(const World& world, const Conduct& conduct, std::optional<base::Watts> limit);

std::vector<base::Watts> limits_of(const World& world);

// One run: how slow it is, how high it ends, and what noise its evaluations have.
struct Luck {
  double slowness = 1;
  double top = 0;
  std::optional<std::uint64_t> noise;  // absent: the mean run
};
Luck draw_luck(const World& world, base::Random& random);

// The metric after a unit; NaN once it has diverged.
double metric_at(const World& world, const Conduct& conduct, const Luck& luck, int unit);

}  // namespace sm2::workload
