#include "meter/sources.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"
#include "testing/powercap_tree.h"

namespace sm2::meter {
namespace {

using base::Watts;
using Names = std::vector<std::string>;

class SourcesTest : public ::testing::Test {
 protected:
  SourcesTest() { settings_.sysfs = tree_.sysfs(); }

  std::string made(const Names& names) {
    const auto meter = make(names, settings_, clock_);
    if (!meter) return "error: " + meter.error().message;
    std::string sources;
    for (const Source& source : (*meter)->sources()) sources += (sources.empty() ? "" : "+") + source.name;
    return sources;
  }

  sm2::testing::PowercapTree tree_;
  sm2::testing::FakeClock clock_;
  Settings settings_;
};

TEST_F(SourcesTest, AutoIsTheModelWhereNothingCanBeMeasured) {
  EXPECT_EQ(automatic(settings_), Names{"cpu-model"});
  EXPECT_EQ(made({"auto"}), "cpu-model");
}

TEST_F(SourcesTest, AutoIsRaplWhereItCanBeRead) {
  tree_.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(automatic(settings_), Names{"rapl"});
  EXPECT_EQ(made({"auto"}), "rapl");
}

TEST_F(SourcesTest, ANamedSourceIsNeverReplaced) {
  const std::string error = made({"rapl"});
  EXPECT_TRUE(error.starts_with("error: rapl: no RAPL counter under")) << error;
  EXPECT_NE(error.find("remedy: sudo modprobe intel_rapl_msr"), std::string::npos);
  tree_.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(made({"rapl"}), "rapl");
  EXPECT_EQ(made({"cpu-model"}), "cpu-model");
}

TEST_F(SourcesTest, TheSamePartIsNotCountedTwice) {
  tree_.add("intel-rapl:0", "package-0", 0);
  const char* kBoth =
      "error: energy sources 'rapl' and 'cpu-model' both count the processors; name one of them";
  EXPECT_EQ(made({"rapl", "cpu-model"}), kBoth);
  EXPECT_EQ(made({"auto", "cpu-model"}), kBoth);
  EXPECT_EQ(made({"rapl", "auto"}), "error: energy source 'rapl' is chosen twice; name it once");
  EXPECT_EQ(made({}), "error: no energy source; name one, for example \"auto\"");
}

TEST_F(SourcesTest, AnUnknownNameGetsTheKnownOnes) {
  EXPECT_EQ(made({"cpu_model"}),
            "error: 'cpu_model' is not an energy source of this version, did you mean 'cpu-model'?; it has "
            "auto, rapl, "
            "cpu-model");
  EXPECT_EQ(made({"thermometer"}),
            "error: 'thermometer' is not an energy source of this version; it has auto, rapl, cpu-model");
}

TEST_F(SourcesTest, TheUsersWattsReachTheModel) {
  settings_.idle = Watts(1);
  settings_.busy = Watts(9);
  const auto meter = make({"cpu-model"}, settings_, clock_);
  ASSERT_TRUE(meter);
  EXPECT_NE((*meter)->sources().front().description.find("1.00 W idle and 9.00 W busy"), std::string::npos);
  settings_.busy = Watts(0.5);
  EXPECT_TRUE(made({"cpu-model"}).starts_with("error: cpu-model: a logical processor draws more idle"));
}

TEST_F(SourcesTest, EveryKindSaysWhatItCanOrWhatWouldHelp) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.add("intel-rapl:0:0", "dram", 0);
  for (const SourceKind& kind : source_kinds()) {
    const Probe usable = kind.probe(settings_);
    ASSERT_TRUE(usable) << kind.name;
    EXPECT_FALSE(usable->description.empty()) << kind.name;
    EXPECT_GT(usable->resolution.value, 0) << kind.name;
    ASSERT_FALSE(usable->domains.empty()) << kind.name;
    for (const Domain& domain : usable->domains) EXPECT_GT(domain.relative_error, 0) << kind.name;
  }
  settings_.sysfs = tree_.sysfs() / "nothing";
  settings_.idle = Watts(-1);
  for (const SourceKind& kind : source_kinds()) {
    const Probe unusable = kind.probe(settings_);
    ASSERT_FALSE(unusable) << kind.name;
    EXPECT_FALSE(unusable.error().reason.empty()) << kind.name;
    EXPECT_FALSE(unusable.error().remedy.empty()) << kind.name;
  }
  EXPECT_EQ(automatic(settings_), Names{});
}

}  // namespace
}  // namespace sm2::meter
