#include "report/trial_listing.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/trials_export.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

Study sample() {
  const SampleStudy made = testing::decided_study();
  return {made.spec.name, made.spec, made.state, false};
}

TrialQuery query(const std::string& columns, const std::string& sort = "",
                 const std::vector<std::string>& filters = {}) {
  return parse_query(sample(), sort, filters, columns).value();
}

TEST(TrialListing, ChosenColumnsHaveTheirUnits) {
  EXPECT_EQ(trials_text(sample(), query("trial,batch_size,metric,energy,time", "energy")),
            "trial  param.batch_size  metric        joules  seconds\n"
            "    2               512       -  20.0 J +- 10   20.0 s\n"
            "    1               512     0.6  80.0 J +- 40   20.0 s\n"
            "    0                64     0.9  200 J +- 100   20.0 s\n"
            "energy: cpu-model, modelled; +- is its whole uncertainty\n");
  EXPECT_EQ(trials_text(sample(), query("trial,state", "", {"state=failed"})),
            "trial  state\n    2  failed\n");
}

TEST(TrialListing, TheUsualTableFollowsOrderAndFilter) {
  const std::string text = trials_text(sample(), query("", "-trial", {"batch_size=512"}));
  EXPECT_LT(text.find("\n    2  failed"), text.find("\n    1  stopped")) << text;
  EXPECT_EQ(text.find("\n    0  "), std::string::npos) << text;
  EXPECT_NE(text.find("\n       rung 0: objective 0.81"), std::string::npos) << text;
}

TEST(TrialListing, NoneThatPassesIsSaidSo) {
  EXPECT_EQ(trials_text(sample(), query("", "", {"metric>2"})), "none of 3 trials passes\n");
  EXPECT_TRUE(trials_json(sample(), query("", "", {"metric>2"})).empty());
}

TEST(TrialListing, CommaSeparatedValuesAreThoseOfTheExport) {
  EXPECT_EQ(trials_csv(sample()).substr(0, 100), export_csv(sample()).substr(0, 100));
  EXPECT_EQ(trials_csv(sample(), query("trial,metric,reason", "", {"trial>0"})),
            "trial,metric,reason\r\n"
            "1,0.6,rung 0: objective 0.81 against 0.12 of the last one kept\r\n"
            "2,,diverged: loss is NaN at step 31\r\n");
}

TEST(TrialListing, ChosenKeysKeepTheirTypes) {
  const auto lines =
      trials_json(sample(), query("trial,state,batch_size,learning_rate,energy,cost,metric.val_accuracy"));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], R"({"trial":0,"state":"finished","param.batch_size":64,"param.learning_rate":0.01,)"
                      R"("joules":200.0,"cost":null,"metric.val_accuracy":0.9})");
}

TEST(TrialListing, HostileTextDoesNotReachTheTerminal) {
  SampleStudy made;
  made.train(0, {{"batch_size", std::string("\x1b[31mred\n=1+1")}}, 0, 1);
  const Study study{made.spec.name, made.spec, made.state, false};
  const auto all = parse_query(study, "", {}, "batch_size").value();
  EXPECT_EQ(trials_text(study, all).find('\x1b'), std::string::npos);
  EXPECT_EQ(trials_json(study, all)[0].find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace sm2::report
