#include "meter/rapl/powercap.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "testing/powercap_tree.h"

namespace sm2::meter::rapl {
namespace {

using sm2::testing::PowercapTree;
using Names = std::vector<std::string>;

constexpr std::string_view kIntel = "GenuineIntel";

Found find(const PowercapTree& tree) { return find_zones(tree.sysfs(), kIntel); }

Names names(const Found& found) {
  if (found.counters.empty()) return {"unusable: " + found.unusable.front().reason};
  Names names;
  for (const RawCounter& counter : found.counters)
    names.push_back(counter.name + (counter.inside.empty() ? "" : " in " + counter.inside));
  return names;
}

// Permissions do not bind root, who runs many a test.
class AsNobody {
 public:
  AsNobody() : root_(geteuid() == 0 && seteuid(65534) == 0) {}
  ~AsNobody() {
    if (root_ && seteuid(0) != 0) std::abort();
  }

 private:
  bool root_;
};

TEST(Powercap, AddsEveryPackageAndItsDramOnceAndOnlyShowsWhatIsInsideThem) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.add("intel-rapl:0:0", "core", 5);
  tree.add("intel-rapl:0:1", "uncore", 1);
  tree.add("intel-rapl:0:2", "dram", 3, 65'712'999'613);
  tree.add("intel-rapl:1", "package-1", 10);
  tree.add("intel-rapl:1:0", "dram", 3);
  tree.add("intel-rapl:2", "psys", 40);
  tree.add("intel-rapl-mmio:0", "package-0", 10);
  const Found found = find(tree);
  EXPECT_EQ(names(found), (Names{"package-0", "core-0 in package-0", "uncore-0 in package-0", "dram-0",
                                 "package-1", "dram-1", "psys in overlaps package-0"}));
  EXPECT_EQ(found.counters[3].highest, 65'712'999'613u);
  EXPECT_EQ(found.counters[0].id, tree.energy("intel-rapl:0"));
  EXPECT_EQ(found.counters[3].read(), 3u);
  EXPECT_TRUE(found.unusable.empty());
}

TEST(Powercap, NamesTheDiesOfAPackage) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0-die-1", 10);
  tree.add("intel-rapl:0:0", "dram", 10);
  tree.add("intel-rapl:0:1", "core", 10);
  EXPECT_EQ(names(find(tree)), (Names{"package-0-die-1", "dram-0-die-1", "core-0-die-1 in package-0-die-1"}));
}

TEST(Powercap, AddsThePlatformOnlyWhereThereIsNoPackage) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "psys", 10);
  tree.add("intel-rapl:1", "psys-1", 10);
  EXPECT_EQ(names(find(tree)), (Names{"psys", "psys-1 in overlaps psys"}));
}

TEST(Powercap, LeavesOutTheOneCoreThatAmdsZoneCounts) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.add("intel-rapl:0:0", "core", 5);
  EXPECT_EQ(names(find_zones(tree.sysfs(), "AuthenticAMD")), Names{"package-0"});
}

TEST(Powercap, WithoutCountersSaysWhatWouldBringThem) {
  const PowercapTree tree;
  const Found found = find(tree);
  ASSERT_TRUE(found.counters.empty());
  EXPECT_NE(found.unusable.front().reason.find("no RAPL counter under " + tree.sysfs().string()),
            std::string::npos);
  EXPECT_NE(found.unusable.front().remedy.find("modprobe intel_rapl_msr"), std::string::npos);
  EXPECT_FALSE(found.unusable.front().present);
}

TEST(Powercap, WithoutPermissionGivesTheExactRemedy) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  std::filesystem::permissions(tree.energy("intel-rapl:0"), std::filesystem::perms::owner_write);
  const AsNobody nobody;
  const Found found = find(tree);
  ASSERT_TRUE(found.counters.empty());
  const Unusable& why = found.unusable.front();
  EXPECT_NE(why.reason.find("intel-rapl:0/energy_uj: Permission denied"), std::string::npos);
  EXPECT_NE(why.reason.find("CVE-2020-8694"), std::string::npos);
  EXPECT_TRUE(why.present);
  const std::string root = tree.sysfs().string() + "/class/powercap";
  EXPECT_TRUE(why.remedy.starts_with("sudo chmod a+r " + root + "/intel-rapl:*/energy_uj ")) << why.remedy;
}

TEST(Powercap, AFolderThatCannotBeListedIsNotTakenForEmpty) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  std::filesystem::permissions(tree.sysfs() / "class", std::filesystem::perms::none);
  {
    const AsNobody nobody;
    EXPECT_NE(names(find(tree)).front().find("class/powercap: Permission denied"), std::string::npos);
  }
  std::filesystem::permissions(tree.sysfs() / "class", std::filesystem::perms::owner_all);
}

TEST(Powercap, AContainerThatHidesTheCountersIsRecognised) {
  PowercapTree tree;
  std::filesystem::create_directories(tree.sysfs() / "class" / "powercap");
  std::filesystem::create_symlink("../../devices/virtual/powercap/intel-rapl/intel-rapl:0",
                                  tree.folder("intel-rapl:0"));
  const Found found = find(tree);
  ASSERT_TRUE(found.counters.empty());
  EXPECT_NE(found.unusable.front().remedy.find("container"), std::string::npos);
}

TEST(Powercap, APackageWithoutItsDramIsNotEnough) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.add("intel-rapl:0:0", "dram", 10);
  std::filesystem::remove(tree.energy("intel-rapl:0:0"));
  const Found found = find(tree);
  EXPECT_NE(names(found).front().find("intel-rapl:0:0/energy_uj: No such file"), std::string::npos);
  EXPECT_TRUE(found.unusable.front().present);
}

TEST(Powercap, AnUnreadablePartOfAPackageIsLeftOutAndSaid) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.add("intel-rapl:0:0", "core", 10);
  tree.add("intel-rapl:1", "psys", 10);
  tree.break_file(tree.energy("intel-rapl:0:0"));
  tree.break_file(tree.energy("intel-rapl:1"));
  const Found found = find(tree);
  EXPECT_EQ(names(found), Names{"package-0"});
  ASSERT_EQ(found.unusable.size(), 2u);
  EXPECT_NE(found.unusable[0].reason.find("intel-rapl:0:0/energy_uj: Input/output error"), std::string::npos);
  EXPECT_FALSE(found.unusable[0].present) << "nothing is missing in the sum";
  EXPECT_FALSE(found.unusable[1].present);
}

TEST(Powercap, ACounterThatReturnsAnErrorIsNamed) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.break_file(tree.energy("intel-rapl:0"));
  EXPECT_NE(names(find(tree)).front().find("energy_uj: Input/output error"), std::string::npos);
}

TEST(Powercap, ARangeOfZeroOrNoneIsRefused) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10, 0);
  EXPECT_NE(names(find(tree)).front().find("has no range"), std::string::npos);
  std::filesystem::remove(tree.folder("intel-rapl:0") / "max_energy_range_uj");
  EXPECT_NE(names(find(tree)).front().find("max_energy_range_uj: No such file"), std::string::npos);
}

}  // namespace
}  // namespace sm2::meter::rapl
