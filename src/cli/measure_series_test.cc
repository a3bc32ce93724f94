#include "cli/measure_series.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;

Measurement run(double joules, double seconds = 1, int exit = 0) {
  trial::Reading reading;
  reading.domain = "package-0";
  reading.source = "rapl";
  reading.joules = Joules(joules);
  Measurement measurement;
  measurement.exit = exit;
  measurement.time = Seconds(seconds);
  measurement.energy = {reading};
  return measurement;
}

class SeriesTest : public ::testing::Test {
 protected:
  Repetition times(std::size_t runs) {
    return {runs,
            [this](const std::vector<std::string>& command,
                   const RunName&) -> tl::expected<Measurement, NotStarted> {
              order_ += command.front();
              if (static_cast<int>(order_.size()) == not_started_at_)
                return tl::unexpected(NotStarted{126, "no"});
              return run(1, 1, static_cast<int>(order_.size()) == fails_at_ ? 3 : 0);
            },
            [this](const RunName&, const Measurement&) { ++told_; },
            [this] {
              return static_cast<int>(order_.size()) == signal_after_ ? std::optional(15) : std::nullopt;
            }};
  }

  std::string order_;
  int told_ = 0, fails_at_ = -1, not_started_at_ = -1, signal_after_ = -1;
  Series series_{{"A"}, {}, 0};
  Comparison comparison_{{{"A"}, {}, 0}, {{"B"}, {}, 0}};
};

TEST_F(SeriesTest, RunsTheCommandSoManyTimes) {
  EXPECT_FALSE(repeat(series_, times(3)));
  EXPECT_EQ(series_.runs.size(), 3u);
  EXPECT_EQ(told_, 3);
  EXPECT_EQ(series_.exit, 0);
  EXPECT_EQ(series_.failed(), nullptr);
}

TEST_F(SeriesTest, AFailingRunEndsItAndIsNotAmongThoseThatSucceeded) {
  fails_at_ = 2;
  const auto end = repeat(series_, times(5));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->status, 3);
  EXPECT_EQ(end->message, "run 2 of 5 failed with exit status 3; the series ends here");
  EXPECT_EQ(order_, "AA");
  EXPECT_EQ(series_.exit, 3);
  EXPECT_EQ(series_.succeeded().size(), 1u);
  EXPECT_EQ(series_.failed()->exit, 3);
}

TEST_F(SeriesTest, ASignalBetweenRunsEndsIt) {
  signal_after_ = 2;
  const auto end = repeat(series_, times(5));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->status, 143);
  EXPECT_EQ(end->message, "the series ends before run 3 of 5: signal 15");
  EXPECT_EQ(series_.succeeded().size(), 2u);
}

TEST_F(SeriesTest, ARunThatCannotBeStartedEndsIt) {
  not_started_at_ = 2;
  const auto end = repeat(series_, times(5));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->status, 126);
  EXPECT_EQ(series_.runs.size(), 1u);
}

TEST_F(SeriesTest, AlternatesSoThatDriftWeighsOnBothAlike) {
  EXPECT_FALSE(alternate(comparison_, times(4)));
  EXPECT_EQ(order_, "ABBAABBA");
  EXPECT_EQ(comparison_.a.runs.size(), 4u);
  EXPECT_EQ(comparison_.b.runs.size(), 4u);
}

TEST_F(SeriesTest, AFailingRunOfEitherSideEndsTheComparison) {
  fails_at_ = 3;
  const auto end = alternate(comparison_, times(4));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->message, "run of B 2 of 4 failed with exit status 3; the series ends here");
  EXPECT_EQ(comparison_.a.exit, 0);
  EXPECT_EQ(comparison_.b.exit, 3);
}

TEST(Ratios, AreOfThePairsAndOfBToA) {
  const Comparison comparison{{{}, {run(10, 2), run(20, 4)}, 0}, {{}, {run(8, 1), run(18, 4)}, 0}};
  const Ratios found = ratios(comparison);
  ASSERT_TRUE(found.joules && found.seconds);
  EXPECT_DOUBLE_EQ(found.joules->low, 0.8);
  EXPECT_DOUBLE_EQ(found.joules->high, 0.9);
  EXPECT_DOUBLE_EQ(found.seconds->median, 0.75);
  EXPECT_EQ(found.unresolved, 0u);
  EXPECT_FALSE(found.modelled);
}

TEST(Ratios, LeaveOutPairsThatAreUnknownOrWithinTheirNoise) {
  Measurement lost = run(1), short_run = run(1), modelled = run(10);
  lost.energy[0].joules.reset();
  short_run.energy[0].noise = Joules(2);
  modelled.energy[0].quality = trial::Quality::kModelled;
  const Ratios found =
      ratios({{{}, {lost, run(10), run(10), run(10)}, 0}, {{}, {run(1), short_run, run(0), modelled}, 0}});
  EXPECT_EQ(found.unresolved, 3u);
  EXPECT_EQ(found.joules->pairs, 1u);
  EXPECT_EQ(found.seconds->pairs, 4u);
  EXPECT_TRUE(found.modelled);
}

}  // namespace
}  // namespace sm2::cli
