// `sm2` without a target where settings differ in learning rate, batch size and whatever else: the best metric for an energy of a
// few whole trainings.
//
// What trains is the setting that is forecast to end furthest above the best run as it stands, for the square root of the joules
// that it needs for that (objective/setting_forecast.h); with a margin for the one that is running. So a run is left when others
// promise more, and the best one when going on is forecast to end worse than what it has: it is paused there, with its checkpoint.
// Before a run goes on, the learning rates next to it are looked at for one evaluation each, where they promise nearly as much and the
// look costs little.
//
// It ends when nothing is forecast to better the best by 0.0005 of the way from the start to the goal, or when the next training
// would exceed what may be spent: 0.6 / alpha log2(settings) times what the winner's setting needs for a whole training, where
// alpha is the weight of energy (0.3 unless told otherwise). Before three trainings were seen to their ends a forecast that nothing
// gets better is not believed: of the others the run that came furthest goes on.
#pragma once

#include <optional>
#include <vector>

#include "strategy/setting_search.h"

namespace sm2::strategy {

class SearchForBest final : public SettingSearch {
 public:
  // As SettingSearch; options.target is not set.
  SearchForBest(std::vector<space::Configuration> settings, const Options& options);

 private:
  std::optional<Choice> choose() override;
  bool parallel() const override { return true; }
  trial::Finish finish() const override;
  double shown(const Run& run) const override { return run.seen.back(); }

  struct Best {  // the best standing of all, and the second
    std::size_t arm = 0;
    double standing = 0;
    std::optional<double> second = {};
  };
  std::optional<Best> best() const;

  // Likewise by arm.
  std::vector<double> gains(const std::optional<Best>& best);
  std::optional<std::size_t> challenger(std::size_t chosen, const std::vector<double>& gains) const;
  std::optional<std::size_t> furthest(const std::optional<Best>& best) const;

  double whole_joules(std::size_t arm) const;   // of a training from its start to its end
  double joules_to_end(std::size_t arm) const;  // what is left of it
  double spent() const;  // and what the running ones still need, but for the one that is asked about
  double allowed(std::size_t winner) const;  // to be spent in all
};

}  // namespace sm2::strategy
