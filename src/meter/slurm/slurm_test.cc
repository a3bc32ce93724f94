#include "meter/slurm/slurm.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "testing/fake_clock.h"

namespace sm2::meter::slurm {
namespace {

using base::Seconds;

// Stand-ins for scontrol and sstat, which print what files say; tests/e2e/test_slurm_energy.py has the real ones.
class SlurmEnergyTest : public ::testing::Test {
 protected:
  SlurmEnergyTest() {
    std::string name = std::filesystem::temp_directory_path() / "sm2-slurm-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    settings_.slurm_step = "7.batch";
    settings_.scontrol = program("scontrol", "cat " + (folder_ / "config").string());
    settings_.sstat = program(
        "sstat", "echo \"$@\" >> " + (folder_ / "asked").string() + "; cat " + (folder_ / "joules").string());
    configure("acct_gather_energy/pm_counters");
    count("100\n");
  }
  ~SlurmEnergyTest() override { std::filesystem::remove_all(folder_); }

  std::string program(const std::string& name, const std::string& script) {
    const auto path = folder_ / name;
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  void configure(const std::string& type, const std::string& more = "") {
    std::ofstream(folder_ / "config") << "Configuration data as of 2026-11-29T16:36:38\n"
                                      << "AccountingStorageTRES   = cpu,mem,energy\n"
                                      << "AcctGatherEnergyType    = " << type << "\n"
                                      << "AcctGatherNodeFreq      = 1 sec\n"
                                      << more;
  }
  void count(const std::string& joules) { std::ofstream(folder_ / "joules") << joules; }
  std::string refusal() {
    const Discovery found = discover(settings_, "", clock_);
    EXPECT_TRUE(found.domains.empty());
    return found.unusable.empty() ? "" : found.unusable.front().reason;
  }
  std::unique_ptr<Domain> domain() {
    Discovery found = discover(settings_, "", clock_);
    EXPECT_EQ(found.domains.size(), 1u) << found.unusable.at(0).reason;
    return std::move(found.domains.at(0));
  }

  std::filesystem::path folder_;
  Settings settings_;
  testing::FakeClock clock_;
};

TEST_F(SlurmEnergyTest, CountsWhatItsStepIsAccounted) {
  const auto node = domain();
  EXPECT_EQ(node->info().part, kNode);
  EXPECT_EQ(node->info().source, "slurm");
  EXPECT_EQ(node->info().id, "7.batch");
  const auto window = node->open({});
  clock_.advance(Seconds(100));
  count("20100\n");
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_EQ(reading.joules->value, 20'000);
  EXPECT_GT(reading.error.value, 0.05 * 20'000);
  std::ifstream file(folder_ / "asked");
  std::string asked;
  std::getline(file, asked);
  EXPECT_EQ(asked, "--noheader --parsable2 --jobs 7.batch --format ConsumedEnergyRaw");
}

TEST_F(SlurmEnergyTest, AsksOnceASecond) {
  const auto node = domain();
  const auto window = node->open({});
  for (int tenth = 0; tenth < 30; ++tenth) {
    clock_.advance(Seconds(0.1));
    static_cast<void>(window->read());
  }
  std::ifstream file(folder_ / "asked");
  EXPECT_LE(std::count(std::istreambuf_iterator<char>(file), {}, '\n'), 4);
}

TEST_F(SlurmEnergyTest, RaplCountsTheProcessors) {
  configure("acct_gather_energy/rapl");
  EXPECT_EQ(domain()->info().part, kProcessors);
}

TEST_F(SlurmEnergyTest, WhatIpmiGathersIsAsOldAsItsPeriod) {
  configure("acct_gather_energy/ipmi", "EnergyIPMIFrequency = 10\n");
  const auto node = domain();
  const auto window = node->open({});
  clock_.advance(Seconds(1000));
  count("100100\n");
  EXPECT_GE(window->read().noise.value, 10 * 100);
}

TEST_F(SlurmEnergyTest, SaysWhatIsMissing) {
  configure("acct_gather_energy/none");
  EXPECT_NE(refusal().find("gathers no energy (AcctGatherEnergyType is 'acct_gather_energy/none')"),
            std::string::npos);
  configure("acct_gather_energy/gpu");
  EXPECT_NE(refusal().find("GPUs alone"), std::string::npos);
  configure("acct_gather_energy/rapl");
  count("");
  EXPECT_NE(refusal().find("printed nothing"), std::string::npos) << refusal();
  settings_.scontrol = "/nowhere/scontrol";
  EXPECT_NE(refusal().find("/nowhere/scontrol"), std::string::npos);
  settings_.slurm_step.reset();
  EXPECT_EQ(refusal(), "this is no job of Slurm's");
}

TEST_F(SlurmEnergyTest, AStepThatIsGoneIsUnknown) {
  const auto node = domain();
  const auto window = node->open({});
  clock_.advance(Seconds(10));
  count("");
  const trial::Reading reading = window->read();
  EXPECT_FALSE(reading.joules);
  EXPECT_NE(reading.note.find("sstat"), std::string::npos) << reading.note;
}

}  // namespace
}  // namespace sm2::meter::slurm
