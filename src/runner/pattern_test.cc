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

TEST(Matcher, APlaceInTrainingThatIsNotFiniteIsNotKnown) {
  auto pattern = matcher(
      R"((?P<epoch>\S+) (?P<step>\S+) (?P<samples>\S+) (?P<learning_rate>\S+) (?P<val_accuracy>\S+))");
  for (const char* line : {"nan nan nan nan 0.5", "inf inf inf inf 0.5", "-inf 1e999 -1e999 nan 0.5"}) {
    const auto all = pattern.match(line);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_FALSE(all[0].step.step || all[0].step.samples || all[0].step.learning_rate) << line;
    EXPECT_TRUE(std::isfinite(all[0].step.resource.value())) << line;  // counted
  }
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

double metric_of(Matcher& pattern, std::string_view line) {
  const auto all = pattern.match(line);
  return all.empty() ? -1 : all.back().metrics.at("val_accuracy");
}

TEST(Pattern, ColoursAndBarsAreNoObstacle) {
  auto pattern = matcher(R"(acc: (?P<val_accuracy>[0-9.]+))");
  EXPECT_EQ(metric_of(pattern, "\x1b[1;32macc\x1b[0m: \x1b[38;5;2m0.83\x1b[0m"), 0.83);
  EXPECT_EQ(metric_of(pattern, "\x1b]8;;http://x\x1b\\acc\x1b]8;;\x07: 0.84"), 0.84);
  EXPECT_EQ(metric_of(pattern, " 9/10 [===>.] acc: 0.8\b\b\b\b\b\b10/10 [=====] acc: 0.85"), 0.85);
  EXPECT_EQ(metric_of(pattern, "\xe2\x96\x88\xe2\x96\x88| acc: 0.86"), 0.86);
}

TEST(Pattern, ReadsNumbersAsPeoplePrintThem) {
  auto pattern = matcher(R"(acc: (?P<val_accuracy>\S+))");
  EXPECT_EQ(metric_of(pattern, "acc: 83.1%, lr 0.1"), 83.1);
  EXPECT_EQ(metric_of(pattern, "val acc: 0.83."), 0.83);
  EXPECT_EQ(metric_of(pattern, "acc: 0,831;"), 0.831);
  EXPECT_EQ(metric_of(pattern, "acc: 12,345"), 12.345);
  EXPECT_EQ(metric_of(pattern, "acc: 1,234.5"), 1234.5);
  EXPECT_EQ(metric_of(pattern, "acc: 8.31e-01"), 0.831);
  EXPECT_TRUE(std::isinf(metric_of(pattern, "acc: inf")));
  EXPECT_TRUE(pattern.match("acc: 1,2,3").empty());
}

TEST(Pattern, ACommaPartsThousandsOfWhatIsCounted) {
  auto pattern = matcher(R"(samples (?P<samples>\S+) acc (?P<val_accuracy>\S+))");
  EXPECT_EQ(pattern.match("samples 1,234,567 acc 1").at(0).step.samples, 1234567);
}

TEST(Pattern, AnEvaluationHasTheResourceThatWasNamedLast) {
  auto pattern = matcher(R"(Epoch (?P<epoch>\d+)|acc: (?P<val_accuracy>\S+))");
  pattern.match("Epoch 3/20");
  EXPECT_EQ(pattern.match("  val acc: 0.5").at(0).step.resource, 3);
  EXPECT_EQ(pattern.match("  rank 1 acc: 0.4").at(0).step.resource, 3) << "said again";
  pattern.match("Epoch 4/20");
  EXPECT_EQ(pattern.match("  val acc: 0.6").at(0).step.resource, 4);
}

TEST(Pattern, ComplainsOfWhatItCannotUse) {
  auto pattern = matcher(R"((e (?P<epoch>\d+) )?acc: (?P<val_accuracy>\S+))");
  EXPECT_EQ(pattern.complaint(), "");
  pattern.match("acc: good\x01");
  EXPECT_EQ(pattern.complaint(), "'good', where the pattern has val_accuracy, is no number");
  pattern.match("acc: 0.5");
  EXPECT_EQ(pattern.complaint(), "");
  auto from_zero = matcher(R"(e (?P<epoch>\d+) acc: (?P<val_accuracy>\S+))");
  from_zero.match("e 0 acc: 0.5");
  EXPECT_NE(from_zero.complaint().find("leave the group epoch out"), std::string::npos);
}

}  // namespace
}  // namespace sm2::runner
