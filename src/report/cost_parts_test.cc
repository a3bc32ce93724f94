#include "report/cost_parts.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;
using What = CostPart::What;

std::vector<CostPart> parts_of(const SampleStudy& study) {
  return cost_parts(summarize(study.spec, study.state, false));
}

TEST(CostParts, AddUpToAllOfIt) {
  const auto parts = parts_of(testing::decided_study());
  ASSERT_EQ(parts.size(), 3u) << "there is no other trial";
  EXPECT_EQ(parts[0].what, What::kWinner);
  EXPECT_EQ(parts[1].what, What::kExplored);
  EXPECT_EQ(parts[2].what, What::kDropped);
  double joules = 0, share = 0;
  for (const CostPart& part : parts) {
    joules += part.spent.joules.value().value;
    share += part.share.value();
  }
  EXPECT_DOUBLE_EQ(joules, 300);
  EXPECT_DOUBLE_EQ(share, 1);
}

TEST(CostParts, WithoutAWinnerTheyAreThoseDroppedAndThoseStillIn) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(30));
  const auto parts = parts_of(study);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].amount, "0 J") << "that nothing was dropped is worth a line";
  EXPECT_EQ(parts[1].amount, "30.0 J");
}

TEST(CostParts, WhatIsUnknownHasNoShareAndIsAtLeastWhatIsKnown) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.exit(0, trial::Failed{1, "no"}, SampleStudy::energy(30));
  study.train(1, SampleStudy::configuration(64, 0.2), 0, 1);
  study.exit(1, trial::Failed{1, "no"}, SampleStudy::unknown_energy());
  const auto parts = parts_of(study);
  EXPECT_EQ(parts[0].amount, "at least 30.0 J");
  EXPECT_FALSE(parts[0].share);
}

}  // namespace
}  // namespace sm2::report
