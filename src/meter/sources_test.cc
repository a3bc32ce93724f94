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
  SourcesTest() {
    settings_.sysfs = tree_.sysfs();
    settings_.nvml_library = settings_.rocm_library = "/nowhere/library.so";
  }

  std::string made(const Names& names) {
    const auto platform = make(names, settings_, clock_);
    if (!platform) return "error: " + platform.error().message;
    std::string domains;
    for (const DomainInfo& domain : (*platform)->domains())
      domains += (domains.empty() ? "" : "+") + domain.source + "/" + domain.name;
    return domains;
  }

  std::string recording(const std::string& text) {
    const auto file = tree_.sysfs() / "trace.csv";
    sm2::testing::PowercapTree::write(file, text);
    return "replay:" + file.string();
  }

  sm2::testing::PowercapTree tree_;
  sm2::testing::FakeClock clock_;
  Settings settings_;
};

TEST_F(SourcesTest, AutoIsTheModelWhereNothingCanBeMeasured) { EXPECT_EQ(made({"auto"}), "cpu-model/cpu"); }

TEST_F(SourcesTest, AutoIsRaplWhereItCanBeRead) {
  tree_.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(made({"auto"}), "rapl/package-0");
}

TEST_F(SourcesTest, WhatIsThereAndCannotBeReadIsMissedAloud) {
  tree_.add("intel-rapl:0", "package-0", 0);
  std::filesystem::remove(tree_.energy("intel-rapl:0"));
  std::filesystem::create_directory(tree_.energy("intel-rapl:0"));
  const auto platform = make({"auto"}, settings_, clock_);
  ASSERT_TRUE(platform);
  ASSERT_FALSE((*platform)->missing().empty());
  EXPECT_TRUE((*platform)->missing().front().reason.starts_with("rapl: "))
      << (*platform)->missing().front().reason;
  EXPECT_FALSE((*platform)->missing().front().remedy.empty());
}

TEST_F(SourcesTest, ANamedSourceIsNeverReplaced) {
  const std::string error = made({"rapl"});
  EXPECT_TRUE(error.starts_with("error: rapl: no RAPL counter under")) << error;
  EXPECT_NE(error.find("remedy: "), std::string::npos);
  tree_.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(made({"rapl"}), "rapl/package-0");
  EXPECT_EQ(made({"cpu-model"}), "cpu-model/cpu");
}

TEST_F(SourcesTest, TheSamePartIsNotCountedTwice) {
  tree_.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(made({"rapl", "cpu-model"}),
            "error: energy sources 'rapl' and 'cpu-model' both count the processors; name one of them");
  EXPECT_EQ(made({"rapl", "rapl"}), "error: energy source 'rapl' is chosen twice; name it once");
  EXPECT_EQ(made({}), "error: no energy source; name one, for example \"auto\"");
}

TEST_F(SourcesTest, AutoFillsInWhatTheNamedSourcesLeave) {
  tree_.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(made({"auto", "cpu-model"}), "cpu-model/cpu");
  EXPECT_EQ(made({"rapl", "auto"}), "rapl/package-0");
  EXPECT_EQ(made({recording("seconds,watts\n0,1\n9,1"), "auto"}), "replay/replay+rapl/package-0");
}

TEST_F(SourcesTest, TwoDomainsOfOneNameAreRefused) {
  EXPECT_EQ(
      made({recording("seconds,domain,watts\n0,cpu,1\n9,cpu,1"), "cpu-model"}),
      "error: energy sources 'replay' and 'cpu-model' both have a domain 'cpu'; give it another name in the "
      "recording");
}

TEST_F(SourcesTest, ArgumentsStandAfterAColon) {
  EXPECT_EQ(made({recording("seconds,watts\n0,1\n9,1")}), "replay/replay");
  EXPECT_EQ(made({"replay"}), "error: energy source 'replay' needs a FILE; write \"replay:FILE\"");
  EXPECT_EQ(made({"command:"}), "error: energy source 'command' needs a PROGRAM; write \"command:PROGRAM\"");
  EXPECT_EQ(made({"rapl:0"}), "error: energy source 'rapl' takes nothing after its name; write \"rapl\"");
  EXPECT_TRUE(made({"replay:/nowhere.csv"}).starts_with("error: replay: /nowhere.csv"))
      << made({"replay:/nowhere.csv"});
}

TEST_F(SourcesTest, AnUnknownNameGetsTheKnownOnes) {
  EXPECT_EQ(made({"cpu_model"}),
            "error: 'cpu_model' is not an energy source of this version, did you mean 'cpu-model'?; it has "
            "auto, nvml, rocm, rapl, hwmon, slurm, command, replay, cpu-model");
  EXPECT_TRUE(made({"thermometer"})
                  .starts_with("error: 'thermometer' is not an energy source of this version; it has"));
}

TEST_F(SourcesTest, TheUsersWattsReachTheModel) {
  settings_.idle = Watts(1);
  settings_.busy = Watts(9);
  const auto platform = make({"cpu-model"}, settings_, clock_);
  ASSERT_TRUE(platform);
  EXPECT_NE((*platform)->domains().front().description.find("1.00 W idle and 9.00 W busy"),
            std::string::npos);
  settings_.busy = Watts(0.5);
  EXPECT_TRUE(made({"cpu-model"}).starts_with("error: cpu-model: a logical processor draws more idle"));
}

TEST_F(SourcesTest, EveryKindSaysWhatItCanOrWhatWouldHelp) {
  tree_.add("intel-rapl:0", "package-0", 0);
  for (const SourceKind& kind : source_kinds()) {
    const Discovery found = kind.discover(settings_, kind.argument.empty() ? "" : "/nowhere", clock_);
    EXPECT_FALSE(kind.counts.empty());
    EXPECT_TRUE(!found.domains.empty() || !found.unusable.empty()) << kind.name;
    for (const auto& domain : found.domains) {
      EXPECT_EQ(domain->info().source, kind.name);
      EXPECT_FALSE(domain->info().description.empty()) << kind.name;
      EXPECT_FALSE(domain->info().part.empty()) << kind.name;
      EXPECT_GT(domain->info().resolution.value, 0) << kind.name;
      EXPECT_GT(domain->info().relative_error, 0) << kind.name;
    }
    for (const Unusable& unusable : found.unusable) {
      EXPECT_FALSE(unusable.reason.empty()) << kind.name;
      EXPECT_FALSE(unusable.remedy.empty()) << kind.name;
    }
  }
}

}  // namespace
}  // namespace sm2::meter
