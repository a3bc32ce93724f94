#include "workload/zeus.h"

#include <algorithm>
#include <set>

#include "workload/folder_fixture.h"

namespace sm2::workload {
namespace {

constexpr std::string_view kTrainingHeader =
    "dataset,network,batch_size,optimizer,learning_rate,run,target_metric,target_epoch\n";
constexpr std::string_view kPowerHeader =
    "dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power\n";

const space::Configuration kBatch8 = {{"batch_size", std::int64_t{8}}};
const space::Configuration kBatch16 = {{"batch_size", std::int64_t{16}}};

class Zeus : public FolderTest {
 protected:
  void training(std::string_view rows) const {
    write("summary_train.csv", std::string(kTrainingHeader) += rows);
  }
  void power(const std::string& gpu, std::string_view rows) const {
    write("summary_power_" + gpu + ".csv", std::string(kPowerHeader) += rows);
  }

  // Two batch sizes on one GPU; of batch 16 one run of two reaches 0.5. The longest run took 6 epochs.
  void simple() const {
    training(
        "d,n,8,adam,0.1,1,0.25,1\nd,n,8,adam,0.1,1,0.5,4\n"
        "d,n,8,adam,0.1,2,0.25,2\nd,n,8,adam,0.1,2,0.5,6\n"
        "d,n,16,adam,0.2,1,0.25,3\nd,n,16,adam,0.2,1,0.5,nan\n"
        "d,n,16,adam,0.2,2,0.25,1\nd,n,16,adam,0.2,2,0.5,2\n");
    power("g", "d,n,8,adam,100,10,50\nd,n,8,adam,200,8,100\nd,n,16,adam,100,6,40\n");
  }

  Opened open(const OpenOptions& options = {}) const {
    auto opened = read_zeus(folder(), options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : Opened();
  }

  std::string refused(const OpenOptions& options = {}) const {
    const auto opened = read_zeus(folder(), options);
    EXPECT_FALSE(opened);
    return opened ? "" : opened.error().message;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& workload : open().workloads) all.push_back(workload->job().name);
    return all;
  }
};

TEST_F(Zeus, ACaseIsAJobOnAGpu) {
  simple();
  const Opened opened = open();
  ASSERT_EQ(opened.workloads.size(), 1u);
  const Job& job = opened.workloads[0]->job();
  EXPECT_EQ(job.name, "g/d/n");
  ASSERT_EQ(job.space.parameters().size(), 1u);
  EXPECT_EQ(job.space.parameters()[0].domain,
            space::Domain(space::Categorical{{std::int64_t{8}, std::int64_t{16}}}));
  EXPECT_EQ(job.power_limits, (std::vector{base::Watts(100), base::Watts(200)}));
  EXPECT_EQ(job.resource_max, 12);
  EXPECT_FALSE(job.minimized);
}

TEST_F(Zeus, ATrainingIsARecordedRun) {
  simple();
  const Opened opened = open();
  std::set<int> reached;
  base::Random random(1);
  for (int i = 0; i < 50; ++i) {
    const auto training = opened.workloads[0]->draw(kBatch8, random);
    EXPECT_EQ(training->length(), 12) << "twice the longest of all runs";
    int unit = 1;
    while (training->metric(unit) != 0.5) ++unit;
    reached.insert(unit);
    const bool first_run = unit == 4;
    EXPECT_EQ(training->metric(1), first_run ? std::optional(0.25) : std::nullopt);
    EXPECT_EQ(training->metric(3), 0.25);
    EXPECT_EQ(training->metric(12), 0.5);
  }
  EXPECT_EQ(reached, (std::set{4, 6})) << "both runs are drawn";
}

TEST_F(Zeus, EnergyIsTimeTimesPowerAtTheNearestMeasuredLimit) {
  simple();
  const Opened opened = open();
  base::Random random(1);
  const auto small = opened.workloads[0]->draw(kBatch8, random);
  EXPECT_EQ(small->cost(1, base::Watts(100)).joules, base::Joules(500));
  EXPECT_EQ(small->cost(1, base::Watts(120)).seconds, base::Seconds(10));
  EXPECT_EQ(small->cost(7, {}).joules, base::Joules(800)) << "the default is the highest";
  const auto large = opened.workloads[0]->draw(kBatch16, random);
  EXPECT_EQ(large->cost(1, base::Watts(200)).joules, base::Joules(240)) << "only 100 W was measured";
}

TEST_F(Zeus, RunsThatNeverReachTheTargetCostTheOracleTheirWholeLength) {
  simple();
  const Opened opened = open({.minimize = {}, .target = 0.5});
  // batch 8: 500 J x (4 + 6) / 2 = 2500 J; batch 16: 240 J x (2 + 12) = 3360 J
  EXPECT_EQ(opened.workloads[0]->oracle().configuration, kBatch8);
  EXPECT_EQ(opened.workloads[0]->oracle().limit, base::Watts(100));
  EXPECT_EQ(opened.workloads[0]->oracle().joules, base::Joules(2500));
  EXPECT_EQ(opened.workloads[0]->oracle().seconds, base::Seconds(50));
  EXPECT_EQ(opened.workloads[0]->oracle().metric, 0.5);
  const Opened easy = open({.minimize = {}, .target = 0.2});
  // batch 8: 500 J x 1.5 = 750 J; batch 16: 240 J x 2 = 480 J
  EXPECT_EQ(easy.workloads[0]->oracle().configuration, kBatch16);
  EXPECT_EQ(easy.workloads[0]->oracle().joules, base::Joules(480));
}

TEST_F(Zeus, TheDefaultTargetIsTheBestThatThreeBatchSizesReachInEveryRun) {
  training(
      "d,n,8,adam,1,1,0.1,1\nd,n,8,adam,1,1,0.2,2\nd,n,8,adam,1,1,0.3,3\n"
      "d,n,16,adam,1,1,0.1,1\nd,n,16,adam,1,1,0.2,2\nd,n,16,adam,1,1,0.3,3\n"
      "d,n,32,adam,1,1,0.1,1\nd,n,32,adam,1,1,0.2,2\nd,n,32,adam,1,1,0.3,3\n"
      "d,n,32,adam,1,2,0.1,1\nd,n,32,adam,1,2,0.2,2\nd,n,32,adam,1,2,0.3,nan\n");
  power("g", "d,n,8,adam,100,10,50\n");
  const Opened opened = open();
  EXPECT_EQ(opened.workloads[0]->job().target, 0.2) << "whichever batch sizes the GPU has";
  EXPECT_TRUE(opened.notes.empty());
}

TEST_F(Zeus, WithFewBatchSizesTheTargetIsWhatMostReach) {
  simple();
  const Opened opened = open();
  EXPECT_EQ(opened.workloads[0]->job().target, 0.25);
  ASSERT_EQ(opened.notes.size(), 1u);
  EXPECT_EQ(
      opened.notes[0],
      "d/n: the target is the best metric that two batch sizes reach in every run, because no three do");
}

TEST_F(Zeus, LowerIsBetterWhereRunsReachLowerThresholdsLater) {
  training("d,n,8,adam,1,1,60,1\nd,n,8,adam,1,1,50,2\nd,n,8,adam,1,1,40,5\nd,n,8,adam,1,1,30,nan\n");
  power("g", "d,n,8,adam,100,10,50\n");
  const Opened opened = open();
  const Job& job = opened.workloads[0]->job();
  EXPECT_TRUE(job.minimized);
  EXPECT_EQ(job.target, -40);
  base::Random random(1);
  const auto training = opened.workloads[0]->draw(kBatch8, random);
  EXPECT_EQ(training->metric(1), -60);
  EXPECT_EQ(training->metric(4), -50);
  EXPECT_EQ(training->metric(5), -40);
  EXPECT_EQ(open({.minimize = {}, .target = 50}).workloads[0]->oracle().joules, base::Joules(1000));
  EXPECT_EQ(open({.minimize = false, .target = 50}).workloads[0]->oracle().joules, base::Joules(500))
      << "the caller knows better";
}

TEST_F(Zeus, AMetricThatShowsNoDirectionIsMaximizedWithANote) {
  training("d,n,8,adam,1,1,60,1\nd,n,8,adam,1,1,50,1\n");
  power("g", "d,n,8,adam,100,10,50\n");
  const Opened opened = open();
  EXPECT_FALSE(opened.workloads[0]->job().minimized);
  EXPECT_NE(opened.notes.at(0).find("taken as high"), std::string::npos) << opened.notes[0];
}

TEST_F(Zeus, NamesComeFromTheFolder) {
  training(
      "d1,n,8,adam,1,1,0.1,1\nd1,n,8,sgd,1,1,0.1,1\n"
      "d2,n,8,adam,1,1,0.1,1\n");
  power("new-gpu", "d1,n,8,adam,100,10,50\nd1,n,8,sgd,100,10,50\nd2,n,8,adam,100,10,50\nd3,n,8,adam,1,1,1\n");
  power("old_gpu", "d2,n,8,adam,100,10,50\n");
  write("notes.txt", "anything");
  write("summary_power_.csv", "anything");
  EXPECT_EQ(names(), (std::vector<std::string>{"new-gpu/d1/n/adam", "new-gpu/d1/n/sgd", "new-gpu/d2/n",
                                               "old_gpu/d2/n"}));
}

TEST_F(Zeus, CasesThatCannotBePlayedAreLeftOutWithANote) {
  training("d,n,8,adam,1,1,0.1,1\nd,n,16,adam,1,1,0.1,1\nd,n,16,adam,1,1,0.2,2\n");
  power("both", "d,n,8,adam,100,10,50\nd,n,16,adam,100,10,50\n");
  power("none", "d,n,32,adam,100,10,50\n");
  power("small", "d,n,8,adam,100,10,50\n");
  const Opened opened = open({.minimize = {}, .target = 0.2});
  ASSERT_EQ(opened.workloads.size(), 1u);
  EXPECT_EQ(opened.notes,
            (std::vector<std::string>{
                "none/d/n: left out: no batch size has both training and power rows",
                "small/d/n: left out: no batch size on this GPU reaches the target in any run"}));
  EXPECT_NE(refused({.minimize = {}, .target = 0.9}).find("no case is left"), std::string::npos);
}

TEST_F(Zeus, BrokenEpochsEndWithTheWholeOne) {
  training("d,n,8,adam,1,1,0.1,0\nd,n,8,adam,1,1,0.2,2.0\nd,n,8,adam,1,1,0.3,2.5\n");
  power("g", "d,n,8,adam,100,10,50\n");
  base::Random random(1);
  const Opened opened = open();
  const auto training = opened.workloads[0]->draw(kBatch8, random);
  EXPECT_EQ(training->length(), 6);
  EXPECT_EQ(training->metric(1), 0.1) << "what is there before training is seen after an epoch";
  EXPECT_EQ(training->metric(2), 0.2);
  EXPECT_EQ(training->metric(3), 0.3);
}

TEST_F(Zeus, RunsOfSeveralLearningRatesAreAllDrawn) {
  training("d,n,8,adam,0.1,1,0.1,1\nd,n,8,adam,0.2,1,0.1,3\n");
  power("g", "d,n,8,adam,100,10,50\n");
  const Opened opened = open({.minimize = false, .target = 0.1});
  EXPECT_EQ(opened.workloads[0]->oracle().joules, base::Joules(1000));
  EXPECT_NE(opened.notes.at(0).find("several learning rates"), std::string::npos) << opened.notes[0];
}

TEST_F(Zeus, WhatWasNotMeasuredIsNotThere) {
  training("d,n,8,adam,1,1,0.1,1\n");
  power("g", "d,n,8,adam,100,10,50\nd,n,8,adam,150,nan,60\nd,n,8,adam,200,,60\n");
  EXPECT_EQ(open().workloads[0]->job().power_limits, std::vector{base::Watts(100)});
}

TEST_F(Zeus, WrongFilesAreOneLine) {
  EXPECT_TRUE(
      refused().ends_with("summary_train.csv: cannot be read: No such file or directory; give a CSV file"))
      << refused();
  training("");
  EXPECT_NE(refused().find("summary_train.csv:1: no rows"), std::string::npos) << refused();
  training("d,n,8,adam,1,1,0.1,1\n");
  EXPECT_NE(refused().find("holds no summary_power_<gpu>.csv"), std::string::npos) << refused();
  power("g", "d,n,8,adam,100,10,50\nd,n,8,adam,100.0,10,50\n");
  EXPECT_NE(refused().find("summary_power_g.csv:3: this batch size is there already"), std::string::npos)
      << refused();
  power("g", "d,n,8,adam,100,0,50\n");
  EXPECT_NE(refused().find("summary_power_g.csv:2: time_per_epoch is '0'"), std::string::npos) << refused();
  write("summary_power_g.csv", "dataset,network\n");
  EXPECT_NE(refused().find("summary_power_g.csv:1: no column is called 'optimizer'"), std::string::npos)
      << refused();
  power("g", "d,n,8,adam,100,10,50\n");
  training("d,n,8,adam,1,1,0.1,1\nd,n,8,adam,1,1,0.10,2\n");
  EXPECT_NE(refused().find("summary_train.csv:3: this run's epoch"), std::string::npos) << refused();
  training("d,n,8,adam,1,1,0.1,-1\n");
  EXPECT_NE(refused().find("summary_train.csv:2: target_epoch is -1"), std::string::npos) << refused();
  training("d,n,-8,adam,1,1,0.1,1\n");
  EXPECT_NE(refused().find("summary_train.csv:2: batch_size is '-8'"), std::string::npos) << refused();
}

// A case of the traces that the project's data folder holds, where it is there.
TEST(ZeusTraces, TheirOraclesAreThoseOfAnIndependentCount) {
  const std::string folder = SM2_SOURCE_DIR "/../shared/data/zeus-trace";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no traces in " << folder;
  const auto opened = read_zeus(folder, {});
  ASSERT_TRUE(opened) << opened.error().message;
  struct Known {
    std::string name;
    double target;
    std::int64_t batch_size;
    double watts, kilojoules;
  };
  const std::vector<Known> known = {{"v100/cifar100/shufflenetv2", 0.65, 128, 100, 112.5},
                                    {"v100/squad/bert_base_uncased", 84.5, 8, 125, 1502.9},
                                    {"p100/imagenet/resnet50", 0.65, 128, 125, 26015.0},
                                    {"v100/movielens-1m/ncf", 0.41, 16384, 150, 1.1}};
  EXPECT_EQ(opened->workloads.size(), 8u);
  for (const Known& one : known) {
    const auto found = std::ranges::find(opened->workloads, one.name,
                                         [](const auto& workload) { return workload->job().name; });
    ASSERT_NE(found, opened->workloads.end()) << one.name;
    const Oracle& oracle = (*found)->oracle();
    EXPECT_EQ((*found)->job().target, one.target) << one.name;
    EXPECT_EQ(oracle.configuration, (space::Configuration{{"batch_size", one.batch_size}})) << one.name;
    EXPECT_EQ(oracle.limit, base::Watts(one.watts)) << one.name;
    EXPECT_NEAR(oracle.joules.value / 1e3, one.kilojoules, 0.05) << one.name;
  }
}

}  // namespace
}  // namespace sm2::workload
