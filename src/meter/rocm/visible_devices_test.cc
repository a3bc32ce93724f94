#include "meter/rocm/visible_devices.h"

#include <gtest/gtest.h>

namespace sm2::meter::rocm {
namespace {

using Devices = std::vector<std::size_t>;

const std::vector<std::uint64_t> kIds = {0x123456789abcdef0, 0x1234000000000001, 0, 0x00000000deadbeef};

TEST(RocmVisibleDevicesTest, TakesIndicesInTheirOrder) {
  EXPECT_EQ(visible_devices("0", kIds), Devices({0}));
  EXPECT_EQ(visible_devices("3, 1", kIds), Devices({3, 1}));
  EXPECT_EQ(visible_devices("0x2", kIds), Devices({2}));
  EXPECT_EQ(visible_devices("", kIds), Devices());
}

TEST(RocmVisibleDevicesTest, TakesUniqueIdsAndTheirFirstDigits) {
  EXPECT_EQ(visible_devices("GPU-123456789abcdef0", kIds), Devices({0}));
  EXPECT_EQ(visible_devices("gpu-12345,GPU-00000000DEADBEEF", kIds), Devices({0, 3}));
  EXPECT_EQ(visible_devices("2,GPU-123400", kIds), Devices({2, 1}));
}

TEST(RocmVisibleDevicesTest, EndsAtTheFirstThatNamesNoSingleNewDevice) {
  EXPECT_EQ(visible_devices("1,4,0", kIds), Devices({1}));
  EXPECT_EQ(visible_devices("1,-1,0", kIds), Devices({1}));
  EXPECT_EQ(visible_devices("1,1,0", kIds), Devices({1}));
  EXPECT_EQ(visible_devices("1,x", kIds), Devices({1}));
  EXPECT_EQ(visible_devices("1,,0", kIds), Devices({1}));
  EXPECT_EQ(visible_devices("GPU-1234", kIds), Devices()) << "two begin so";
  EXPECT_EQ(visible_devices("GPU-", kIds), Devices());
  EXPECT_EQ(visible_devices("GPU-0000000000000000", kIds), Devices())
      << "an id that is not known matches nothing";
}

}  // namespace
}  // namespace sm2::meter::rocm
