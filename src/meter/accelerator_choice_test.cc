#include "meter/accelerator_choice.h"

#include <gtest/gtest.h>

namespace sm2::meter {
namespace {

using trial::Vendor;

Accelerator gpu(const std::string& index, const std::string& uuid) {
  Accelerator one;
  one.device = {"gpu-" + index, uuid, Vendor::kNvidia, "gpu 0000:0" + index + ":00.0"};
  one.model = "A100";
  one.spelled = {index};
  return one;
}

Accelerator instance(const std::string& mig, const std::string& uuid) {
  Accelerator one = gpu("2", uuid);
  one.device.name += "/mig-" + mig;
  one.device.part += "/mig-" + mig;
  one.spelled = {"2", "gpu-2", "GPU-c", "gpu 0000:02:00.0"};
  one.instance = true;
  return one;
}

Accelerator amd(const std::string& index) {
  Accelerator one;
  one.device = {"amdgpu-" + index, "GPU-00000000001a2b3c", Vendor::kAmd, "gpu 0000:c1:00.0"};
  one.model = "MI300X";
  one.spelled = {index};
  return one;
}

const std::vector<Accelerator> kMachine = {gpu("0", "GPU-aa"), gpu("1", "GPU-ab"), instance("0", "MIG-x"),
                                           instance("1", "MIG-y")};

std::string chosen(const std::vector<std::string>& use, const std::vector<Accelerator>& all = kMachine) {
  const auto found = choose(all, use);
  if (!found) return found.error().message;
  trial::Devices devices;
  for (const Accelerator& one : *found) devices.push_back(one.device);
  return trial::names(devices);
}

TEST(AcceleratorChoice, IsAllThatAreVisibleUnlessSomeAreNamed) {
  EXPECT_EQ(chosen({}), "gpu-0, gpu-1, gpu-2/mig-0, gpu-2/mig-1");
  auto machine = kMachine;
  machine[0].visible = false;
  EXPECT_EQ(chosen({}, machine), "gpu-1, gpu-2/mig-0, gpu-2/mig-1");
}

TEST(AcceleratorChoice, TakesEveryWayToNameOne) {
  for (const char* name : {"GPU-ab", "1", "gpu-1", "0000:01:00.0", "00000000:01:00.0", "01:00.0"})
    EXPECT_EQ(chosen({name}), "gpu-1") << name;
  EXPECT_EQ(chosen({"MIG-y"}), "gpu-2/mig-1");
  EXPECT_EQ(chosen({"gpu-2/mig-0"}), "gpu-2/mig-0");
  EXPECT_EQ(chosen({"MIG-x", "1"}), "gpu-1, gpu-2/mig-0");
}

TEST(AcceleratorChoice, TakesABeginningThatOnlyOneHas) {
  const std::vector<Accelerator> machine = {gpu("0", "GPU-abc"), gpu("1", "GPU-abd")};
  EXPECT_EQ(chosen({"GPU-abd"}, machine), "gpu-1");
  EXPECT_EQ(chosen({"GPU-ab"}, machine),
            "'GPU-ab' is more than one GPU here; there is gpu-0 GPU-abc (A100), gpu-1 GPU-abd (A100)");
  EXPECT_NE(chosen({"GPU-"}, machine).find("is no GPU here"), std::string::npos);
}

TEST(AcceleratorChoice, AGpuInMigModeIsItsInstances) {
  for (const char* name : {"2", "gpu-2", "GPU-c", "0000:02:00.0"})
    EXPECT_EQ(chosen({name}), "gpu-2/mig-0, gpu-2/mig-1") << name;
}

TEST(AcceleratorChoice, SaysWhatIsWrong) {
  EXPECT_EQ(chosen({"7"}, {gpu("0", "GPU-aa")}), "'7' is no GPU here; there is gpu-0 GPU-aa (A100)");
  EXPECT_EQ(chosen({""}, {}), "'' is no GPU here; there is none");
  EXPECT_EQ(chosen({"0", "GPU-aa"}), "'GPU-aa' names gpu-0 a second time");
  EXPECT_EQ(
      chosen({"0"}, {gpu("0", "GPU-aa"), amd("0")}),
      "'0' is more than one GPU here; there is gpu-0 GPU-aa (A100), amdgpu-0 GPU-00000000001a2b3c (MI300X)");
  auto machine = kMachine;
  machine[1].visible = false;
  EXPECT_EQ(chosen({"1"}, machine), "'1' is hidden by CUDA_VISIBLE_DEVICES; leave it out of one of the two");
}

}  // namespace
}  // namespace sm2::meter
