// Through stand-ins for the vendors' libraries (testing/nvml, testing/rocm).
#include "meter/accelerators.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "testing/nvml/standin.h"
#include "testing/sysfs_tree.h"

namespace sm2::meter {
namespace {

using sm2::testing::NvmlStandin;
using trial::Vendor;

constexpr const char* kTwoAndMig = R"(
gpu
  name NVIDIA A
  uuid GPU-a
gpu
  uuid GPU-b
  mig 0 MIG-x 2
  mig 2 MIG-y 3
gpu
  uuid GPU-c
)";

std::vector<std::string> described(const std::vector<Accelerator>& all) {
  std::vector<std::string> lines;
  for (const Accelerator& one : all)
    lines.push_back(fmt::format("{} {} {}{}", one.device.name, one.device.id, one.device.part,
                                one.visible ? "" : " hidden"));
  return lines;
}

Settings settings_of(const NvmlStandin& standin, std::optional<std::string> visible = {}) {
  Settings settings = standin.settings();
  settings.sysfs = "/nowhere";
  settings.cuda_visible_devices = std::move(visible);
  return settings;
}

TEST(Accelerators, AGpuInMigModeIsItsInstances) {
  const NvmlStandin standin(kTwoAndMig);
  const auto all = find_accelerators(settings_of(standin), standin.clock());
  EXPECT_EQ(described(all), (std::vector<std::string>{
                                "gpu-0 GPU-a gpu 0000:00:00.0", "gpu-1/mig-0 MIG-x gpu 0000:01:00.0/mig-0",
                                "gpu-1/mig-2 MIG-y gpu 0000:01:00.0/mig-2", "gpu-2 GPU-c gpu 0000:02:00.0"}));
  EXPECT_EQ(all[0].model, "NVIDIA A");
  EXPECT_FALSE(all[0].instance);
  EXPECT_TRUE(all[1].instance);
  EXPECT_EQ(all[1].spelled, (std::vector<std::string>{"1", "gpu-1", "GPU-b", "gpu 0000:01:00.0"}));
}

TEST(Accelerators, WhatTheCallerHidesIsHidden) {
  const NvmlStandin standin(kTwoAndMig);
  const auto visible = [&](const char* list) {
    std::string names;
    for (const Accelerator& one : find_accelerators(settings_of(standin, list), standin.clock()))
      names += one.visible ? one.device.name + " " : "";
    return names;
  };
  EXPECT_EQ(visible("2"), "gpu-2 ");
  EXPECT_EQ(visible("MIG-y,GPU-a"), "gpu-0 gpu-1/mig-2 ");
  EXPECT_EQ(visible("GPU-b"), "gpu-1/mig-0 gpu-1/mig-2 ");
  EXPECT_EQ(visible(""), "");
}

TEST(Accelerators, SayWhenTheyAreLost) {
  NvmlStandin standin(
      "gpu\n uuid GPU-a\n at 5 * GPU_IS_LOST\ngpu\n uuid GPU-b\n average off\ngpu\n at 0 * GPU_IS_LOST\n");
  const auto all = find_accelerators(settings_of(standin), standin.clock());
  ASSERT_EQ(all.size(), 2u) << "one that does not answer is left out";
  EXPECT_EQ(all[0].lost(), std::nullopt);
  standin.advance(base::Seconds(6));
  ASSERT_TRUE(all[0].lost());
  EXPECT_NE(all[0].lost()->find("the GPU is lost"), std::string::npos);
  EXPECT_EQ(all[1].lost(), std::nullopt) << "it does not say its power, and is there";
}

TEST(Accelerators, WithoutADriverThereAreNone) {
  Settings settings;
  settings.nvml_library = "libno-such-driver.so";
  settings.sysfs = "/nowhere";
  EXPECT_TRUE(find_accelerators(settings, sm2::testing::FakeClock()).empty());
}

TEST(Accelerators, MetersReadWhatIsChosen) {
  const Settings settings =
      only({}, {{"gpu-1", "GPU-b", Vendor::kNvidia, ""}, {"gpu-0/mig-1", "MIG-x", Vendor::kNvidia, ""}});
  EXPECT_EQ(settings.cuda_visible_devices, "GPU-b,MIG-x");
  EXPECT_EQ(settings.rocr_visible_devices, "-1");
}

class RocmAcceleratorsTest : public ::testing::Test {
 protected:
  RocmAcceleratorsTest() {
    tree_.write(tree_.sysfs() / "class/drm/card0/device/vendor", "0x1002");
    settings_.sysfs = tree_.sysfs();
    settings_.rocm_library = SM2_ROCM_STANDIN;
    settings_.nvml_library = "libno-such-driver.so";
    library_ = ::dlopen(SM2_ROCM_STANDIN, RTLD_NOW);
  }
  std::vector<Accelerator> find(const char* script) {
    reinterpret_cast<void (*)(const char*)>(::dlsym(library_, "sm2_standin_script"))(script);
    return find_accelerators(settings_, clock_);
  }
  void set_time(double seconds) {
    reinterpret_cast<void (*)(double)>(::dlsym(library_, "sm2_standin_time"))(seconds);
  }

  sm2::testing::SysfsTree tree_;
  sm2::testing::FakeClock clock_;
  Settings settings_;
  void* library_;
};

TEST_F(RocmAcceleratorsTest, GpusAreKnownByTheirUniqueIds) {
  settings_.rocr_visible_devices = "GPU-2b";
  const auto all = find(
      "gpu MI300X\n unique_id 1a\n pci 0000:c1:00.0\n watts 0:100\n"
      "gpu MI300X\n unique_id 2b00000000000000\n pci 0000:c2:00.0\n watts 0:100\n fail 10 5\n");
  EXPECT_EQ(described(all), (std::vector<std::string>{"amdgpu-0 GPU-000000000000001a gpu 0000:c1:00.0 hidden",
                                                      "amdgpu-1 GPU-2b00000000000000 gpu 0000:c2:00.0"}));
  EXPECT_EQ(all[0].device.vendor, Vendor::kAmd);
  EXPECT_EQ(all[1].lost(), std::nullopt);
  set_time(6);
  EXPECT_TRUE(all[1].lost());
}

TEST_F(RocmAcceleratorsTest, PartitionsOfOneAreKnownByTheirIndices) {
  const auto all = find("gpu MI300X\n unique_id 1a\n watts 0:100\ngpu MI300X\n unique_id 1a\n watts 0:100\n");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].device.id, "0");
  EXPECT_EQ(all[1].device.id, "1");
}

}  // namespace
}  // namespace sm2::meter
