#include "runner/pattern.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::runner {
namespace {

Matcher matcher(const std::string& expression) {
  auto made = Matcher::compile({expression, "val_accuracy", "epoch"});
  EXPECT_TRUE(made);
  return std::move(*made);
}

TEST(Matcher, FindsTheMetricAnywhereInALine) {
  auto pattern = matcher(R"(val_accuracy=(?P<val_accuracy>[-+.0-9einfa]+))");
  const auto all = pattern.match("[12:00] epoch 3 done, val_accuracy=0.91, good");
  ASSERT_EQ(all.size(), 1u);
  const Said* said = &all.front();
  EXPECT_EQ(said->metrics.at("val_accuracy"), 0.91);
  EXPECT_TRUE(pattern.match("val_loss=0.3").empty());
  EXPECT_TRUE(std::isnan(pattern.match("val_accuracy=nan").at(0).metrics.at("val_accuracy")));
}

TEST(Matcher, CountsEvaluationsWhereNoGroupIsTheResource) {
  auto pattern = matcher(R"(acc=(?P<val_accuracy>\S+))");
  EXPECT_EQ(pattern.match("acc=0.1").at(0).step.resource, 1);
  EXPECT_TRUE(pattern.match("nothing").empty());
  EXPECT_TRUE(pattern.match("acc=bad").empty());
  EXPECT_EQ(pattern.match("acc=0.2").at(0).step.resource, 2);
}

TEST(Matcher, ReadsResourceProgressAndFurtherMetrics) {
  auto pattern = matcher(
      R"(epoch (?P<epoch>\d+) step (?P<step>\d+)( lr (?P<learning_rate>\S+))?: (?P<val_accuracy>\S+) (?P<f1>\S+))");
  const auto all = pattern.match("epoch 4 step 120: 0.5 0.6");
  ASSERT_EQ(all.size(), 1u);
  const Said* said = &all.front();
  EXPECT_EQ(said->step.resource, 4);
  EXPECT_EQ(said->step.step, 120);
  EXPECT_FALSE(said->step.learning_rate);
  EXPECT_EQ(said->metrics, (std::map<std::string, double>{{"val_accuracy", 0.5}, {"f1", 0.6}}));
}

TEST(Matcher, ALineWithoutTheMetricIsAStep) {
  auto pattern = matcher(R"(loss (?P<loss>\S+)|acc (?P<val_accuracy>\S+))");
  const auto all = pattern.match("loss 0.7");
  ASSERT_EQ(all.size(), 1u);
  const Said* said = &all.front();
  EXPECT_EQ(said->step.loss, 0.7);
  EXPECT_TRUE(said->metrics.empty());
}

TEST(Matcher, SurvivesInvalidUtf8AndLongLines) {
  auto pattern = matcher(R"((a*)*b(?P<val_accuracy>\d))");
  EXPECT_TRUE(pattern.match("\xff\xfe\x80").empty());
  EXPECT_TRUE(pattern.match(std::string(1 << 20, 'a')).empty());
}

TEST(PatternCheck, SaysWhatIsWrongAndWhere) {
  const auto broken = check({"acc=(?P<val_accuracy>[0-9", "val_accuracy", "epoch"});
  ASSERT_FALSE(broken);
  EXPECT_NE(broken.error().message.find("missing ]: [0-9 (at character"), std::string::npos)
      << broken.error().message;
  const auto nameless = check({"acc=([0-9]+)", "val_accuracy", "epoch"});
  ASSERT_FALSE(nameless);
  EXPECT_NE(nameless.error().message.find("(?P<val_accuracy>"), std::string::npos);
  EXPECT_TRUE(check({"acc=(?P<val_accuracy>[0-9]+)", "val_accuracy", "epoch"}));
}

TEST(Pattern, EachMatchIsAnEvaluation) {
  auto pattern = matcher(R"(acc=(?P<val_accuracy>[0-9.]+))");
  const auto all = pattern.match("acc=0.1\racc=0.2 then acc=0.8\r");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].metrics.at("val_accuracy"), 0.1);
  EXPECT_EQ(all[2].metrics.at("val_accuracy"), 0.8);
  EXPECT_EQ(all[2].step.resource, 3);
  EXPECT_TRUE(matcher("x*").match("yyy").empty());
}

}  // namespace
}  // namespace sm2::runner
