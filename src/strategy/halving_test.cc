#include "strategy/halving.h"

#include <gtest/gtest.h>

#include <map>

#include "base/match.h"

namespace sm2::strategy {
namespace {

using trial::TrialId;

struct Candidate {
  std::optional<double> unit_joules;  // absent: no meter
  double metric = 0;
  double first_metric_at = 0;               // resource; silent before
  std::optional<double> energy_until = {};  // resource; its energy is unknown beyond
  bool fails = false;
};

struct Course {
  std::map<int, std::map<TrialId, double>> rungs;  // what each trial reached
  std::map<TrialId, std::string> dropped;
  std::map<TrialId, double> until;  // as last asked for
  std::optional<trial::Finish> finish;
};

// One at a time, each evaluated every half unit.
class Race {
 public:
  Race(std::vector<Candidate> candidates, double resource_max, bool by_energy)
      : candidates_(std::move(candidates)),
        halving_(entries(candidates_.size()), options(resource_max), by_energy) {}

  Course run() {
    while (!course_.finish) {
      std::visit(base::Match{[&](const trial::Train& asked) { train(asked); },
                             [&](const trial::Drop& drop) { course_.dropped[drop.trial] = drop.reason; },
                             [](const trial::Wait&) { FAIL() << "waits for nothing"; },
                             [&](const trial::Finish& finish) { course_.finish = finish; }},
                 halving_.ask());
      if (::testing::Test::HasFatalFailure()) break;
    }
    return course_;
  }

 private:
  static std::vector<Entry> entries(std::size_t count) {
    std::vector<space::Configuration> configurations;
    for (std::size_t k = 0; k < count; ++k) configurations.push_back({{"k", static_cast<std::int64_t>(k)}});
    return fresh_entries(configurations);
  }
  static Options options(double resource_max) {
    Options of_race;
    of_race.resource_max = resource_max;
    of_race.metric = "accuracy";
    return of_race;
  }

  trial::Stretch at(TrialId trial, double reached) const {
    const Candidate& candidate = candidates_[static_cast<std::size_t>(trial)];
    trial::Stretch told;
    told.outcome = trial::Paused{};
    if (candidate.fails) told.outcome = trial::Failed{1, ""};
    told.reached = reached;
    if (reached >= candidate.first_metric_at) told.metric = candidate.metric;
    std::optional<base::Joules> joules;
    if (candidate.unit_joules && reached <= candidate.energy_until.value_or(reached))
      joules = base::Joules(*candidate.unit_joules * reached);
    told.energy = {{"fake", "fake", trial::Quality::kReplayed, joules, {}, {}, {}, ""}};
    return told;
  }

  void train(const trial::Train& asked) {
    double& reached = reached_[asked.trial];
    course_.until[asked.trial] = asked.until;
    ASSERT_LT(reached, asked.until);
    while (reached < asked.until) {
      reached += 0.5;
      const trial::Stretch so_far = at(asked.trial, reached);
      if (reached >= asked.until || !so_far.metric) continue;
      if (halving_.judge(asked.trial, so_far).action == trial::Action::kPause) break;
    }
    course_.rungs[asked.rung][asked.trial] = reached;
    halving_.tell(asked.trial, at(asked.trial, reached));
  }

  std::vector<Candidate> candidates_;
  Halving halving_;
  Course course_;
  std::map<TrialId, double> reached_;
};

Course race(const std::vector<Candidate>& candidates, double resource_max, bool by_energy) {
  return Race(candidates, resource_max, by_energy).run();
}

using Reached = std::map<TrialId, double>;

// The better half by metric: 10, 30, 40 and 80 J per unit; of them, the first and the last are the best.
const std::vector<Candidate> kEight{{10, 0.9}, {30, 0.7}, {40, 0.6},  {80, 0.8},
                                    {5, 0.1},  {5, 0.2},  {500, 0.3}, {500, 0.4}};

TEST(HalvingByEnergy, TheFirstRungGivesTheSameResource) {
  const Course course = race(kEight, 16, true);
  for (TrialId trial = 0; trial < 8; ++trial) EXPECT_EQ(course.rungs.at(0).at(trial), 1);
}

TEST(HalvingByEnergy, LaterRungsGiveTheSameEnergyAndPauseAtTheFirstEvaluationPastIt) {
  const Course course = race(kEight, 16, true);
  // The first rung took 10, 30, 40 and 80 J; so 40 J for each: 4, 4/3, 1 and 1/2 units, to the next half.
  EXPECT_EQ(course.rungs.at(1), (Reached{{0, 5}, {1, 2.5}, {2, 2}, {3, 1.5}}));
  // Then 80 J: 8 units and 1.
  EXPECT_EQ(course.rungs.at(2), (Reached{{0, 13}, {3, 2.5}}));
  EXPECT_EQ(course.rungs.at(3), (Reached{{0, 16}}));
  EXPECT_EQ(course.finish->winner, 0);
}

TEST(HalvingByEnergy, TheLastOneTrainsToTheEndWhateverItUses) {
  std::vector<Candidate> candidates = kEight;
  candidates[3].metric = 0.95;
  const Course course = race(candidates, 16, true);
  EXPECT_EQ(course.rungs.at(3), (Reached{{3, 16}}));
  EXPECT_EQ(course.finish->winner, 3);
}

TEST(HalvingByEnergy, WhereAllHaveReachedTheEndTheBestWins) {
  const Course course = race({{10, 0.5}, {10, 0.6}, {10, 0.7}, {10, 0.8}}, 2, true);
  EXPECT_EQ(course.rungs.at(1), (Reached{{2, 2}, {3, 2}}));
  EXPECT_EQ(course.rungs.size(), 2u);
  EXPECT_EQ(course.finish->winner, 3);
}

TEST(HalvingByEnergy, WithoutAKnownEnergyItGoesByResource) {
  std::vector<Candidate> candidates = kEight;
  candidates[1].unit_joules.reset();
  const Course course = race(candidates, 16, true);
  EXPECT_EQ(course.rungs.at(1), (Reached{{0, 2}, {1, 2}, {2, 2}, {3, 2}}));
  EXPECT_EQ(course.rungs.at(2), (Reached{{0, 4}, {3, 4}}));
  EXPECT_EQ(course.until.at(0), 16);
}

TEST(HalvingByEnergy, AnUnknownEnergyOfOneThatLeftPlaysNoPart) {
  std::vector<Candidate> candidates = kEight;
  candidates[5].unit_joules.reset();
  EXPECT_EQ(race(candidates, 16, true).rungs, race(kEight, 16, true).rungs);
}

TEST(HalvingByEnergy, AnEnergyThatIsLostLaterTakesTheNextRungBackToResource) {
  std::vector<Candidate> candidates = kEight;
  candidates[3].energy_until = 1;
  const Course course = race(candidates, 16, true);
  EXPECT_EQ(course.rungs.at(1).at(3), 16) << "nothing says that it is past its allowance";
  EXPECT_EQ(course.rungs.at(1).at(1), 2.5);
  EXPECT_FALSE(course.rungs.contains(2)) << "both have more than the four units of the rung, 5 and 16";
  EXPECT_EQ(course.finish->winner, 0);
}

TEST(Halving, RungsByResourceAreThoseOfSuccessiveHalving) {
  const Course course = race(kEight, 16, false);
  EXPECT_EQ(course.rungs.at(1), (Reached{{0, 2}, {1, 2}, {2, 2}, {3, 2}}));
  EXPECT_EQ(course.rungs.at(2), (Reached{{0, 4}, {3, 4}}));
  EXPECT_EQ(course.rungs.at(3), (Reached{{0, 16}}));
  EXPECT_EQ(course.rungs.size(), 4u);
  EXPECT_EQ(course.finish->winner, 0);
}

TEST(Halving, JudgesNothingWithoutEnergyRungs) {
  Options options;
  options.resource_max = 4;
  Halving halving(fresh_entries({{{"k", std::int64_t{0}}}, {{"k", std::int64_t{1}}}}), options);
  const auto train = std::get<trial::Train>(halving.ask());
  trial::Stretch so_far;
  so_far.reached = 0.5;
  so_far.metric = 0.1;
  so_far.energy = {{"fake", "fake", trial::Quality::kReplayed, base::Joules(1e9), {}, {}, {}, ""}};
  EXPECT_EQ(halving.judge(train.trial, so_far).action, trial::Action::kContinue);
}

TEST(HalvingSilent, IsDroppedWhereThereAreEnoughOthers) {
  const Course course = race({{10, 0.9, 2}, {10, 0.5}, {10, 0.6}, {10, 0.4}}, 8, false);
  EXPECT_EQ(course.rungs.at(1), (Reached{{1, 2}, {2, 2}}));
  EXPECT_EQ(course.dropped.at(0), "rung 0: it has not reported accuracy yet, and others have");
}

TEST(HalvingSilent, StaysBehindTheOthersWhereThereAreTooFew) {
  // Four, so two go on: the one that spoke, and the first of the silent.
  const Course course = race({{10, 0.9, 2}, {10, 0.8, 2}, {10, 0.1}, {10, 0.7, 2}}, 8, false);
  EXPECT_EQ(course.rungs.at(1), (Reached{{0, 2}, {2, 2}}));
  EXPECT_EQ(course.dropped.at(1), "rung 0: it has not reported accuracy yet, and others have");
  // When it speaks, it counts for what it says.
  EXPECT_EQ(course.finish->winner, 0);
}

TEST(HalvingSilent, CountsWhereItIsDecidedHowManyStay) {
  const Course course =
      race({{10, 0.9}, {10, 0.8}, {10, 0.9, 8}, {10, 0.9, 8}, {10, 0.9, 8, {}, true}, {10, 0.1}}, 8, false);
  EXPECT_EQ(course.rungs.at(1), (Reached{{0, 2}, {1, 2}}));  // of five that are usable
  EXPECT_EQ(course.dropped.at(4), "rung 0: failed with exit status 1");
}

TEST(HalvingSilent, AtTheEndOfItsTrainingItIsDropped) {
  const Course course = race({{10, 0.9, 100}, {10, 0.5}}, 1, false);
  EXPECT_EQ(course.dropped.at(0), "rung 0: it reported no finite accuracy");
  EXPECT_EQ(course.finish->winner, 1);
}

TEST(HalvingSilent, WhereNoneHasSpokenTheRaceGoesOn) {
  for (const bool by_energy : {false, true}) {
    const Course course = race({{10, 0.5, 2}, {10, 0.6, 2}, {10, 0.7, 2}, {10, 0.8, 2}}, 8, by_energy);
    EXPECT_EQ(course.rungs.at(0).size(), 4u);
    ASSERT_TRUE(course.rungs.contains(1)) << "there is nothing to rank by: all train on";
    EXPECT_EQ(course.rungs.at(1).size(), 4u);
    ASSERT_TRUE(course.finish && course.finish->winner);
    EXPECT_EQ(course.rungs.rbegin()->second, (Reached{{*course.finish->winner, 8}}));
  }
}

}  // namespace
}  // namespace sm2::strategy
