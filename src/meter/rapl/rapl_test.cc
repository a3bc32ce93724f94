#include "meter/rapl/rapl.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <optional>

#include "testing/fake_clock.h"
#include "testing/perf_tree.h"
#include "testing/powercap_tree.h"

namespace sm2::meter::rapl {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class RaplTest : public ::testing::Test {
 protected:
  RaplTest() {
    settings_.sysfs = tree_.sysfs();
    settings_.proc = tree_.sysfs() / "proc";
    vendor("GenuineIntel");
  }

  OpenEvent opener() { return perf_ ? perf_->opener() : open_event; }
  void vendor(const std::string& name) {
    tree_.write(settings_.proc / "cpuinfo", "processor\t: 0\nvendor_id\t: " + name);
  }
  void open() {
    found_ = discover(settings_, clock_, opener());
    windows_.clear();
    for (const auto& domain : found_.domains) windows_.push_back(domain->open({}));
  }
  trial::Energy read() {
    trial::Energy energy;
    for (const auto& window : windows_) energy.push_back(window->read());
    return energy;
  }

  sm2::testing::PowercapTree tree_;
  std::optional<sm2::testing::PerfTree> perf_;
  sm2::testing::FakeClock clock_;
  Settings settings_;
  Discovery found_;
  std::vector<std::unique_ptr<DomainWindow>> windows_;
};

TEST_F(RaplTest, ReadsJoulesOfEveryDomainSinceTheWindowWasOpened) {
  tree_.add("intel-rapl:0", "package-0", 5'000'000);
  tree_.add("intel-rapl:0:0", "dram", 0);
  tree_.add("intel-rapl:1", "package-1", 7);
  open();
  clock_.advance(Seconds(2));
  tree_.set("intel-rapl:0", 105'000'000);
  tree_.set("intel-rapl:0:0", 20'000'000);
  tree_.set("intel-rapl:1", 60'000'007);
  const trial::Energy energy = read();
  ASSERT_EQ(energy.size(), 3u);
  EXPECT_EQ(energy[0].domain, "package-0");
  EXPECT_EQ(energy[0].source, "rapl");
  EXPECT_EQ(energy[0].method, "counter");
  EXPECT_EQ(energy[0].quality, trial::Quality::kMeasured);
  EXPECT_NEAR(energy[0].joules->value, 100, 1e-9);
  EXPECT_EQ(energy[0].idle, std::nullopt);
  EXPECT_NEAR(energy[1].joules->value, 20, 1e-9);
  EXPECT_NEAR(trial::total(energy)->value, 180, 1e-9);
  EXPECT_EQ(trial::describe(energy), "180 J +- 12 (rapl counter)");
}

TEST_F(RaplTest, ErrorIsTheUpdatePeriodAtBothEndsAndTheStatedShare) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  clock_.advance(Seconds(10));
  tree_.set("intel-rapl:0", 1'000'000'000);
  const trial::Reading reading = read().front();
  EXPECT_NEAR(reading.noise.value, 2 * 100 * 0.001, 1e-4);
  EXPECT_NEAR(reading.error.value, 0.05 * 1000 + reading.noise.value, 1e-9);
  EXPECT_EQ(reading.note, "");
}

TEST_F(RaplTest, IsLessSureOnAmdAndOfDram) {
  EXPECT_EQ(relative_error(Kind::kPackage, "GenuineIntel"), 0.05);
  EXPECT_EQ(relative_error(Kind::kPackage, "AuthenticAMD"), 0.2);
  EXPECT_EQ(relative_error(Kind::kDram, "GenuineIntel"), 0.2);
  vendor("AuthenticAMD");
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  EXPECT_EQ(found_.domains.front()->info().relative_error, 0.2);
}

TEST_F(RaplTest, AWindowTooShortForTheCounterSaysSo) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  clock_.advance(Seconds(0.0005));
  const trial::Reading reading = read().front();
  EXPECT_EQ(reading.joules, Joules(0));
  EXPECT_GE(reading.error.value, 2) << "the counter has not stepped yet, energy has been used";
  EXPECT_NE(reading.note.find("too short"), std::string::npos);
}

TEST_F(RaplTest, GoesOnThroughAWrap) {
  tree_.add("intel-rapl:0", "package-0", tree_.kRange - 999'999);
  open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 49'000'000);
  EXPECT_NEAR(read().front().joules->value, 50, 1e-9);
}

TEST_F(RaplTest, EveryDomainWrapsAtItsOwnRange) {
  tree_.add("intel-rapl:0", "package-0", tree_.kRange);
  tree_.add("intel-rapl:0:0", "dram", 65'712'999'613, 65'712'999'613);
  open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 1'999'999);
  tree_.set("intel-rapl:0:0", 999'999);
  const trial::Energy energy = read();
  EXPECT_NEAR(energy[0].joules->value, 2, 1e-9);
  EXPECT_NEAR(energy[1].joules->value, 1, 1e-9);
}

TEST_F(RaplTest, ANegativeStepIsNeverANegativeFigure) {
  tree_.add("intel-rapl:0", "package-0", 100'000'000);
  open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 50'000'000);  // as a wrap: 262 kJ in a second
  const trial::Reading reading = read().front();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("rapl package-0: the counter went from 100000000 to 50000000"),
            std::string::npos);
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 60'000'000);
  EXPECT_EQ(read().front().joules, std::nullopt);
}

TEST_F(RaplTest, LeftUnreadForTooLongIsUnknown) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  EXPECT_NEAR(found_.domains.front()->read_within()->value, 131, 1) << "half of 262 kJ / 1000 W";
  clock_.advance(Seconds(300));
  tree_.set("intel-rapl:0", 1'000'000);
  const trial::Reading reading = read().front();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("wrapped more than once"), std::string::npos);
}

TEST_F(RaplTest, ReadInTimeItLastsForHours) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  const Seconds step = *found_.domains.front()->read_within();
  std::uint64_t used = 0;
  trial::Reading reading;
  for (int i = 0; i < 100; ++i) {
    clock_.advance(step);
    used += static_cast<std::uint64_t>(1e6 * 900 * step.value);
    tree_.set("intel-rapl:0", used % (tree_.kRange + 1));
    reading = read().front();
    ASSERT_TRUE(reading.joules) << reading.note;
  }
  EXPECT_NEAR(reading.joules->value, 1e-6 * static_cast<double>(used), 1e-3);
}

TEST_F(RaplTest, ADomainThatVanishesMakesTheTotalUnknownWithItsReason) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.add("intel-rapl:1", "package-1", 0);
  open();
  clock_.advance(Seconds(1));
  tree_.set("intel-rapl:0", 10'000'000);
  std::filesystem::remove_all(tree_.folder("intel-rapl:1"));
  const trial::Energy energy = read();
  EXPECT_NEAR(energy[0].joules->value, 10, 1e-9);
  EXPECT_EQ(energy[1].joules, std::nullopt);
  EXPECT_EQ(trial::total(energy), std::nullopt);
  EXPECT_NE(trial::describe(energy).find("unknown (rapl package-1: "), std::string::npos);
  EXPECT_NE(energy[1].note.find("No such file or directory"), std::string::npos);
}

TEST_F(RaplTest, AFailureThatPassesIsBridged) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  clock_.advance(Seconds(1));
  tree_.break_file(tree_.energy("intel-rapl:0"));
  EXPECT_NE(read().front().note.find("Input/output error"), std::string::npos);
  clock_.advance(Seconds(1));
  std::filesystem::remove(tree_.energy("intel-rapl:0"));
  tree_.set("intel-rapl:0", 30'000'000);
  EXPECT_NEAR(read().front().joules->value, 30, 1e-9);
}

TEST_F(RaplTest, GarbageIsUnknown) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  for (const char* garbage : {"-3 bananas", "nan", "", "-5"}) {
    tree_.write(tree_.energy("intel-rapl:0"), garbage);
    const trial::Reading reading = read().front();
    EXPECT_EQ(reading.joules, std::nullopt);
    EXPECT_NE(reading.note.find("'" + std::string(garbage) + "' is not a count"), std::string::npos);
  }
}

TEST_F(RaplTest, WithoutAFirstReadingThereIsNothingToCountFrom) {
  tree_.add("intel-rapl:0", "package-0", 0);
  found_ = discover(settings_, clock_, opener());
  std::filesystem::remove(tree_.energy("intel-rapl:0"));
  const auto window = found_.domains.front()->open({});
  tree_.set("intel-rapl:0", 5'000'000);
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("not readable when the window was opened"), std::string::npos);
}

TEST_F(RaplTest, DescribesItsDomainsAndThatTheyCountTheHost) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.add("intel-rapl:0:0", "core", 0);
  tree_.add("intel-rapl:1", "psys", 0);
  open();
  const DomainInfo& package = found_.domains[0]->info();
  EXPECT_EQ(package.part, kProcessors);
  EXPECT_EQ(package.inside, "");
  EXPECT_EQ(package.resolution, kUpdate);
  EXPECT_EQ(package.id, tree_.energy("intel-rapl:0"));
  EXPECT_EQ(
      package.description,
      "a processor package, by the processor's own counter (powercap), everything that runs on this host "
      "included");
  EXPECT_EQ(found_.domains[1]->info().inside, "package-0");
  EXPECT_EQ(found_.domains[2]->info().inside, "overlaps package-0");
}

class RaplByPerfTest : public RaplTest {
 protected:
  RaplByPerfTest() {
    perf_.emplace(tree_.sysfs(), "0,28");
    perf_->place(0, 0);
    perf_->place(28, 1);
    perf_->add("energy-pkg", perf_->kPackage);
    perf_->add("energy-ram", perf_->kDram);
  }
};

TEST_F(RaplByPerfTest, IsTheSecondWayWherePowercapCannotBeRead) {
  open();
  perf_->use(perf_->kPackage, 0, 100);
  perf_->use(perf_->kPackage, 28, 50);
  perf_->use(perf_->kDram, 0, 3);
  perf_->use(perf_->kDram, 28, 7);
  clock_.advance(Seconds(10));
  const trial::Energy energy = read();
  ASSERT_EQ(energy.size(), 4u);
  EXPECT_EQ(energy[1].domain, "package-1");
  EXPECT_EQ(energy[1].source, "rapl");
  EXPECT_NEAR(energy[0].joules->value, 100, 1e-6);
  EXPECT_NEAR(energy[1].joules->value, 50, 1e-6);
  EXPECT_NEAR(trial::total(energy)->value, 160, 1e-6);
  EXPECT_NEAR(energy[0].error.value, 0.05 * 100 + 2 * 10 * 0.001, 1e-4);
}

TEST_F(RaplByPerfTest, PowercapIsTheFirstWay) {
  tree_.add("intel-rapl:0", "package-0", 0);
  open();
  ASSERT_EQ(found_.domains.size(), 1u);
  EXPECT_NE(found_.domains[0]->info().description.find("(powercap)"), std::string::npos);
}

TEST_F(RaplByPerfTest, DoesNotWrap) {
  open();
  perf_->use(perf_->kPackage, 0, 5e6);
  clock_.advance(Seconds(50'000));
  EXPECT_NEAR(read()[0].joules->value, 5e6, 1);
}

TEST_F(RaplByPerfTest, ACounterThatIsLostIsUnknown) {
  open();
  clock_.advance(Seconds(1));
  perf_->lose(28);
  EXPECT_EQ(read()[1].joules, std::nullopt);
  EXPECT_EQ(read()[1].note, "rapl package-1: perf event: lost");
}

TEST_F(RaplByPerfTest, WhereNeitherCanBeReadBothReasonsAreSaid) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.break_file(tree_.energy("intel-rapl:0"));
  perf_->refuse(EACCES, perf_->kPackage);
  open();
  ASSERT_EQ(found_.domains.size(), 0u);
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_NE(found_.unusable[0].reason.find(
                "energy_uj: Input/output error; perf event energy-pkg on CPU 0: Permission"),
            std::string::npos)
      << found_.unusable[0].reason;
  EXPECT_TRUE(found_.unusable[0].present);
}

TEST_F(RaplByPerfTest, WithoutPowercapTheRemedyIsThatOfPerfEvents) {
  perf_->refuse(EACCES, perf_->kPackage);
  open();
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_TRUE(found_.unusable[0].remedy.starts_with("sudo sysctl kernel.perf_event_paranoid=0"));
  EXPECT_TRUE(found_.unusable[0].present);
}

TEST_F(RaplTest, WithoutEitherItIsNotThere) {
  open();
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_TRUE(found_.unusable[0].reason.starts_with("no RAPL counter under ")) << found_.unusable[0].reason;
  EXPECT_TRUE(found_.unusable[0].remedy.starts_with("sudo modprobe intel_rapl_msr"));
  EXPECT_FALSE(found_.unusable[0].present);
}

}  // namespace
}  // namespace sm2::meter::rapl
