#include "report/trial_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::SampleStudy;

// 0: 64, metric 0.9, 200 J, finished; 1: 512, 0.6, 80 J, stopped; 2: 512, not a number, 20 J, failed.
Study sample() {
  const SampleStudy made = testing::decided_study();
  return {made.spec.name, made.spec, made.state, false};
}

std::vector<int> selected(const Study& study, const std::string& sort,
                          const std::vector<std::string>& filters = {}) {
  const auto query = parse_query(study, sort, filters, "");
  EXPECT_TRUE(query) << query.error().message;
  std::vector<int> ids;
  for (const journal::Trial* trial : select(study, *query)) ids.push_back(trial->id);
  return ids;
}

std::string complaint(const std::string& sort, const std::vector<std::string>& filters,
                      const std::string& columns = "") {
  const auto query = parse_query(sample(), sort, filters, columns);
  return query ? "none" : query.error().message;
}

TEST(TrialQuery, WithoutWordsItIsAllByNumber) { EXPECT_THAT(selected(sample(), ""), ElementsAre(0, 1, 2)); }

TEST(TrialQuery, SortsByKeysEitherWay) {
  EXPECT_THAT(selected(sample(), "energy"), ElementsAre(2, 1, 0));
  EXPECT_THAT(selected(sample(), "-joules"), ElementsAre(0, 1, 2));
  EXPECT_THAT(selected(sample(), "-batch_size, -trial"), ElementsAre(2, 1, 0));
  EXPECT_THAT(selected(sample(), "state"), ElementsAre(2, 0, 1)) << "failed, finished, stopped";
}

TEST(TrialQuery, WhatIsUnknownComesLastEitherWay) {
  EXPECT_THAT(selected(sample(), "metric"), ElementsAre(1, 0, 2));
  EXPECT_THAT(selected(sample(), "-val_accuracy"), ElementsAre(0, 1, 2));
}

TEST(TrialQuery, FiltersByNumbersUnitsAndWords) {
  EXPECT_THAT(selected(sample(), "", {"energy<100"}), ElementsAre(1, 2));
  EXPECT_THAT(selected(sample(), "", {"energy >= 0.08 kJ"}), ElementsAre(0, 1));
  EXPECT_THAT(selected(sample(), "", {"seconds<=1 min"}), ElementsAre(0, 1, 2));
  EXPECT_THAT(selected(sample(), "", {"state=finished"}), ElementsAre(0));
  EXPECT_THAT(selected(sample(), "", {"state!=finished"}), ElementsAre(1, 2));
  EXPECT_THAT(selected(sample(), "", {"batch_size=512", "param.learning_rate<1"}), ElementsAre(1));
  EXPECT_THAT(selected(sample(), "", {"metric>0.95"}), IsEmpty());
}

TEST(TrialQuery, WhatIsUnknownPassesNoComparison) {
  EXPECT_THAT(selected(sample(), "", {"metric<1"}), ElementsAre(0, 1));
  EXPECT_THAT(selected(sample(), "", {"metric>=0"}), ElementsAre(0, 1));
  EXPECT_THAT(selected(sample(), "", {"metric="}), ElementsAre(2));
  EXPECT_THAT(selected(sample(), "", {"reason!="}), ElementsAre(1, 2));
  EXPECT_THAT(selected(sample(), "", {"metric!=0.9"}), ElementsAre(1, 2));
}

TEST(TrialQuery, AMisspeltKeyIsNamedWithTheNearest) {
  EXPECT_THAT(complaint("enregy", {}),
              HasSubstr("--sort: there is no 'enregy'; did you mean 'energy'? there are trial, "));
  EXPECT_THAT(complaint("", {"batchsize=64"}), HasSubstr("did you mean 'batch_size'?"));
  EXPECT_THAT(complaint("", {}, "trial,resaon"),
              HasSubstr("--columns: there is no 'resaon'; did you mean 'reason'?"));
  EXPECT_THAT(complaint(",", {}), HasSubstr("--sort: there is no ''"));
}

TEST(TrialQuery, WhatIsNoFilterIsSaidSo) {
  for (const char* wrong : {"", "energy", "energy<>5", "energy==5", "=5", "energy<", "energy<many",
                            "energy<5 lb", "metric<nan", "state<finished", "rung<1 kJ"})
    EXPECT_THAT(complaint("", {wrong}), HasSubstr("--filter '" + std::string(wrong) + "': ")) << wrong;
}

TEST(TrialQuery, NamesOfParametersMayBeAnything) {
  SampleStudy made;
  made.train(0, {{"batch_size", std::string("a=b, <c>")}}, 0, 1);
  const Study study{made.spec.name, made.spec, made.state, false};
  EXPECT_THAT(selected(study, "", {"batch_size=a=b, <c>"}), ElementsAre(0));
  EXPECT_THAT(selected(study, "", {"batch_size!=a=b, <c>"}), IsEmpty());
}

}  // namespace
}  // namespace sm2::report
