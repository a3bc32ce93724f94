#include "meter/powercap.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "testing/powercap_tree.h"

namespace sm2::meter {
namespace {

using testing::PowercapTree;

std::vector<std::string> domains(const PowercapTree& tree) {
  const auto zones = find_zones(tree.sysfs());
  if (!zones) return {"unusable: " + zones.error().reason};
  std::vector<std::string> names;
  for (const Zone& zone : *zones) names.push_back(zone.domain);
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

TEST(Powercap, CountsEveryPackageAndItsDramOnceAndNothingInsideThem) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.add("intel-rapl:0:0", "core", 5);
  tree.add("intel-rapl:0:1", "uncore", 1);
  tree.add("intel-rapl:0:2", "dram", 3, 65'712'999'613);
  tree.add("intel-rapl:1", "package-1", 10);
  tree.add("intel-rapl:1:0", "dram", 3);
  tree.add("intel-rapl:2", "psys", 40);
  tree.add("intel-rapl-mmio:0", "package-0", 10);
  EXPECT_EQ(domains(tree), (std::vector<std::string>{"package-0", "dram-0", "package-1", "dram-1"}));
  EXPECT_EQ(find_zones(tree.sysfs())->at(1).highest_uj, 65'712'999'613u);
}

TEST(Powercap, NamesTheDiesOfAPackage) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0-die-1", 10);
  tree.add("intel-rapl:0:0", "dram", 10);
  EXPECT_EQ(domains(tree), (std::vector<std::string>{"package-0-die-1", "dram-0-die-1"}));
}

TEST(Powercap, CountsThePlatformOnlyWhereThereIsNoPackage) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "psys", 10);
  EXPECT_EQ(domains(tree), std::vector<std::string>{"psys"});
}

TEST(Powercap, WithoutCountersSaysWhatWouldBringThem) {
  const PowercapTree tree;
  const auto zones = find_zones(tree.sysfs());
  ASSERT_FALSE(zones);
  EXPECT_NE(zones.error().reason.find("no RAPL counter under " + tree.sysfs().string()), std::string::npos);
  EXPECT_NE(zones.error().remedy.find("modprobe intel_rapl_msr"), std::string::npos);
}

TEST(Powercap, WithoutPermissionGivesTheExactRemedy) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  std::filesystem::permissions(tree.energy("intel-rapl:0"), std::filesystem::perms::owner_write);
  const AsNobody nobody;
  const auto zones = find_zones(tree.sysfs());
  ASSERT_FALSE(zones);
  EXPECT_NE(zones.error().reason.find("intel-rapl:0/energy_uj: Permission denied"), std::string::npos);
  EXPECT_NE(zones.error().reason.find("CVE-2020-8694"), std::string::npos);
  const std::string root = tree.sysfs().string() + "/class/powercap";
  EXPECT_TRUE(zones.error().remedy.starts_with("sudo chmod a+r " + root + "/intel-rapl:*/energy_uj "))
      << zones.error().remedy;
}

TEST(Powercap, AFolderThatCannotBeListedIsNotTakenForEmpty) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  std::filesystem::permissions(tree.sysfs() / "class", std::filesystem::perms::none);
  const AsNobody nobody;
  EXPECT_NE(domains(tree).front().find("class/powercap: Permission denied"), std::string::npos);
}

TEST(Powercap, AContainerThatHidesTheCountersIsRecognised) {
  PowercapTree tree;
  std::filesystem::create_directories(tree.sysfs() / "class" / "powercap");
  std::filesystem::create_symlink("../../devices/virtual/powercap/intel-rapl/intel-rapl:0",
                                  tree.folder("intel-rapl:0"));
  const auto zones = find_zones(tree.sysfs());
  ASSERT_FALSE(zones);
  EXPECT_NE(zones.error().remedy.find("container"), std::string::npos);
}

TEST(Powercap, APackageWithoutItsDramIsNotEnough) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  tree.add("intel-rapl:0:0", "dram", 10);
  std::filesystem::remove(tree.energy("intel-rapl:0:0"));
  const auto zones = find_zones(tree.sysfs());
  ASSERT_FALSE(zones);
  EXPECT_NE(zones.error().reason.find("intel-rapl:0:0/energy_uj: No such file"), std::string::npos);
}

TEST(Powercap, ACounterThatReturnsAnErrorIsNamed) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10);
  std::filesystem::remove(tree.energy("intel-rapl:0"));
  std::filesystem::create_symlink("/proc/self/mem",
                                  tree.energy("intel-rapl:0"));  // reading it fails with EIO
  const auto zones = find_zones(tree.sysfs());
  ASSERT_FALSE(zones);
  EXPECT_NE(zones.error().reason.find("energy_uj: Input/output error"), std::string::npos);
}

TEST(Powercap, ARangeOfZeroOrNoneIsRefused) {
  PowercapTree tree;
  tree.add("intel-rapl:0", "package-0", 10, 0);
  EXPECT_NE(domains(tree).front().find("has no range"), std::string::npos);
  std::filesystem::remove(tree.folder("intel-rapl:0") / "max_energy_range_uj");
  EXPECT_NE(domains(tree).front().find("max_energy_range_uj: No such file"), std::string::npos);
}

TEST(Powercap, OnlyACountIsACount) {
  const PowercapTree tree;
  const auto file = tree.sysfs() / "energy_uj";
  const auto read = [&](const std::string& text) {
    PowercapTree::write(file, text);
    return read_counter(file);
  };
  EXPECT_EQ(read("0"), 0u);
  EXPECT_EQ(read("18446744073709551615"), 18446744073709551615u);
  for (const char* garbage : {"", "-5", "nan", "12abc", "1.5", " 7", "18446744073709551616"}) {
    const auto value = read(garbage);
    ASSERT_FALSE(value) << garbage;
    EXPECT_NE(value.error().message.find("'" + std::string(garbage) + "' is not a count"), std::string::npos);
  }
}

}  // namespace
}  // namespace sm2::meter
