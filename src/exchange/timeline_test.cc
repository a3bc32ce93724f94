#include "exchange/timeline.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::exchange {
namespace {

using testing::SampleStudy;

Timeline timeline_of(const SampleStudy& sample) {
  Timeline timeline;
  for (const trial::Event& event : sample.events) timeline.apply(event);
  return timeline;
}

TEST(Timeline, ATrialEndsWithItsProcessAndNotWithADecisionOnIt) {
  SampleStudy sample;  // each event a second after the one before, two before the first trial
  const double start = sample.time;
  sample.train(0, SampleStudy::configuration(64, 0.1), 0, 2);
  sample.evaluate(0, 1, 0.5, SampleStudy::energy(10));
  sample.evaluate(0, 2, 0.6, SampleStudy::energy(20));
  sample.exit(0, trial::Paused{}, SampleStudy::energy(20));
  sample.drop(0, "no good");
  const Timeline::Trial trial = timeline_of(sample).trials.at(0);
  EXPECT_EQ(trial.began.value, start + 1);
  ASSERT_EQ(trial.evaluated.size(), 2u);
  EXPECT_EQ(trial.evaluated[1].value, start + 4);
  EXPECT_EQ(trial.ended.value, start + 5);
  EXPECT_TRUE(trial.ran);
}

TEST(Timeline, ATrialThatNeverRanEndsWithItsLastDecision) {
  SampleStudy sample;
  sample.drop(3, "not worth it", SampleStudy::configuration(64, 0.1));
  const Timeline::Trial trial = timeline_of(sample).trials.at(3);
  EXPECT_EQ(trial.ended.value, sample.time);
  EXPECT_FALSE(trial.ran);
}

}  // namespace
}  // namespace sm2::exchange
