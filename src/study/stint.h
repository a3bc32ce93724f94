// A stint: one process of a trial while it runs, and what its steps and its energy window say so far. A
// stretch that is interrupted takes several stints. Steps are summed up in constant memory.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "meter/meter.h"
#include "objective/stability.h"
#include "study/power_tuning.h"
#include "trial/decision.h"
#include "trial/report.h"

namespace sm2::study {

class Stint {
 public:
  // `before` and `seconds_before`: what the trial used and ran in earlier stints.
  Stint(const trial::Train& train, std::unique_ptr<meter::Window> window, trial::Energy before,
        base::Seconds seconds_before, const base::Clock& clock);

  // Looks for the power limit to train with. Until it is found the stint's training counts as not steady, and its probe
  // has not begun.
  void tune(std::unique_ptr<PowerTuning> tuning) { tuning_ = std::move(tuning); }

  void add(const trial::Step& step);
  void evaluated();

  // It waits for its answer, having used `energy` so far. From here to answered() no time is its own: limits of time stand
  // still, and what it uses meanwhile counts as its energy, but not as the cost of its steps.
  void waits(const trial::Energy& energy);
  void answered();
  // So long before it was seen to wait its tuner did not listen, as it was stopped: likewise.
  void excuse(base::Seconds unheard) {
    if (!wait_) waited_ += std::min(unheard, running_for());
  }

  const trial::Train& train() const { return train_; }
  trial::Energy energy() const;   // of the trial since its very beginning, read now
  base::Seconds seconds() const;  // likewise
  base::Seconds running_for() const;
  // When seconds() will be `limit`, in monotonic time; nothing while it waits.
  std::optional<base::Seconds> reaches(base::Seconds limit) const;
  // Whether a reading is unknown that was known a few readings ago: a failure that may pass is not told at once.
  bool unread(const trial::Energy& energy);
  trial::Progress progress() const;
  std::string note() const;  // what is worth knowing of it

  bool diverged() const;  // the loss has not been finite for several steps on end
  std::optional<base::Seconds> probe_ends()
      const;  // monotonic time; once training has begun, when it is a probe
  std::optional<double> resource() const { return resource_; }  // as the last step said

 private:
  struct Mark {  // a moment of steady training
    double samples = 0;
    std::optional<base::Joules> energy;
    base::Joules noise;
    base::Seconds time;
    std::int64_t step = 0;
  };

  void add_noise_scale(double noise_scale);
  void tune(const Mark& mark);
  base::Seconds now() const { return clock_.monotonic() - waited_; }  // in its own time

  trial::Train train_;
  std::unique_ptr<meter::Window> window_;
  trial::Energy before_;
  base::Seconds seconds_before_;
  const base::Clock& clock_;
  base::Seconds started_;
  base::Seconds waited_;  // of the time since then
  base::Joules waited_energy_;
  struct Wait {
    base::Seconds since;
    std::optional<base::Joules> used;
  };
  std::optional<Wait> wait_;
  objective::Stability stability_;
  int steps_ = 0;
  int losses_lost_ = 0;  // on end, not finite
  int unread_ = 0;       // readings of energy on end that failed
  std::optional<double> samples_, resource_;
  std::optional<double> log_noise_scale_;  // smoothed
  std::optional<Mark> begin_, end_;
  std::unique_ptr<PowerTuning> tuning_;  // null: the limit is left alone
  base::Seconds tuned_;                  // when it was last given a mark
};

}  // namespace sm2::study
