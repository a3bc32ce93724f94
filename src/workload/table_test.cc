#include "workload/table.h"

#include <cmath>

#include "workload/folder_fixture.h"

namespace sm2::workload {
namespace {

class Table : public FolderTest {
 protected:
  std::unique_ptr<Workload> open(std::string_view text, const OpenOptions& options = {}) const {
    auto opened = read_table(write("job.csv", text), options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(opened->workloads.at(0)) : nullptr;
  }

  // The error without the folder.
  std::string refused(std::string_view text, const OpenOptions& options = {}) const {
    const auto opened = read_table(write("job.csv", text), options);
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().message.substr(folder().size() + 1);
  }
};

// Two configurations; the second has two seeds.
constexpr std::string_view kSmall =
    "lr,batch,act,seed,resource,metric,joules,seconds\n"
    "0.1,32,relu,1,10,0.5,100,10\n"
    "0.1,32,relu,1,20,0.6,300,20\n"
    "0.01,64,tanh,1,20,0.7,90,40\n"
    "0.01,64,tanh,2,20,0.9,110,60\n";

const space::Configuration kFirst = {{"lr", 0.1}, {"batch", std::int64_t{32}}, {"act", "relu"}};
const space::Configuration kSecond = {{"lr", 0.01}, {"batch", std::int64_t{64}}, {"act", "tanh"}};

TEST_F(Table, TheSpaceHoldsTheValuesFound) {
  const auto workload = open(kSmall);
  const Job& job = workload->job();
  EXPECT_EQ(job.name, "job");
  using space::Categorical;
  const auto expected =
      space::Space::make({{"lr", Categorical{{0.01, 0.1}}, {}},
                          {"batch", Categorical{{std::int64_t{32}, std::int64_t{64}}}, {}},
                          {"act", Categorical{{std::string("relu"), std::string("tanh")}}, {}}});
  EXPECT_EQ(job.space, *expected);
  EXPECT_EQ(job.resource_max, 2) << "in units of 10";
  EXPECT_TRUE(job.power_limits.empty());
  EXPECT_FALSE(job.target);
}

TEST_F(Table, TheTestMetricIsNoParameterAndMayBeUnknown) {
  const auto workload = open(
      "lr,seed,resource,metric,joules,seconds,test_metric\n"
      "0.1,1,1,0.5,100,10,0.25\n"
      "0.1,1,2,0.6,300,20,nan\n"
      "0.1,1,4,0.6,400,40,0.75\n");
  EXPECT_EQ(workload->job().space.parameters().size(), 1);
  base::Random random(1);
  const auto training = workload->draw({{"lr", 0.1}}, random);
  EXPECT_EQ(training->test_metric(1), 0.25);
  EXPECT_FALSE(training->test_metric(2));
  EXPECT_EQ(training->metric(3), 0.6) << "the last one stands";
  EXPECT_FALSE(training->test_metric(3));
  EXPECT_EQ(training->test_metric(4), 0.75);
}

TEST_F(Table, TheTestMetricIsInTheSenseOfTheMetric) {
  OpenOptions options;
  options.minimize = true;
  const auto workload = open(
      "lr,seed,resource,metric,joules,seconds,test_metric\n"
      "0.1,1,1,0.5,100,10,0.25\n",
      options);
  base::Random random(1);
  EXPECT_EQ(workload->draw({{"lr", 0.1}}, random)->test_metric(1), -0.25);
}

TEST_F(Table, ATrainingIsWhatTheRowsSay) {
  const auto workload = open(kSmall);
  base::Random random(1);
  const auto training = workload->draw(kFirst, random);
  EXPECT_EQ(training->length(), 2);
  EXPECT_EQ(training->metric(1), 0.5);
  EXPECT_EQ(training->metric(2), 0.6);
  EXPECT_EQ(training->cost(1, {}).joules, base::Joules(100));
  EXPECT_EQ(training->cost(2, {}).joules, base::Joules(200));
  EXPECT_EQ(training->cost(2, {}).seconds, base::Seconds(10));
}

TEST_F(Table, BetweenRowsCostsGrowEvenlyAndNothingNewIsSeen) {
  const auto workload = open(kSmall);
  base::Random random(1);
  const auto training = workload->draw(kSecond, random);
  const double joules = training->cost(1, {}).joules.value;
  EXPECT_TRUE(joules == 45 || joules == 55) << joules;
  EXPECT_EQ(training->cost(2, {}).joules.value, joules);
  EXPECT_EQ(training->metric(1), std::nullopt);
}

TEST_F(Table, EverySeedIsDrawn) {
  const auto workload = open(kSmall);
  base::Random random(1);
  int better = 0;
  for (int i = 0; i < 100; ++i) better += workload->draw(kSecond, random)->metric(2) == 0.9;
  EXPECT_GT(better, 20);
  EXPECT_LT(better, 80);
}

TEST_F(Table, CombinationsThatAreNotThereDivergeForNothing) {
  const auto workload = open(kSmall);
  base::Random random(1);
  space::Configuration absent = kFirst;
  absent["batch"] = std::int64_t{64};
  ASSERT_TRUE(workload->job().space.contains(absent));
  const auto training = workload->draw(absent, random);
  EXPECT_TRUE(std::isnan(training->metric(1).value()));
  EXPECT_EQ(training->cost(1, {}).joules, base::Joules(0));
  EXPECT_EQ(training->length(), 1);
}

TEST_F(Table, WithoutATargetTheOracleHasTheBestMeanLastMetric) {
  const auto workload = open(kSmall);
  EXPECT_EQ(workload->oracle().configuration, kSecond);
  EXPECT_DOUBLE_EQ(workload->oracle().metric, 0.8);
  EXPECT_EQ(workload->oracle().joules, base::Joules(100));
  EXPECT_EQ(workload->oracle().seconds, base::Seconds(50));
  EXPECT_EQ(workload->oracle().limit, std::nullopt);
  const auto low = open(kSmall, {.minimize = true, .target = {}});
  EXPECT_EQ(low->oracle().configuration, kFirst);
  EXPECT_EQ(low->oracle().metric, -0.6);
  EXPECT_TRUE(low->job().minimized);
}

TEST_F(Table, WithATargetTheOracleNeedsTheLeastEnergyToIt) {
  const auto easy = open(kSmall, {.minimize = {}, .target = 0.5});
  EXPECT_EQ(easy->job().target, 0.5);
  EXPECT_EQ(easy->oracle().configuration, kFirst)
      << "100 J on the way, and 100 J on average: the first of two equals";
  EXPECT_EQ(easy->oracle().joules, base::Joules(100));
  const auto hard = open(kSmall, {.minimize = {}, .target = 0.85});
  EXPECT_EQ(hard->oracle().configuration, kSecond);
  EXPECT_EQ(hard->oracle().joules, base::Joules(200)) << "the seed that never gets there is paid for";
  EXPECT_EQ(refused(kSmall, {.minimize = {}, .target = 0.95}),
            "job.csv: no row reaches the target 0.95; give one that some do");
}

TEST_F(Table, PowerLimitsAreAKnob) {
  const auto workload = open(
      "x,seed,resource,metric,joules,seconds,power_limit\n"
      "1,a,1,0.5,100,10,250\n1,a,2,0.6,200,20,250\n"
      "1,a,1,0.5,70,15,150\n"
      "2,a,2,0.1,20,20,250\n");
  EXPECT_EQ(workload->job().power_limits, (std::vector{base::Watts(150), base::Watts(250)}));
  base::Random random(1);
  const auto training = workload->draw({{"x", std::int64_t{1}}}, random);
  EXPECT_EQ(training->length(), 2);
  EXPECT_EQ(training->cost(1, {}).joules, base::Joules(100));
  EXPECT_EQ(training->cost(1, base::Watts(150)).joules, base::Joules(70));
  EXPECT_EQ(training->cost(2, base::Watts(150)).joules, base::Joules(70)) << "as in the last unit known";
  EXPECT_EQ(workload->oracle().limit, base::Watts(150));
  EXPECT_EQ(workload->oracle().joules, base::Joules(140));
}

TEST_F(Table, DivergedTrialsAreData) {
  const auto workload = open(
      "x,seed,resource,metric,joules,seconds\n"
      "1,a,1,0.9,1,1\n1,a,2,nan,2,2\n2,a,1,0.1,1,1\n");
  base::Random random(1);
  const auto training = workload->draw({{"x", std::int64_t{1}}}, random);
  EXPECT_EQ(training->metric(1), 0.9);
  EXPECT_TRUE(std::isnan(training->metric(2).value()));
  EXPECT_EQ(workload->oracle().metric, 0.1);
  EXPECT_TRUE(
      refused("x,seed,resource,metric,joules,seconds\n1,a,1,nan,1,1\n").starts_with("job.csv: every trial"));
}

TEST_F(Table, RowsMayComeInAnyOrder) {
  const auto workload = open("x,seed,resource,metric,joules,seconds\n1,a,3,0.9,3,3\n1,a,1,0.1,1,1\n");
  base::Random random(1);
  const auto training = workload->draw({{"x", std::int64_t{1}}}, random);
  EXPECT_EQ(training->metric(1), 0.1);
  EXPECT_EQ(training->metric(3), 0.9);
}

TEST_F(Table, WrongTablesAreOneLine) {
  const std::string header = "x,seed,resource,metric,joules,seconds\n";
  EXPECT_EQ(refused("x,seed,resource,metric,joules\n1,a,1,0,1\n"),
            "job.csv:1: no column is called 'seconds'; the columns are x, seed, resource, metric, joules");
  EXPECT_TRUE(refused("seed,resource,metric,joules,seconds\n1,1,0,1,1\n")
                  .starts_with("job.csv:1: no column is a param"));
  EXPECT_TRUE(refused(header).starts_with("job.csv:1: no rows follow the header"));
  EXPECT_TRUE(refused(header + "1,a,1,0,1,1\n1,a,1,0,1,1\n")
                  .starts_with("job.csv:3: this trial has a row at resource 1"));
  EXPECT_TRUE(
      refused(header + "1,a,1,0,5,1\n1,a,2,0,1,2\n").starts_with("job.csv:3: joules or seconds are less"));
  EXPECT_TRUE(refused(header + "1,a,1,0,-5,1\n").starts_with("job.csv:2: joules or seconds are less"));
  EXPECT_TRUE(refused(header + "1,a,1,bad,5,1\n").starts_with("job.csv:2: metric is 'bad'"));
  EXPECT_TRUE(refused(header + ",a,1,0.5,5,1\n").starts_with("job.csv:2: x is empty"));
  EXPECT_TRUE(refused(header + "1,a,1.5,0.5,5,1\n").starts_with("job.csv:2: resource is '1.5'"));
  EXPECT_TRUE(
      refused(header + "1,a,1,0,1,1\n1,a,3000000000,0,1,1\n").starts_with("job.csv:3: resource 3000000000"));
}

TEST_F(Table, WithoutJoulesThereIsNothingToCompare) {
  EXPECT_EQ(
      refused("lr,seed,resource,metric,joules,seconds\n0.1,1,1,0.5,0,1\n"),
      "job.csv: the best setting uses no joules, and nothing can be compared with it; give joules above 0");
}

}  // namespace
}  // namespace sm2::workload
