#include "meter/rapl.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/powercap_tree.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class RaplTest : public ::testing::Test {
 protected:
  std::unique_ptr<Window> open(std::string_view vendor = "GenuineIntel") {
    meter_ = std::make_unique<Rapl>(find_zones(tree_.sysfs()).value(), vendor, clock_);
    return meter_->open({});
  }

  sm2::testing::PowercapTree tree_;
  sm2::testing::FakeClock clock_;
  std::unique_ptr<Rapl> meter_;
};

TEST_F(RaplTest, ReadsJoulesOfEveryDomainSinceTheWindowWasOpened) {
  tree_.add("intel-rapl:0", "package-0", 5'000'000);
  tree_.add("intel-rapl:0:0", "dram", 0);
  tree_.add("intel-rapl:1", "package-1", 7);
  const auto window = open();
  clock_.advance(Seconds(2));
  tree_.set("intel-rapl:0", 105'000'000);
  tree_.set("intel-rapl:0:0", 20'000'000);
  tree_.set("intel-rapl:1", 60'000'007);
  const trial::Energy energy = window->read();
  ASSERT_EQ(energy.size(), 3u);
  EXPECT_EQ(energy[0].domain, "package-0");
  EXPECT_EQ(energy[0].source, "rapl");
  EXPECT_EQ(energy[0].quality, trial::Quality::kMeasured);
  EXPECT_DOUBLE_EQ(energy[0].joules->value, 100);
  EXPECT_EQ(energy[0].idle, std::nullopt);
  EXPECT_DOUBLE_EQ(energy[1].joules->value, 20);
  EXPECT_DOUBLE_EQ(trial::total(energy)->value, 180);
  EXPECT_EQ(trial::describe(energy), "180 J +- 12 (rapl, measured)");
}

TEST_F(RaplTest, ErrorIsTheUpdatePeriodAtBothEndsAndTheStatedShare) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const auto window = open();
  clock_.advance(Seconds(10));
  tree_.set("intel-rapl:0", 1'000'000'000);
  const trial::Reading reading = window->read().front();
  EXPECT_NEAR(reading.noise.value, 2 * 100 * 0.001 + 61e-6, 1e-7);
  EXPECT_NEAR(reading.error.value, 0.05 * 1000 + reading.noise.value, 1e-9);
  EXPECT_EQ(reading.note, "");
}

TEST_F(RaplTest, IsLessSureOnAmdAndOfDram) {
  EXPECT_EQ(relative_error(Zone::Kind::kPackage, "GenuineIntel"), 0.05);
  EXPECT_EQ(relative_error(Zone::Kind::kPackage, "AuthenticAMD"), 0.2);
  EXPECT_EQ(relative_error(Zone::Kind::kDram, "GenuineIntel"), 0.2);
}

TEST_F(RaplTest, AWindowTooShortForTheCounterSaysSo) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const auto window = open();
  clock_.advance(Seconds(0.0005));
  const trial::Reading reading = window->read().front();
  EXPECT_EQ(reading.joules, Joules(0));
  EXPECT_GE(reading.error.value, 2) << "the counter has not stepped yet, energy has been used";
  EXPECT_NE(reading.note.find("too short"), std::string::npos);
}

TEST_F(RaplTest, GoesOnThroughAWrap) {
  tree_.add("intel-rapl:0", "package-0", tree_.kRange - 999'999);
  const auto window = open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 49'000'000);
  EXPECT_NEAR(window->read().front().joules->value, 50, 1e-9);
}

TEST_F(RaplTest, EveryDomainWrapsAtItsOwnRange) {
  tree_.add("intel-rapl:0", "package-0", tree_.kRange);
  tree_.add("intel-rapl:0:0", "dram", 65'712'999'613, 65'712'999'613);
  const auto window = open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 1'999'999);
  tree_.set("intel-rapl:0:0", 999'999);
  const trial::Energy energy = window->read();
  EXPECT_NEAR(energy[0].joules->value, 2, 1e-9);
  EXPECT_NEAR(energy[1].joules->value, 1, 1e-9);
}

TEST_F(RaplTest, ANegativeStepIsNeverANegativeFigure) {
  tree_.add("intel-rapl:0", "package-0", 100'000'000);
  const auto window = open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 50'000'000);  // as a wrap: 262 kJ in a second
  const trial::Reading reading = window->read().front();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("rapl package-0: the counter went from 100000000 to 50000000"),
            std::string::npos);
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 60'000'000);
  EXPECT_EQ(window->read().front().joules, std::nullopt);
}

TEST_F(RaplTest, LeftUnreadForTooLongIsUnknown) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const auto window = open();
  const auto source = meter_->sources().front();
  EXPECT_NEAR(source.read_within->value, 131, 1) << "half of 262 kJ / 1000 W";
  clock_.advance(Seconds(300));
  tree_.set("intel-rapl:0", 1'000'000);
  const trial::Reading reading = window->read().front();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("wrapped more than once"), std::string::npos);
}

TEST_F(RaplTest, ReadInTimeItLastsForHours) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const auto window = open();
  const Seconds step = *meter_->sources().front().read_within;
  std::uint64_t used = 0;
  trial::Reading reading;
  for (int i = 0; i < 100; ++i) {
    clock_.advance(step);
    used += static_cast<std::uint64_t>(1e6 * 900 * step.value);
    tree_.set("intel-rapl:0", used % (tree_.kRange + 1));
    reading = window->read().front();
    ASSERT_TRUE(reading.joules) << reading.note;
  }
  EXPECT_NEAR(reading.joules->value, 1e-6 * static_cast<double>(used), 1e-3);
}

TEST_F(RaplTest, ADomainThatVanishesMakesTheTotalUnknownWithItsReason) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.add("intel-rapl:1", "package-1", 0);
  const auto window = open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 10'000'000);
  std::filesystem::remove_all(tree_.folder("intel-rapl:1"));
  const trial::Energy energy = window->read();
  EXPECT_DOUBLE_EQ(energy[0].joules->value, 10);
  EXPECT_EQ(energy[1].joules, std::nullopt);
  EXPECT_EQ(trial::total(energy), std::nullopt);
  EXPECT_NE(trial::describe(energy).find("unknown (rapl package-1: "), std::string::npos);
  EXPECT_NE(energy[1].note.find("No such file or directory"), std::string::npos);
}

TEST_F(RaplTest, AFailureThatPassesIsBridged) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const auto window = open();
  clock_.advance(Seconds(1));
  std::filesystem::remove(tree_.energy("intel-rapl:0"));
  std::filesystem::create_symlink("/proc/self/mem", tree_.energy("intel-rapl:0"));
  EXPECT_NE(window->read().front().note.find("Input/output error"), std::string::npos);
  clock_.advance(Seconds(1));
  std::filesystem::remove(tree_.energy("intel-rapl:0"));
  tree_.set("intel-rapl:0", 30'000'000);
  EXPECT_DOUBLE_EQ(window->read().front().joules->value, 30);
}

TEST_F(RaplTest, GarbageIsUnknown) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const auto window = open();
  tree_.write(tree_.energy("intel-rapl:0"), "-3 bananas");
  const trial::Reading reading = window->read().front();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("'-3 bananas' is not a count"), std::string::npos);
}

TEST_F(RaplTest, WithoutAFirstReadingThereIsNothingToCountFrom) {
  tree_.add("intel-rapl:0", "package-0", 0);
  Rapl meter(find_zones(tree_.sysfs()).value(), "GenuineIntel", clock_);
  std::filesystem::remove(tree_.energy("intel-rapl:0"));
  const auto window = meter.open({});
  tree_.set("intel-rapl:0", 5'000'000);
  const trial::Reading reading = window->read().front();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("not readable when the window was opened"), std::string::npos);
}

TEST_F(RaplTest, DescribesItsDomainsAndThatItCountsTheHost) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.add("intel-rapl:0:0", "dram", 0);
  open();
  const Source source = meter_->sources().front();
  EXPECT_EQ(source.name, "rapl");
  EXPECT_EQ(
      source.description,
      "the processor's own energy counters (package-0, dram-0), everything that runs on this host included");
}

}  // namespace
}  // namespace sm2::meter
