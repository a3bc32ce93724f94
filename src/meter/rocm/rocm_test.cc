// Through a stand-in for AMD's library (testing/rocm), whose path is SM2_ROCM_STANDIN.
#include "meter/rocm/rocm.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "meter/platform.h"
#include "testing/fake_clock.h"
#include "testing/sysfs_tree.h"

namespace sm2::meter::rocm {
namespace {

using base::Seconds;
using base::Watts;

const std::string kStandin = SM2_ROCM_STANDIN;
const std::string kStandin5 = std::filesystem::path(SM2_ROCM_STANDIN).replace_filename("librocm_smi64_5.so");

class RocmTest : public ::testing::Test {
 protected:
  RocmTest() {
    tree_.write(tree_.sysfs() / "class/drm/card0/device/vendor", "0x1002");
    settings_.sysfs = tree_.sysfs();
  }

  Discovery discover_script(const std::string& script, const std::string& library = kStandin) {
    settings_.rocm_library = library;
    void* const standin = ::dlopen(library.c_str(), RTLD_NOW);
    EXPECT_TRUE(standin) << library;
    set_time_ = reinterpret_cast<void (*)(double)>(::dlsym(standin, "sm2_standin_time"));
    reinterpret_cast<void (*)(const char*)>(::dlsym(standin, "sm2_standin_script"))(script.c_str());
    auto found = discover(settings_, "", clock_);
    set_time_(0);
    return found;
  }

  void advance(Seconds time) {
    clock_.advance(time);
    set_time_(clock_.monotonic().value);
  }

  // At 20 Hz, until `end`.
  void sample(Domain& domain, Seconds end) {
    while (clock_.monotonic() < end) {
      advance(Seconds(0.05));
      domain.sampled()->sample();
    }
  }

  sm2::testing::SysfsTree tree_;
  Settings settings_;
  sm2::testing::FakeClock clock_;
  void (*set_time_)(double) = nullptr;
};

constexpr const char* kMi300 =
    "gpu AMD Instinct MI300X\n unique_id 1a2b3c\n pci 0000:c1:00.0\n"
    "watts 0:100 10:700\n power current\n energy 15.3\n counts_from 4750896266\n cap 600 750\n";

TEST_F(RocmTest, AnEnergyCounterIsRead) {
  const auto found = discover_script(kMi300);
  ASSERT_EQ(found.domains.size(), 1u) << found.unusable.at(0).reason;
  EXPECT_TRUE(found.unusable.empty());
  const DomainInfo& info = found.domains[0]->info();
  EXPECT_EQ(info.name, "amdgpu-0");
  EXPECT_EQ(info.source, "rocm");
  EXPECT_EQ(info.method, "counter");
  EXPECT_EQ(info.part, gpu_part("0000:c1:00.0"));
  EXPECT_EQ(info.id, "GPU-00000000001a2b3c");
  EXPECT_EQ(info.power_limit, Watts(600));
  EXPECT_EQ(info.resolution, Seconds(0.001));
  EXPECT_EQ(found.domains[0]->sampled(), nullptr);
  const auto window = found.domains[0]->open({});
  advance(Seconds(10));
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_NEAR(reading.joules->value, 4000 * (1e6 / 65536) / 15.3, 0.01)
      << "a count is 2^-16 J, whatever is said";
  EXPECT_GE(reading.noise.value, 0.7) << "1 ms at 700 W";
  EXPECT_LE(reading.noise.value, 0.8);
  EXPECT_NEAR(reading.error.value, 0.05 * reading.joules->value, 1);
}

TEST_F(RocmTest, WithoutACounterPowerIsIntegrated) {
  const auto found = discover_script("gpu Radeon\n watts 0:50 2:50 2.001:250\n power current\n");
  ASSERT_EQ(found.domains.size(), 1u) << found.unusable.at(0).reason;
  Domain& gpu = *found.domains[0];
  EXPECT_EQ(gpu.info().method, "power");
  EXPECT_EQ(gpu.info().part, "gpu amd 0") << "its address is not known";
  const auto window = gpu.open({});
  sample(gpu, Seconds(30));
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_NEAR(reading.joules->value, 100 + 28 * 250, reading.error.value);
  EXPECT_LT(reading.error.value, 0.1 * 7100);
}

TEST_F(RocmTest, AnAverageIsKnownToLag) {
  const auto found = discover_script("gpu MI210\n watts 0:50 2:50 2.001:250\n power average 1\n", kStandin5);
  ASSERT_EQ(found.domains.size(), 1u) << found.unusable.at(0).reason;
  Domain& gpu = *found.domains[0];
  EXPECT_NE(gpu.info().description.find("assumed to be over 1 s"), std::string::npos)
      << gpu.info().description;
  const auto window = gpu.open({});
  sample(gpu, Seconds(2.5));
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_NEAR(reading.joules->value, 225, reading.error.value) << "only half of the step is seen yet";
  EXPECT_GT(reading.noise.value, 50);
}

TEST_F(RocmTest, ACounterThatStandsStillIsNotUsed) {
  const auto found = discover_script(
      "gpu MI100\n watts 0:200\n power average 1\n energy 15.3\n counts_from 8152136\n stuck\n");
  ASSERT_EQ(found.domains.size(), 1u) << found.unusable.at(0).reason;
  EXPECT_EQ(found.domains[0]->info().method, "power");
  EXPECT_NE(found.domains[0]->info().description.find("its energy counter stands still at 8152136"),
            std::string::npos);
  const auto nothing =
      discover_script("gpu MI100\n watts 0:200\n power none\n energy 15.3\n counts_from 8152136\n stuck\n");
  EXPECT_TRUE(nothing.domains.empty());
  ASSERT_EQ(nothing.unusable.size(), 1u);
  EXPECT_TRUE(nothing.unusable[0].present);
  EXPECT_EQ(nothing.unusable[0].reason,
            "amdgpu-0 (MI100): its energy counter stands still at 8152136, and rsmi_dev_power_get: not "
            "supported by the "
            "GPU or its driver (status 2)");
}

TEST_F(RocmTest, ACounterThatStopsMakesTheEnergyUnknown) {
  const auto found = discover_script(kMi300);
  const auto window = found.domains.at(0)->open({});
  advance(Seconds(1));
  ASSERT_TRUE(window->read().joules);
  clock_.advance(Seconds(2));  // the stand-in's time stays
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("rocm amdgpu-0: the energy counter has stood still at"), std::string::npos)
      << reading.note;
}

TEST_F(RocmTest, TheSecondDieOfAnMi250IsInsideTheFirst) {
  const std::string first =
      "gpu AMD Instinct MI250X\n watts 0:400\n power average 1\n energy 15.259\n"
      "counts_from 1e6\n cap 560 560\n pci 0000:c1:00.0\n";
  const std::string second =
      "gpu AMD Instinct MI250X\n watts 0:0\n power average 1\n energy 15.259\n cap 0 0\n"
      "pci 0000:c6:00.0\n";
  auto found = discover_script(first + second);
  ASSERT_EQ(found.domains.size(), 2u);
  EXPECT_TRUE(found.unusable.empty());
  EXPECT_EQ(found.domains[0]->info().inside, "");
  EXPECT_NE(found.domains[0]->info().description.find("amdgpu-1 is counted here too"), std::string::npos);
  EXPECT_EQ(found.domains[1]->info().inside, "amdgpu-0");
  EXPECT_EQ(found.domains[1]->info().part, gpu_part("0000:c6:00.0"));
  Platform platform(std::move(found.domains), {}, false);
  const auto window = platform.open({});
  advance(Seconds(10));
  const trial::Energy energy = window->read();
  ASSERT_EQ(energy.size(), 2u);
  EXPECT_NEAR(energy[0].joules.value().value, 4000, 1);
  EXPECT_TRUE(energy[0].counted);
  EXPECT_EQ(energy[1].joules, std::nullopt) << "never 0 J of its own";
  EXPECT_FALSE(energy[1].counted);
}

TEST_F(RocmTest, AProgramThatSeesOnlyTheSecondDieIsChargedTheCard) {
  settings_.rocr_visible_devices = "1";
  const auto found = discover_script(
      "gpu MI250\n watts 0:400\n power average 1\ngpu MI250\n watts 0:0\n power average\n"
      "gpu MI250\n watts 0:400\n power average 1\n");
  ASSERT_EQ(found.domains.size(), 2u);
  EXPECT_EQ(found.domains[0]->info().name, "amdgpu-0");
  EXPECT_EQ(found.domains[1]->info().inside, "amdgpu-0");
}

TEST_F(RocmTest, OnlyVisibleGpusCount) {
  const std::string three =
      "gpu A\n watts 0:100\n unique_id ab1\ngpu B\n watts 0:100\n unique_id ab2\n"
      "gpu C\n watts 0:100\n unique_id cd3\n";
  settings_.rocr_visible_devices = "GPU-0000000000000cd3,0";
  const auto found = discover_script(three);
  ASSERT_EQ(found.domains.size(), 2u);
  EXPECT_EQ(found.domains[0]->info().name, "amdgpu-0");
  EXPECT_EQ(found.domains[1]->info().name, "amdgpu-2");
  settings_.rocr_visible_devices = "";
  const auto none = discover_script(three);
  EXPECT_TRUE(none.domains.empty());
  EXPECT_EQ(none.unusable.at(0).reason, "ROCR_VISIBLE_DEVICES, '', leaves none of 3 GPUs");
}

TEST_F(RocmTest, WhereThereIsNoAmdGpuTheLibraryIsNotAsked) {
  tree_.write(tree_.sysfs() / "class/drm/card0/device/vendor", "0x10de");
  const auto found = discover_script("gpu Radeon\n watts 0:100\n");
  EXPECT_TRUE(found.domains.empty());
  EXPECT_EQ(found.unusable.at(0).reason,
            "no AMD GPU with a driver in " + (tree_.sysfs() / "class/drm").string());
  EXPECT_FALSE(found.unusable.at(0).present);
}

TEST_F(RocmTest, WithoutAGpuItStopsAtTheFailure) {
  const auto found = discover_script("init 8\n");  // the stand-in aborts when anything is called then
  EXPECT_TRUE(found.domains.empty());
  EXPECT_EQ(found.unusable.at(0).reason,
            "rsmi_init: initialisation failed (status 8): no AMD GPU, or no driver for it");
  EXPECT_EQ(found.unusable.at(0).remedy, "where there is one: sudo modprobe amdgpu");
  EXPECT_FALSE(found.unusable.at(0).present);
}

TEST_F(RocmTest, WithoutTheLibraryItSaysHowToGetIt) {
  settings_.rocm_library = "/no/librocm_smi64.so";
  const auto found = discover(settings_, "", clock_);
  EXPECT_TRUE(found.domains.empty());
  EXPECT_NE(found.unusable.at(0).reason.find("/no/librocm_smi64.so: cannot open"), std::string::npos);
  EXPECT_NE(found.unusable.at(0).remedy.find("sudo apt install librocm-smi64-1"), std::string::npos);
  settings_.rocm_library = "libm.so.6";
  EXPECT_EQ(discover(settings_, "", clock_).unusable.at(0).reason,
            "libm.so.6 is no ROCm SMI library: it lacks rsmi_init");
}

TEST_F(RocmTest, AGpuThatIsLostIsUnknownFromThenOn) {
  for (const char* kind : {"energy 15.259\n counts_from 1000\n", ""}) {
    clock_ = {};
    const auto found =
        discover_script(std::string("gpu Radeon\n watts 0:100\n power current\n fail 10 5\n") + kind);
    ASSERT_EQ(found.domains.size(), 1u);
    const auto window = found.domains[0]->open({});
    advance(Seconds(1));
    EXPECT_TRUE(window->read().joules) << window->read().note;
    advance(Seconds(5));
    const trial::Reading reading = window->read();
    EXPECT_EQ(reading.joules, std::nullopt);
    EXPECT_NE(reading.note.find("not found (status 10)"), std::string::npos) << reading.note;
  }
}

TEST_F(RocmTest, PermissionHasItsRemedyAndOtherGpusGoOn) {
  const auto found = discover_script("gpu A\n fail 4 0\ngpu B\n watts 0:100\n");
  ASSERT_EQ(found.domains.size(), 1u);
  EXPECT_EQ(found.domains[0]->info().name, "amdgpu-1");
  ASSERT_EQ(found.unusable.size(), 1u);
  EXPECT_TRUE(found.unusable[0].present);
  EXPECT_EQ(found.unusable[0].reason, "amdgpu-0 (AMD GPU): rsmi_dev_power_get: permission denied (status 4)");
  EXPECT_EQ(found.unusable[0].remedy, "sudo usermod -aG render,video $USER, and log in again");
}

TEST_F(RocmTest, NoWattsAreNoFigure) {
  const auto zero = discover_script("gpu A\n watts 0:0\n");
  EXPECT_TRUE(zero.domains.empty());
  EXPECT_EQ(zero.unusable.at(0).reason, "amdgpu-0 (A): it says that it uses 0 W, which cannot be");
  const auto later = discover_script("gpu A\n watts 0:100 1:100 1.1:0\n");
  const auto window = later.domains.at(0)->open({});
  advance(Seconds(2));
  EXPECT_EQ(window->read().joules, std::nullopt);
}

TEST_F(RocmTest, AnImplausiblePowerIsNoFigure) {
  const auto found = discover_script("gpu A\n watts 0:100 1:100 1.1:1000\n cap 300 400\n");
  const auto window = found.domains.at(0)->open({});
  advance(Seconds(2));
  EXPECT_EQ(window->read().joules, std::nullopt);
  EXPECT_NE(window->read().note.find("not plausible"), std::string::npos) << window->read().note;
}

}  // namespace
}  // namespace sm2::meter::rocm
