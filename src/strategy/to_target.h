// `sm2` with a target: the least energy until a training reaches it, where candidates differ in batch size alone. One trial
// at a time, each from where it was paused.
//
// 1. Probe (largest batch first, as it uses a device best): what a sample costs. Smaller batches are probed for as long as
//    they cost less than twice the cheapest.
// 2. The cheapest per sample trains first: to the job's end, if it is short.
// 3. When it has shown two different metrics, the middle (on a log scale) of the batch sizes that no smaller one undercuts trains
//    to the same metric or the same energy, if that costs little beside what is forecast. Ranges that people offer surround
//    what works: between them, the two ends of the plausible are compared. Where the trainer reports its gradient noise scale,
//    the batch size nearest to that takes the place of the middle (arXiv 1812.06162: larger ones need more samples).
// 4. From then on the one with the least forecast energy trains (objective/forecast.h), with a margin for the one that is
//    running; a fresh start of a batch size is a choice too.
//
// What earlier studies learnt (strategy/recall.h) takes the place of 1 to 3: the best of them trains, and in the first
// studies its untried neighbours do, for as long as they are no more expensive on the way than it was. When the training shows
// that this no longer holds (it takes longer, or uses other joules), it is forgotten.
#pragma once

#include <deque>
#include <map>
#include <memory>

#include "objective/forecast.h"
#include "strategy/recall.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

class ToTarget final : public Strategy {
 public:
  // `candidates` differ in batch_size alone. options.target is set.
  ToTarget(std::vector<space::Configuration> candidates, const space::Space& space, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) override;

 private:
  struct Arm {  // a batch size
    space::Configuration configuration;
    double batch_size = 0;
    bool probed = false;
    std::optional<double> sample_joules;    // from its probe, where the program reports samples
    std::optional<double> resource_joules;  // likewise, per unit of resource; with the program's start
    int spent = 0;                          // runs that were trained to the end without reaching the target
    bool out = false;
  };
  struct Run {  // a trial
    trial::TrialId trial = 0;
    std::size_t arm = 0;
    std::vector<Experience::Point> seen;  // evaluations
    double reached = 0;
    double joules = 0;
    double observed = 0;  // resource of the last evaluation that the forecast was given
    bool over = false;
    bool failed = false;  // or dropped: it cannot win
  };
  using RunIndex = std::size_t;

  // What to train next: a run, or a fresh one of an arm; nothing when no arm is left.
  struct Choice {
    std::size_t arm = 0;
    std::optional<RunIndex> run;
  };
  std::optional<Choice> choose();
  std::optional<Choice> remembered();
  std::optional<Choice> bracket();
  std::optional<Choice> least_forecast();

  trial::Train train(Choice choice);
  trial::Train probe(std::size_t arm);
  void end_probe();
  void take(Run& run, const trial::Stretch& stretch, bool evaluated);
  std::optional<double> probed_joules(std::size_t arm) const;
  void leave_larger(std::size_t failed);
  void forget();
  bool still_holds(const Run& run) const;

  Run& run_of(trial::TrialId trial);
  RunIndex cheaper_so_far(RunIndex first, RunIndex second) const;
  std::optional<RunIndex> open_run(std::size_t arm) const;
  std::optional<std::size_t> cheapest() const;
  std::vector<std::size_t> undercut_by_none() const;
  double sample_joules(std::size_t arm) const;
  std::optional<double> shown_joules(std::size_t arm) const;
  double unit_joules(std::size_t arm) const;
  double forecast_joules(std::size_t arm, double done) const;
  void drop_dominated();

  Options options_;
  std::vector<Arm> arms_;  // smallest batch first
  std::vector<Run> runs_;  // by trial
  std::optional<trial::Schedule> schedule_;
  std::optional<Recall> recall_;
  std::optional<std::size_t> to_probe_;            // next, going down; absent when probing is over
  std::unique_ptr<objective::Forecast> forecast_;  // from the first evaluation on
  double interval_ = 1;                            // resource of the first evaluation
  std::optional<bool>
      by_time_;  // no energy is known: seconds take the place of joules; known from the first stretch on
  std::optional<double> noise_scale_;  // in samples, as reported last
  std::deque<trial::Drop> drops_;
  std::optional<trial::TrialId> running_;
  bool probing_ = false;  // the running one, or the last
  std::optional<RunIndex> current_;
  std::optional<RunIndex> first_, middle_;  // of the bracket
  bool bracketed_ = false;
  double look_ = 0;  // resource of the current run at which the choice is made anew
};

// Whether they differ in nothing but a positive batch_size, and there are at least two.
bool differ_in_batch_size_alone(const std::vector<space::Configuration>& candidates);

}  // namespace sm2::strategy
