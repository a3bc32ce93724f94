// How trainings go on when they differ in batch size b, learning rate r and other parameters: how long one needs to reach a
// target, or, without a target, where it will end. Like Forecast an ensemble of worlds, each a set of learning curves that
// share what they have in common; x = log2 b, and d = log2 r - log2 best rate(b) is how far off the best learning rate is, in
// octaves:
//
//   y(t) = A (1 - (1 + t / u)^-g)                            progress: 0 at the start, 1 at the target
//   log2 best rate(b) = c + s min(x, xk)                     s from 0.3 to 1.1: the square root rule, the linear rule
//   log2 u = c' + sl log2(1 + 2^(x - xk)) + below(d) + above(d)    slower beyond the critical batch size xk (arXiv 1812.06162)
//   A = A' - ql max(0, x - xk) - qb below(d + l) - qa (d + l)^2 above     the best rate for the end is l lower than for the pace
//   y(t) = 0 where d is above a cliff                        diverged
//
// and c, c', A' are shifted for each group of settings that share all other parameters. Each world is a point z of independent
// standard normals, which these constants are made of (interpret()), weighted by every metric seen (Gaussian, tempered; its
// width grows with the distance to the target), by runs that diverged and by those that have not arrived yet. Without a target,
// progress 1 is where the best setting ends, after the longest training; where that lies on the scale of the metric is a part of
// each world, as is the width; and the scale of a metric that is minimised and positive is logarithmic. When few worlds bear
// most of the weight they are drawn anew by weight and moved by a random walk that keeps the posterior: the preconditioned
// Crank-Nicolson proposal (Cotter, Roberts, Stuart and White 2013).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"

namespace sm2::objective {

class SettingForecast {
 public:
  struct Setting {
    double batch_size = 1;     // positive
    double learning_rate = 1;  // positive
    std::size_t group = 0;     // from 0 on
  };

  // `target` as users write it, and whether lower is better. `most`: units of resource that a training may take.
  SettingForecast(std::vector<Setting> settings, std::optional<double> target, bool minimized, double most,
                  std::uint64_t seed);

  // A run of that setting showed `metric` (as users write it; with a target its best so far) after `units`.
  void observe(std::size_t setting, double units, double metric);
  // Run number `run`, of that setting, has not arrived after `units`. Says nothing without a target.
  void outlasted(std::size_t run, std::size_t setting, double units);
  void diverged(std::size_t setting);

  // Units that a run needs on average, per success, after `done` units (Arrival). A training that would arrive after `most` never
  // does; where all would, the price is what they need, times a large number. Infinite when no world lets it arrive. With a target.
  double units_to_target(std::size_t setting, double done);

  // Without a target, on the scale of the forecast (a metric, or minus its logarithm, such that higher is better).
  // How good a run of `setting` is that showed `metric` after `units`: that, moved a fifth of the way to what is expected there, as a
  // part of what one evaluation shows is luck.
  double standing(std::size_t setting, double units, double metric);
  // How much better than `record` the best is expected to be when `setting` has trained to `most`: the mean over the worlds of what
  // it ends with, but at least `fallback`, less `record`, in units of progress. Both are standings; where there is none yet, 0.7 of the
  // progress is.
  double gain(std::size_t setting, std::optional<double> record, std::optional<double> fallback);

 private:
  struct World {
    std::vector<double> z;
    double bend = 1, best = 1, units = 1;                // g; A' and u of the best setting
    double rate = 0, slope = 1, knee = 0;                // c, s, xk
    double slow_large = 0, slow_low = 0, slow_high = 0;  // octaves of u for an octave of b or r
    double lost_large = 0, lost_low = 0, lost_high = 0;  // of A
    double flat = 0, lower = 0, cliff = 0;               // octaves of r
    double start = 0, goal = 1;                          // value() at y = 0, at y = 1
    double width = 0;                                    // of an observation, at the goal
    double log_weight = 0;                               // since it was drawn
  };
  struct Curve {
    double asymptote = 0, scale = 1;
    bool dead = false;
  };
  struct Seen {
    std::size_t setting = 0;
    double units = 0, metric = 0;
  };
  struct Outlasted {
    std::size_t run = 0, setting = 0;
    double units = 0;
  };

  std::size_t shared() const;  // normals that all groups have in common
  void interpret(World& world) const;
  Curve curve(const World& world, std::size_t setting) const;
  double arrival(const World& world, std::size_t setting) const;
  double value(double metric) const;  // the metric on the scale of the forecast
  double begin(World& world) const;
  double expected(const World& world, std::size_t setting, double units) const;
  void place(World& world, double shown, double progress) const;
  double explain(const World& world, const Curve& curve, const Seen& seen) const;
  double survive(const World& world, std::size_t setting, double units) const;
  double die(const World& world, std::size_t setting) const;
  double explain_all(World& world, double enough) const;
  void weigh();
  void renew();

  std::vector<Setting> settings_;
  std::vector<double> batch_, rate_;  // log2, from the middle of all
  double batch_span_ = 0, rate_span_ = 0;
  bool grouped_ = false;  // there is more than one group
  std::optional<double> target_;
  bool minimized_;
  bool logarithmic_ = false;  // known from the first metric on
  double most_;
  base::Random random_;
  std::vector<World> worlds_;
  std::vector<double> weights_;  // normalised; empty when they have to be made anew
  std::vector<Seen> seen_;
  std::vector<Outlasted> outlasted_;
  std::vector<std::size_t> diverged_;
};

}  // namespace sm2::objective
