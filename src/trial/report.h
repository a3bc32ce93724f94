// What a training program says while it runs, and what a stretch of training came to.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/quantity.h"
#include "trial/energy.h"
#include "trial/outcome.h"
#include "trial/schedule.h"

namespace sm2::trial {

enum class Action { kContinue, kPause, kStop };  // the answer to an evaluation

struct Step {  // counted from the trial's very beginning; what the program did not say is absent
  std::optional<std::int64_t> step;
  std::optional<double> samples;
  std::optional<double> resource;
  std::optional<double> loss;  // may be NaN or infinite
  std::optional<double> learning_rate;
  std::optional<double>
      noise_scale;  // gradient noise scale in samples (arXiv 1812.06162): the critical batch size
};

// What the training steps of a stretch showed, from step reports; absent where there were not enough of them.
struct Progress {
  std::optional<double> samples;             // trained in all, from the trial's very beginning
  std::optional<double> loss;                // smoothed
  std::optional<double> stability;           // S of the objective, 0 to 1
  std::optional<RateBounds> stable_rates;    // learning rates at which the loss fell and was stable
  std::optional<double> joules_per_sample;   // steady training only, without the program's start
  std::optional<double> seconds_per_sample;  // likewise
  std::optional<double> samples_per_step;
  std::optional<double> noise_scale;       // as Step has it, smoothed on a log scale
  std::optional<base::Watts> power_limit;  // found to use the fewest joules per sample, and kept since
  bool operator==(const Progress&) const = default;
};

struct Evaluation {
  double resource = 0;
  std::map<std::string, double> metrics;  // as reported; may hold NaN and infinities
  Energy energy;                          // of the trial since its very beginning
  base::Seconds seconds;                  // it has run, likewise
  Progress progress;                      // of the stretch so far
};

// What a strategy is told when a stretch ends.
struct Stretch {
  Outcome outcome;
  double reached = 0;            // resource
  std::optional<double> metric;  // of the last evaluation, oriented: higher is better
  Energy energy;                 // of the trial since its very beginning
  base::Seconds seconds;         // it has run, likewise
  Progress progress;
};

}  // namespace sm2::trial
