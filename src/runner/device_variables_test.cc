#include "runner/device_variables.h"

#include <gtest/gtest.h>

namespace sm2::runner {
namespace {

using trial::Vendor;

const trial::Device kGpu{"gpu-1", "GPU-b", Vendor::kNvidia, "gpu 0000:02:00.0"};
const trial::Device kMig{"gpu-0/mig-2", "MIG-c", Vendor::kNvidia, "gpu 0000:01:00.0/mig-2"};
const trial::Device kAmd{"amdgpu-0", "GPU-00000000001a2b3c", Vendor::kAmd, "gpu 0000:c1:00.0"};
const trial::Device kOtherAmd{"amdgpu-3", "3", Vendor::kAmd, "gpu 0000:c4:00.0"};

using Variables = std::map<std::string, std::string>;

TEST(DeviceVariables, NvidiaGpusAreNamedByTheirUuids) {
  EXPECT_EQ(
      device_variables({kMig, kGpu}, {Vendor::kNvidia}),
      (Variables{{"CUDA_VISIBLE_DEVICES", "MIG-c,GPU-b"},
                 {"CUDA_DEVICE_ORDER", "PCI_BUS_ID"},
                 {"SM2_DEVICES", R"([{"name":"gpu-0/mig-2","id":"MIG-c"},{"name":"gpu-1","id":"GPU-b"}])"}}));
}

TEST(DeviceVariables, HipCountsWhatRocmLeaves) {
  const Variables all = device_variables({kAmd, kOtherAmd}, {Vendor::kAmd});
  EXPECT_EQ(all.at("ROCR_VISIBLE_DEVICES"), "GPU-00000000001a2b3c,3");
  EXPECT_EQ(all.at("HIP_VISIBLE_DEVICES"), "0,1");
  EXPECT_FALSE(all.contains("CUDA_VISIBLE_DEVICES"));
}

TEST(DeviceVariables, WhatIsNotItsOwnIsHidden) {
  const Variables nvidia = device_variables({kGpu}, {Vendor::kNvidia, Vendor::kAmd});
  EXPECT_EQ(nvidia.at("CUDA_VISIBLE_DEVICES"), "GPU-b");
  EXPECT_EQ(nvidia.at("ROCR_VISIBLE_DEVICES"), "-1");
  EXPECT_EQ(nvidia.at("HIP_VISIBLE_DEVICES"), "-1");
  const Variables none = device_variables({}, {Vendor::kNvidia, Vendor::kAmd});
  EXPECT_EQ(none.at("CUDA_VISIBLE_DEVICES"), "-1");
  EXPECT_EQ(none.at("ROCR_VISIBLE_DEVICES"), "-1");
  EXPECT_EQ(none.at("SM2_DEVICES"), "[]");
}

}  // namespace
}  // namespace sm2::runner
