#include "meter/nvml/visible_devices.h"

#include <gtest/gtest.h>

namespace sm2::meter::nvml {
namespace {

const std::vector<Identity> kGpus = {{"GPU-aaaa1111", {}},
                                     {"GPU-aaaa2222", {"MIG-7711", "MIG-7722"}},
                                     {"", {}},  // lost
                                     {"GPU-bbbb", {}}};

std::vector<Visible> seen(const char* list) { return visible_devices(list, kGpus).devices; }
std::vector<Visible> whole(std::initializer_list<std::size_t> gpus) {
  std::vector<Visible> devices;
  for (const std::size_t gpu : gpus) devices.push_back({gpu, {}});
  return devices;
}

TEST(VisibleDevices, AllWithoutTheVariableAndNoneWhenItIsEmpty) {
  EXPECT_EQ(visible_devices({}, kGpus).devices, whole({0, 1, 2, 3}));
  for (const char* none : {"", "  ", "-1"}) {
    EXPECT_EQ(seen(none), whole({})) << none;
    EXPECT_EQ(visible_devices(none, kGpus).invalid, std::nullopt) << none;
  }
}

TEST(VisibleDevices, TakesIndicesInTheirOrderAndEachOnce) {
  EXPECT_EQ(seen("3,1"), whole({3, 1}));
  EXPECT_EQ(seen(" 0 , 2 "), whole({0, 2}));
  EXPECT_EQ(seen("1,1,0"), whole({1, 0}));
}

TEST(VisibleDevices, TakesUuidsAndTheirUniqueBeginnings) {
  EXPECT_EQ(seen("GPU-bbbb,GPU-aaaa1"), whole({3, 0}));
  EXPECT_EQ(seen("MIG-772"), (std::vector<Visible>{{1, 1}}));
  EXPECT_EQ(seen("MIG-7711,0"), (std::vector<Visible>{{1, 0}, {0, {}}}));
}

TEST(VisibleDevices, TheListEndsAtTheFirstInvalidEntryWhichIsNamed) {
  EXPECT_EQ(seen("0,2,-1,1"), whole({0, 2})) << "NVIDIA's own example";
  EXPECT_EQ(visible_devices("0,-1,1", kGpus).invalid, std::nullopt);
  for (const char* wrong :
       {"4", "GPU-aaaa", "GPU-cccc", "MIG-77", "NoDevFiles", "1x", "99999999999999999999", "-2", ""}) {
    const Visibility visible = visible_devices(std::string("3,") + wrong + ",0", kGpus);
    EXPECT_EQ(visible.devices, whole({3})) << wrong;
    EXPECT_EQ(visible.invalid, wrong);
  }
}

TEST(VisibleDevices, AWholeUuidIsMeantEvenIfAnotherBeginsWithIt) {
  const std::vector<Identity> gpus = {{"GPU-1", {}}, {"GPU-12", {}}};
  EXPECT_EQ(visible_devices("GPU-1", gpus).devices, whole({0}));
}

}  // namespace
}  // namespace sm2::meter::nvml
