#include "meter/rocm/dies.h"

#include <gtest/gtest.h>

namespace sm2::meter::rocm {
namespace {

using Containers = std::vector<std::optional<std::size_t>>;
constexpr auto kNone = std::nullopt;

Entry reading(const std::string& name, const std::string& pci = "") { return {name, pci, 0, true, false}; }
Entry silent(const std::string& name, const std::string& pci = "") { return {name, pci, 0, false, false}; }

TEST(RocmDiesTest, EverySecondDieOfAnMi250IsInItsNeighbour) {
  EXPECT_EQ(contained_in({reading("MI250X"), silent("MI250X"), reading("MI250X"), silent("MI250X")}),
            (Containers{kNone, 0, kNone, 2}));
  EXPECT_EQ(contained_in({silent("MI250X"), reading("MI250X"), silent("MI250X"), reading("MI250X")}),
            (Containers{1, kNone, 3, kNone}));
}

TEST(RocmDiesTest, OfOtherGpusOnlyOneWithoutPowerAndLimitIs) {
  EXPECT_EQ(contained_in({reading("MI210"), silent("MI210")}), (Containers{kNone, kNone}))
      << "it may be broken";
  Entry zero = silent("MI999");
  zero.zero = true;
  EXPECT_EQ(contained_in({reading("MI999"), zero}), (Containers{kNone, 0}));
  EXPECT_EQ(contained_in({zero, reading("MI210")}), (Containers{kNone, kNone}))
      << "another model, so another GPU";
}

TEST(RocmDiesTest, PartitionsOfAGpuAreInTheFirst) {
  EXPECT_EQ(contained_in({reading("MI300X", "0000:05:00.0"), reading("MI300X", "0000:05:00.1"),
                          silent("MI300X", "0000:05:00.2"), reading("MI300X", "0000:15:00.0")}),
            (Containers{kNone, 0, 0, kNone}));
}

TEST(RocmDiesTest, TheSameUniqueIdIsTheSameGpu) {
  Entry first = silent("GPU"), second = reading("GPU");
  first.unique_id = second.unique_id = 7;
  EXPECT_EQ(contained_in({first, second}), (Containers{1, kNone}));
}

}  // namespace
}  // namespace sm2::meter::rocm
