#include "journal/state.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::journal {
namespace {

using base::Joules;
using testing::SampleStudy;

constexpr double kKwh = 3.6e6;

trial::Energy kwh(double amount) { return SampleStudy::energy(amount * kKwh); }

void open(SampleStudy& study, std::optional<footprint::Grid> grid, std::optional<footprint::Price> price) {
  study.add(trial::Opened{"0.1.0", "host-a", 1, {}, std::move(grid), std::move(price), {}});
}

void meter(SampleStudy& study, int trial, trial::Energy energy) {
  study.add(trial::Metered{trial, std::move(energy), base::Seconds(1)});
}

TEST(StudyState, ChargesEnergyAtTheRatesOfTheSessionInWhichItArrived) {
  SampleStudy study;
  const footprint::Price price{0.3, "EUR"};
  open(study, footprint::Grid{100, "a"}, price);
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  meter(study, 0, kwh(0.5));
  study.evaluate(0, 1, 0.5, kwh(1));
  open(study, footprint::Grid{300, "b"}, price);
  study.exit(0, trial::Paused{}, kwh(1));  // nothing new
  study.train(1, SampleStudy::configuration(512, 0.1), 0, 1);
  study.exit(1, trial::Completed{}, kwh(2));
  EXPECT_NEAR(study.state.trials.at(0).footprint.grams, 100, 1e-9);
  EXPECT_NEAR(study.state.trials.at(1).footprint.grams, 600, 1e-9);
  EXPECT_NEAR(study.state.footprint.grams, 700, 1e-9);
  EXPECT_NEAR(study.state.footprint.cost.at("EUR"), 0.9, 1e-9);
  EXPECT_EQ(study.state.footprint.without_grid, Joules(0));
  EXPECT_EQ(study.state.grid, (footprint::Grid{300, "b"}));
  EXPECT_EQ(study.state.grids, (std::vector<footprint::Grid>{{100, "a"}, {300, "b"}}));
  EXPECT_EQ(study.state.prices, (std::vector<footprint::Price>{price}));
}

TEST(StudyState, KeepsEnergyWithoutRatesApart) {
  SampleStudy study;  // its session has none
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  meter(study, 0, kwh(1));
  open(study, footprint::Grid{100, "a"}, footprint::Price{0.3, "EUR"});
  meter(study, 0, kwh(2));
  open(study, {}, footprint::Price{0.5, "USD"});
  meter(study, 0, kwh(3));
  const Footprint& footprint = study.state.footprint;
  EXPECT_NEAR(footprint.grams, 100, 1e-9);
  EXPECT_NEAR(footprint.without_grid.value, 2 * kKwh, 1);
  EXPECT_NEAR(footprint.without_price.value, kKwh, 1);
  EXPECT_NEAR(footprint.cost.at("EUR"), 0.3, 1e-9);
  EXPECT_NEAR(footprint.cost.at("USD"), 0.5, 1e-9);
  EXPECT_EQ(study.state.grid, std::nullopt);
}

TEST(StudyState, AnUnknownReadingIsMadeUpForByTheNext) {
  SampleStudy study;
  open(study, footprint::Grid{100, "a"}, {});
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  meter(study, 0, kwh(1));
  meter(study, 0, SampleStudy::unknown_energy());
  EXPECT_NEAR(study.state.footprint.grams, 100, 1e-9);
  meter(study, 0, kwh(3));
  EXPECT_NEAR(study.state.footprint.grams, 300, 1e-9);
}

TEST(StudyState, KnowsWhatAllTrialsHaveUsedAndWhetherSomeOfItIsUnknown) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.train(1, SampleStudy::configuration(512, 0.1), 0, 1);
  meter(study, 0, kwh(1));
  meter(study, 0, SampleStudy::unknown_energy());
  meter(study, 1, kwh(2));
  EXPECT_EQ(study.state.charged, Joules(3 * kKwh));
  EXPECT_EQ(study.state.unread, 1u);
  meter(study, 0, kwh(4));
  EXPECT_EQ(study.state.charged, Joules(6 * kKwh));
  EXPECT_EQ(study.state.unread, 0u);
}

TEST(StudyState, AChildBeginsWhereItsParentStoodWhenItWasDecided) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 3);
  study.add(trial::Checkpointed{0, "three", 3});
  trial::Train child{1, SampleStudy::configuration(512, 0.1), 0, 6, {}, {}};
  child.parent = 0;
  study.add(trial::Decided{child});
  study.add(trial::Checkpointed{0, "four", 4});
  EXPECT_EQ(study.state.trials.at(1).checkpoint, "three");
  EXPECT_EQ(study.state.trials.at(1).checkpoint_resource, 3);
  EXPECT_EQ(study.state.trials.at(1).resource, 3);
  EXPECT_EQ(study.state.trials.at(1).checkpoint_of, 0);
  study.add(trial::Checkpointed{1, "five", 5});
  EXPECT_EQ(study.state.trials.at(1).checkpoint_of, std::nullopt);
}

TEST(StudyState, OnlyAFinishedStudyLeavesWhatWaits) {
  for (const char* how : {"interrupted", "budget", "finished"}) {
    SampleStudy study;
    for (const int id : {0, 1, 2}) {
      study.train(id, SampleStudy::configuration(64, 0.1), 0, 1);
      if (id < 2) study.exit(id, trial::Paused{}, SampleStudy::energy(1));
    }
    const bool finished = how == std::string("finished");
    study.close(how, finished ? std::optional(0) : std::nullopt);
    EXPECT_EQ(study.state.trials.at(0).state, finished ? TrialState::kFinished : TrialState::kPaused) << how;
    EXPECT_EQ(study.state.trials.at(1).state, finished ? TrialState::kStopped : TrialState::kPaused) << how;
    EXPECT_EQ(study.state.trials.at(2).state, finished ? TrialState::kStopped : TrialState::kRunning) << how;
  }
}

TEST(StudyState, AChildOfAParentWithoutACheckpointHasNone) {
  SampleStudy study;
  trial::Train child{1, SampleStudy::configuration(512, 0.1), 0, 6, {}, {}};
  child.parent = 0;
  study.add(trial::Decided{child});
  EXPECT_FALSE(study.state.trials.at(1).checkpoint);
  EXPECT_EQ(study.state.trials.at(1).resource, 0);
}

TEST(StudyState, KnowsWhatATrialRanOn) {
  const auto gpu = [](const char* number) {
    return trial::Device{std::string("gpu-") + number, std::string("GPU-") + number, {}, ""};
  };
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  EXPECT_EQ(study.state.trials.at(0).devices, std::nullopt);
  study.add(trial::Launched{0, {}, trial::Devices{}});
  EXPECT_EQ(study.state.trials.at(0).devices, trial::Devices{});
  study.add(trial::Launched{0, {}, trial::Devices{gpu("0"), gpu("1")}});
  study.add(trial::Launched{0, {}, trial::Devices{gpu("0"), gpu("2")}});
  study.add(trial::Launched{0, {}});
  EXPECT_EQ(study.state.trials.at(0).devices, (trial::Devices{gpu("1"), gpu("0"), gpu("2")}));
}

}  // namespace
}  // namespace sm2::journal
