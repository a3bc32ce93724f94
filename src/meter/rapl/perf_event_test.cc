#include "meter/rapl/perf_event.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "testing/perf_tree.h"

namespace sm2::meter::rapl {
namespace {

using sm2::testing::PerfTree;
using sm2::testing::SysfsTree;
using Names = std::vector<std::string>;

class PerfEventTest : public ::testing::Test {
 protected:
  PerfTree& perf(const std::string& cpumask = "0") {
    perf_ = std::make_unique<PerfTree>(sysfs_.sysfs(), cpumask);
    return *perf_;
  }
  Found find(std::string_view vendor = "GenuineIntel") {
    return find_events(sysfs_.sysfs(), vendor, perf_->opener());
  }
  Names names(std::string_view vendor = "GenuineIntel") {
    const Found found = find(vendor);
    if (found.counters.empty()) return {"unusable: " + found.unusable.front().reason};
    Names names;
    for (const RawCounter& counter : found.counters)
      names.push_back(counter.name + " on " + counter.id.substr(counter.id.find("CPU")) +
                      (counter.inside.empty() ? "" : " in " + counter.inside));
    return names;
  }

  SysfsTree sysfs_;
  std::unique_ptr<PerfTree> perf_;
};

TEST(PerfCpus, AreListsOfNumbersAndRanges) {
  EXPECT_EQ(parse_cpus("0"), std::vector<int>{0});
  EXPECT_EQ(parse_cpus("0,28"), (std::vector<int>{0, 28}));
  EXPECT_EQ(parse_cpus("0-2,5,8-9"), (std::vector<int>{0, 1, 2, 5, 8, 9}));
  for (const char* garbage : {"", "a", "0-", "-1", "3-1", "0,,1", "0 1", "0-99999999"})
    EXPECT_TRUE(parse_cpus(garbage).empty()) << garbage;
}

TEST_F(PerfEventTest, OpensEveryEventOnOneCpuOfEverySocket) {
  PerfTree& tree = perf("0,28");
  tree.place(0, 0);
  tree.place(28, 1);
  tree.add("energy-pkg", 2);
  tree.add("energy-ram", 3);
  tree.add("energy-cores", 1);
  tree.add("energy-gpu", 4);
  tree.add("energy-psys", 5);
  EXPECT_EQ(names(), (Names{"package-0 on CPU 0", "package-1 on CPU 28", "dram-0 on CPU 0",
                            "dram-1 on CPU 28", "core-0 on CPU 0 in package-0",
                            "core-1 on CPU 28 in package-1", "uncore-0 on CPU 0 in package-0",
                            "uncore-1 on CPU 28 in package-1", "psys on CPU 0 in overlaps package-0"}));
}

TEST_F(PerfEventTest, CountsItsScaleInJoules) {
  PerfTree& tree = perf();
  tree.add("energy-pkg", 2);
  const Found found = find();
  ASSERT_EQ(found.counters.size(), 1u);
  tree.use(2, 0, 12.5);
  const auto count = found.counters[0].read();
  ASSERT_TRUE(count);
  EXPECT_NEAR(static_cast<double>(*count) * found.counters[0].per_count.value, 12.5, 1e-9);
}

TEST_F(PerfEventTest, ReadsASocketOnceWhereTheMaskNamesAllItsCpus) {
  PerfTree& tree = perf("0-3");
  for (int cpu = 0; cpu < 4; ++cpu) tree.place(cpu, cpu / 2);
  tree.add("energy-pkg", 2);
  EXPECT_EQ(names(), (Names{"package-0 on CPU 0", "package-1 on CPU 2"}));
}

TEST_F(PerfEventTest, ReadsEveryDieOfAnIntelSocketAndAnAmdSocketOnce) {
  PerfTree& tree = perf("0,8");
  tree.place(0, 0, 0);
  tree.place(8, 0, 1);
  tree.add("energy-pkg", 2);
  EXPECT_EQ(names(), (Names{"package-0-die-0 on CPU 0", "package-0-die-1 on CPU 8"}));
  EXPECT_EQ(names("AuthenticAMD"), Names{"package-0 on CPU 0"});
}

TEST_F(PerfEventTest, DoesNotGuessWhetherDiesShareACounter) {
  PerfTree& tree = perf("0-3");
  for (int cpu = 0; cpu < 4; ++cpu) tree.place(cpu, 0, cpu / 2);
  tree.add("energy-pkg", 2);
  EXPECT_NE(names().front().find("does not say which dies share a counter"), std::string::npos);
}

TEST_F(PerfEventTest, WithoutPermissionGivesTheExactRemedy) {
  PerfTree& tree = perf();
  tree.add("energy-pkg", 2);
  tree.refuse(EACCES, 2);
  const Found found = find();
  ASSERT_TRUE(found.counters.empty());
  const Unusable& why = found.unusable.front();
  EXPECT_EQ(why.reason, "perf event energy-pkg on CPU 0: Permission denied");
  EXPECT_TRUE(why.remedy.starts_with("sudo sysctl kernel.perf_event_paranoid=0 ")) << why.remedy;
  EXPECT_NE(why.remedy.find("setcap cap_perfmon+ep"), std::string::npos);
  EXPECT_TRUE(why.present);
}

TEST_F(PerfEventTest, APackageWithoutItsDramIsNotEnoughButWithoutItsCoresItIs) {
  PerfTree& tree = perf();
  tree.add("energy-pkg", 2);
  tree.add("energy-ram", 3);
  tree.add("energy-cores", 1);
  tree.refuse(ENOENT, 1);
  const Found found = find();
  EXPECT_EQ(found.counters.size(), 2u);
  ASSERT_EQ(found.unusable.size(), 1u);
  EXPECT_FALSE(found.unusable[0].present);
  tree.refuse(ENOENT, 3);
  EXPECT_EQ(names(), Names{"unusable: perf event energy-ram on CPU 0: No such file or directory"});
}

TEST_F(PerfEventTest, WhatTheKernelSaysOtherwiseIsNotGuessedAt) {
  PerfTree& tree = perf();
  tree.add("energy-pkg", 2);
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"energy-pkg", "event=2,umask=1"},
                                                        {"energy-pkg.unit", "Watts"},
                                                        {"energy-pkg.scale", "nan"},
                                                        {"energy-pkg.scale", "-1"}}) {
    tree.add("energy-pkg", 2);
    SysfsTree::write(tree.event(name), text);
    EXPECT_TRUE(names().front().starts_with("unusable: ")) << name << " " << text;
  }
  tree.add("energy-pkg", 2);
  EXPECT_EQ(find().counters.size(), 1u);
  SysfsTree::write(tree.pmu() / "cpumask", "zero");
  EXPECT_NE(names().front().find("'zero' is not a list of CPUs"), std::string::npos);
}

TEST_F(PerfEventTest, WithoutThePmuIsNotThere) {
  const Found found = find_events(sysfs_.sysfs(), "GenuineIntel", open_event);
  ASSERT_TRUE(found.counters.empty());
  EXPECT_NE(found.unusable.front().reason.find("no power events under"), std::string::npos);
  EXPECT_FALSE(found.unusable.front().present);
}

// The kernel's own clock event in place of the energy: what the system call and the descriptor do.
TEST_F(PerfEventTest, TheSystemCallCounts) {
  const auto read =
      open_event({.type = 1, .config = 0, .cpu = 0});  // PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK
  if (!read)
    GTEST_SKIP() << "this process may not open perf events: "
                 << std::generic_category().message(read.error());
  const auto first = (*read)();
  ASSERT_TRUE(first) << first.error().message;
  const auto second = (*read)();
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_GT(*second, *first) << "nanoseconds";
  EXPECT_LT(*second, 60'000'000'000u);
}

TEST_F(PerfEventTest, TheSystemCallSaysWhyNot) {
  const auto read = open_event({.type = 4'000'000'000u, .config = 0, .cpu = 0});
  ASSERT_FALSE(read);
  EXPECT_NE(read.error(), 0);
}

}  // namespace
}  // namespace sm2::meter::rapl
