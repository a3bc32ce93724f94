#include "meter/hwmon/hwmon.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/fake_clock.h"
#include "testing/hwmon_tree.h"

namespace sm2::meter::hwmon {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using Names = std::vector<std::string>;

constexpr const char* kAmd = "0000:03:00.0";
constexpr const char* kIntel = "0000:8c:00.0";

class HwmonTest : public ::testing::Test {
 protected:
  void open() {
    Settings settings;
    settings.sysfs = tree_.sysfs();
    found_ = discover(settings, "", clock_);
    windows_.clear();
    for (const auto& domain : found_.domains) windows_.push_back(domain->open({}));
  }
  // "amdgpu-0: gpu 0000:03:00.0", with what contains it.
  Names names() {
    open();
    Names names;
    for (const auto& domain : found_.domains) {
      const DomainInfo& info = domain->info();
      names.push_back(info.name + ": " + info.part + (info.inside.empty() ? "" : " in " + info.inside));
    }
    return names;
  }
  trial::Reading read(std::size_t domain = 0) { return windows_.at(domain)->read(); }

  // Lets time pass with the samples that a sampler would take.
  void run(Seconds time) {
    for (long left = std::lround(time / kSample); left > 0; --left) {
      clock_.advance(kSample);
      for (const auto& domain : found_.domains) {
        if (Sampled* sampled = domain->sampled()) sampled->sample();
      }
    }
  }

  static constexpr Seconds kSample{0.02};
  sm2::testing::HwmonTree tree_;
  sm2::testing::FakeClock clock_;
  Discovery found_;
  std::vector<std::unique_ptr<DomainWindow>> windows_;
};

TEST_F(HwmonTest, IntegratesTheMeanPowerOfAnAmdGpu) {
  tree_.add(4, "amdgpu", kAmd,
            {{"power1_average", "50000000"}, {"power1_label", "PPT"}, {"power1_cap", "300000000"}});
  EXPECT_EQ(names(), Names{"amdgpu-0: gpu 0000:03:00.0"});
  const DomainInfo& info = found_.domains[0]->info();
  EXPECT_EQ(info.source, "hwmon");
  EXPECT_EQ(info.method, "power");
  EXPECT_EQ(info.id, kAmd);
  EXPECT_EQ(info.power_limit, Watts(300));
  EXPECT_EQ(info.description, "an AMD GPU, by its firmware (amdgpu PPT)");
  run(Seconds(5));
  tree_.set(4, "power1_average", "250000000");
  run(Seconds(5));
  tree_.set(4, "power1_average", "50000000");
  run(Seconds(5));
  const trial::Reading reading = read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_NEAR(reading.joules->value, 50 * 10 + 250 * 5, 6) << "half a sampling period at each edge";
  EXPECT_GE(reading.error.value, 0.1 * reading.joules->value);
}

TEST_F(HwmonTest, TwoCardsAreTwoParts) {
  tree_.add(3, "amdgpu", "0000:03:00.0", {{"power1_average", "10000000"}});
  tree_.add(4, "nvme", "nvme0", {{"temp1_input", "40000"}});
  tree_.add(5, "amdgpu", "0000:83:00.0", {{"power1_input", "20000000"}});
  EXPECT_EQ(names(), (Names{"amdgpu-0: gpu 0000:03:00.0", "amdgpu-1: gpu 0000:83:00.0"}));
  run(Seconds(10));
  EXPECT_NEAR(read(0).joules->value, 100, 1);
  EXPECT_NEAR(read(1).joules->value, 200, 1);
  EXPECT_TRUE(found_.unusable.empty()) << "a disk has no power to read";
}

TEST_F(HwmonTest, AnApusFigureIsThatOfTheProcessor) {
  tree_.add(
      0, "amdgpu", "0000:04:00.0",
      {{"power1_input", "15000000"}, {"power2_average", "1"}, {"in1_input", "900"}, {"in1_label", "vddnb"}});
  EXPECT_EQ(names(), Names{"amdgpu-0: processors"});
}

TEST_F(HwmonTest, ASecondDieThatReadsZeroIsNotAnIdleGpu) {
  tree_.add(0, "amdgpu", "0000:03:00.0", {{"power1_average", "90000000"}});
  tree_.add(1, "amdgpu", "0000:04:00.0", {{"power1_average", "0"}});
  EXPECT_EQ(names(), Names{"amdgpu-0: gpu 0000:03:00.0"});
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_NE(found_.unusable[0].reason.find("second die"), std::string::npos);
  EXPECT_FALSE(found_.unusable[0].present);
}

TEST_F(HwmonTest, CountsTheEnergyOfAnIntelCardAndShowsItsPackage) {
  tree_.add(1, "xe", kIntel,
            {{"energy1_input", "1000000"},
             {"energy1_label", "card"},
             {"energy2_input", "5"},
             {"energy2_label", "pkg"}});
  EXPECT_EQ(names(), (Names{"xe-0: gpu 0000:8c:00.0", "xe-package-0: gpu 0000:8c:00.0 in xe-0"}));
  clock_.advance(Seconds(10));
  tree_.set(1, "energy1_input", "1501000000");
  const trial::Reading reading = read();
  EXPECT_EQ(reading.method, "counter");
  EXPECT_NEAR(reading.joules->value, 1500, 1e-6);
  EXPECT_NEAR(reading.error.value, 150 + 2 * 150 * 0.01, 0.01);
}

TEST_F(HwmonTest, APackageWithoutItsCardStandsForTheGpu) {
  tree_.add(1, "xe", kIntel, {{"energy2_input", "5"}, {"energy2_label", "pkg"}});
  EXPECT_EQ(names(), Names{"xe-package-0: gpu 0000:8c:00.0"});
}

TEST_F(HwmonTest, OfI915TheCardIsCountedAndNotItsTiles) {
  tree_.add(1, "i915", kIntel, {{"energy1_input", "5"}});
  tree_.add(2, "i915_gt0", kIntel, {{"energy1_input", "5"}});
  EXPECT_EQ(names(), Names{"i915-0: gpu 0000:8c:00.0"});
  EXPECT_TRUE(found_.unusable.empty());
}

TEST_F(HwmonTest, ARegisterThatTheDriverExtendsMustBeReadBeforeItWraps) {
  tree_.add(1, "i915", kIntel, {{"energy1_input", "262143000000"}});
  open();
  EXPECT_NEAR(found_.domains[0]->read_within()->value, 131, 1);
  clock_.advance(Seconds(100));
  tree_.set(1, "energy1_input", "262153000000");  // beyond the register, which the driver extended
  EXPECT_NEAR(read().joules->value, 10, 1e-6);
  clock_.advance(Seconds(300));
  tree_.set(1, "energy1_input", "262163000000");
  EXPECT_EQ(read().joules, std::nullopt) << "the driver may have missed a wrap";
}

TEST_F(HwmonTest, ACounterThatRunsBackwardsIsUnknown) {
  tree_.add(1, "amd_energy", "amd_energy.0", {{"energy1_input", "9000000"}, {"energy1_label", "Esocket0"}});
  EXPECT_EQ(names(), Names{"socket-0: processors"});
  clock_.advance(Seconds(1));
  tree_.set(1, "energy1_input", "8000000");
  const trial::Reading reading = read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("hwmon socket-0: the counter went from 9000000 to 8000000"), std::string::npos)
      << reading.note;
}

TEST_F(HwmonTest, OfAmdEnergySocketsAreCountedAndCoresLeft) {
  tree_.add(1, "amd_energy", "amd_energy.0",
            {{"energy1_input", "1"},
             {"energy1_label", "Ecore000"},
             {"energy2_input", "2"},
             {"energy2_label", "Ecore001"},
             {"energy3_input", "10"},
             {"energy3_label", "Esocket0"},
             {"energy4_input", "10"},
             {"energy4_label", "Esocket1"}});
  EXPECT_EQ(names(), (Names{"socket-0: processors", "socket-1: processors"}));
}

class GraceTest : public HwmonTest {
 protected:
  void meter(const std::string& label, const std::string& microwatts) {
    const std::string device = "ACPI000D:0" + std::to_string(next_);
    tree_.add(next_++, "power_meter", device,
              {{"device/power1_average", microwatts},
               {"device/power1_oem_info", label},
               {"device/power1_average_interval", "50"}});
  }
  int next_ = 0;
};

TEST_F(GraceTest, CountsASocketOnceAndShowsTheRest) {
  meter("Module Power Socket 0", "400000000");
  meter("Grace Power Socket 0", "90000000");
  meter("CPU Power Socket 0", "40000000");
  meter("SysIO Power Socket 0", "10000000");
  meter("Grace Power Socket 1", "80000000");
  EXPECT_EQ(names(), (Names{"module-0: node in overlaps grace-0", "grace-0: processors",
                            "grace-cpu-0: processors in grace-0", "grace-sysio-0: processors in grace-0",
                            "grace-1: processors"}));
  EXPECT_NEAR(found_.domains[1]->info().resolution.value, 0.1, 1e-9) << "a mean over 50 ms, every 50 ms";
  run(Seconds(10));
  EXPECT_NEAR(read(1).joules->value, 900, 5);
}

TEST_F(GraceTest, ASocketThatCannotBeReadMakesTheProcessorsUnknown) {
  meter("Grace Power Socket 0", "90000000");
  meter("CPU Power Socket 0", "40000000");
  meter("Grace Power Socket 1", "4294967295000 mW");
  EXPECT_EQ(names(), Names{}) << "a sum of one socket would be too low";
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_TRUE(found_.unusable[0].present);
}

TEST_F(GraceTest, AMeterWithAnotherLabelIsNotGuessedAt) {
  meter("Total Power socket 0", "90000000");
  EXPECT_EQ(names(), Names{});
  EXPECT_NE(found_.unusable.at(0).reason.find("not known to SM2 what it measures"), std::string::npos);
}

TEST_F(GraceTest, APowerMeterWithoutAnOwnerIsTheMachines) {
  tree_.add(0, "power_meter", "ACPI000D:00",
            {{"power1_average", "350000000"}, {"power1_average_interval", "1000"}});
  EXPECT_EQ(names(), Names{"node-0: node"});
}

TEST_F(HwmonTest, AJetsonsRailsAreVoltageTimesCurrent) {
  tree_.add(1, "ina3221", "1-0040",
            {{"in1_label", "VDD_IN"},
             {"in1_input", "5000"},
             {"curr1_input", "2000"},
             {"in2_label", "VDD_CPU_GPU_CV"},
             {"in2_input", "5000"},
             {"curr2_input", "1000"},
             {"in3_label", "VDD_SOC"},
             {"in3_input", "5000"},
             {"curr3_input", "400"}});
  EXPECT_EQ(names(), (Names{"vdd-in: node", "vdd-cpu-gpu-cv: node in vdd-in", "vdd-soc: node in vdd-in"}));
  run(Seconds(10));
  EXPECT_NEAR(read().joules->value, 100, 0.5);
}

TEST_F(HwmonTest, AJetsonWithoutOneInputIsTheSumOfItsRails) {
  tree_.add(1, "ina3221", "1-0040",
            {{"in1_label", "VDD_GPU_SOC"},
             {"in1_input", "5000"},
             {"curr1_input", "2000"},
             {"in2_label", "VDD_CPU_CV"},
             {"in2_input", "5000"},
             {"curr2_input", "1000"},
             {"in3_label", "VIN_SYS_5V0"},
             {"in3_input", "5000"},
             {"curr3_input", "400"}});
  tree_.add(2, "ina3221", "1-0041",
            {{"in2_label", "VDDQ_VDD2_1V8AO"}, {"in2_input", "5000"}, {"curr2_input", "100"}});
  EXPECT_EQ(names(), (Names{"vdd-gpu-soc: node", "vdd-cpu-cv: node", "vin-sys-5v0: node",
                            "vddq: node in vin-sys-5v0"}));
}

TEST_F(HwmonTest, APowerSupplyIsCountedByItsTotal) {
  tree_.add(1, "corsairpsu", "0003:1B1C:1C08.0001",
            {{"power1_input", "150000000"},
             {"power1_label", "power total"},
             {"power2_input", "140000000"},
             {"power2_label", "power +12v"}});
  tree_.add(2, "BAT0", "PNP0C0A:00", {{"power1_input", "9000000"}});
  EXPECT_EQ(names(), Names{"psu-0: node"});
  EXPECT_TRUE(found_.unusable.empty());
}

TEST_F(HwmonTest, TwoDriversOfOnePartAreNotAdded) {
  tree_.add(1, "zenpower", "0000:00:18.3",
            {{"power1_input", "20000000"},
             {"power1_label", "SVI2_P_Core"},
             {"power2_input", "9000000"},
             {"power2_label", "SVI2_P_SoC"}});
  tree_.add(2, "amd_energy", "amd_energy.0", {{"energy1_input", "9"}, {"energy1_label", "Esocket0"}});
  tree_.add(3, "corsairpsu", "0003:1B1C:1C08.0001", {{"power1_input", "150000000"}});
  EXPECT_EQ(names(),
            (Names{"zen-core-0: processors in overlaps socket-0",
                   "zen-soc-0: processors in overlaps socket-0", "socket-0: processors", "psu-0: node"}));
  tree_.break_file(tree_.file(2, "energy1_input"));
  EXPECT_EQ(names(), (Names{"zen-core-0: processors", "zen-soc-0: processors", "psu-0: node"}));
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_FALSE(found_.unusable[0].present) << "another driver counts the processors";
}

TEST_F(HwmonTest, WhatAnUnknownDriverMeasuresIsNotGuessed) {
  tree_.add(7, "ina226", "2-0044", {{"power1_input", "9000000"}, {"power1_label", "mystery"}});
  EXPECT_EQ(names(), Names{});
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_EQ(found_.unusable[0].reason, "hwmon7 (ina226) power1 'mystery': not known to SM2 what it measures");
  EXPECT_FALSE(found_.unusable[0].present);
}

TEST_F(HwmonTest, WithoutSensorsSaysWhatWouldBringThem) {
  EXPECT_EQ(names(), Names{});
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_NE(found_.unusable[0].reason.find("no sensor of power or energy under"), std::string::npos);
  EXPECT_FALSE(found_.unusable[0].remedy.empty());
}

TEST_F(HwmonTest, BadValuesAreUnknownWithTheirReason) {
  tree_.add(0, "amdgpu", kAmd, {{"power1_average", "50000000"}});
  open();
  for (const char* bad : {"-5000000", "nan", "", "inf", "50.0", "fifty"}) {
    tree_.set(0, "power1_average", bad);
    const trial::Reading reading = read();
    EXPECT_EQ(reading.joules, std::nullopt) << bad;
    EXPECT_NE(reading.note.find("'" + std::string(bad) + "' is not a count"), std::string::npos)
        << reading.note;
  }
  tree_.set(0, "power1_average", "90000000000");
  EXPECT_EQ(read().joules, std::nullopt) << "90 kW";
  tree_.break_file(tree_.file(0, "power1_average"));
  EXPECT_NE(read().note.find("Input/output error"), std::string::npos);
}

TEST_F(HwmonTest, AFailureThatPassesIsSaidAndWidensTheError) {
  tree_.add(0, "amdgpu", kAmd, {{"power1_average", "100000000"}});
  open();
  run(Seconds(5));
  const Joules before = read().error;
  tree_.set(0, "power1_average", "nan");
  run(Seconds(5));
  tree_.set(0, "power1_average", "100000000");
  run(Seconds(5));
  const trial::Reading reading = read();
  EXPECT_NEAR(reading.joules->value, 1500, 5);
  EXPECT_NE(reading.note.find("not read throughout"), std::string::npos);
  EXPECT_GE(reading.error.value, before.value + 500) << "what it used meanwhile is not known";
}

TEST_F(HwmonTest, AChipThatIsUnpluggedIsUnknownAndNoOtherIsReadInItsPlace) {
  tree_.add(0, "amdgpu", kAmd, {{"power1_average", "50000000"}});
  open();
  run(Seconds(1));
  tree_.unplug(0);
  tree_.add(0, "amdgpu", "0000:99:00.0", {{"power1_average", "7000000"}});
  const trial::Reading reading = read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("hwmon amdgpu-0: "), std::string::npos);
  EXPECT_NE(reading.note.find("No such file or directory"), std::string::npos) << reading.note;
}

TEST_F(HwmonTest, WhatCannotBeReadAtTheStartIsMissingFromTheSum) {
  tree_.add(0, "amdgpu", kAmd, {{"power1_average", "50000000"}});
  tree_.add(1, "i915", kIntel, {{"energy1_input", "5"}});
  tree_.break_file(tree_.file(1, "energy1_input"));
  EXPECT_EQ(names(), Names{"amdgpu-0: gpu 0000:03:00.0"});
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_NE(found_.unusable[0].reason.find("energy1_input: Input/output error"), std::string::npos);
  EXPECT_TRUE(found_.unusable[0].present);
}

}  // namespace
}  // namespace sm2::meter::hwmon
