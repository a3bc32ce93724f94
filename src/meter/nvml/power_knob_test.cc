#include "meter/nvml/power_knob.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "testing/nvml/standin.h"

namespace sm2::meter::nvml {
namespace {

namespace fs = std::filesystem;

using base::Watts;
using sm2::testing::NvmlStandin;

DomainInfo gpu(int number) {
  DomainInfo info;
  info.name = "gpu-" + std::to_string(number);
  info.source = "nvml";
  info.id = "GPU-" + std::to_string(number);
  return info;
}

class PowerKnobTest : public ::testing::Test {
 protected:
  PowerKnobTest() {
    std::string name = fs::temp_directory_path() / "sm2-knob-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    ::setenv("XDG_STATE_HOME", folder_.c_str(), 1);
    settings_.nvml_library = NvmlStandin::kLibrary;
  }
  ~PowerKnobTest() override {
    ::unsetenv("XDG_STATE_HOME");
    fs::remove_all(folder_);
  }

  base::Result<PowerKnob> open(std::vector<DomainInfo> domains) {
    return PowerKnob::open(settings_, std::move(domains), standin_.clock(), [](const std::string&) {});
  }
  Watts limit(const std::string& uuid) {
    const auto library = Library::open(NvmlStandin::kLibrary, standin_.clock()).value();
    return Watts(library->power_limit_mw(library->by_uuid(uuid).value()).value() / 1000.0);
  }

  fs::path folder_;
  Settings settings_;
  NvmlStandin standin_{"gpu\n uuid GPU-0\n limits 100 400 400 300\ngpu\n uuid GPU-1\n limits 140 500 500\n"};
};

TEST_F(PowerKnobTest, OffersLimitsFromTheLowestThatAllAllowToTheLowestThatOneHas) {
  const auto knob = open({gpu(0), gpu(1)}).value();
  EXPECT_EQ(knob.limits(), (std::vector<Watts>{Watts(140), Watts(160), Watts(180), Watts(200), Watts(220),
                                               Watts(240), Watts(260), Watts(280), Watts(300)}));
}

TEST_F(PowerKnobTest, TurnsAllGpusAndPutsThemBackAsTheyWere) {
  {
    auto knob = open({gpu(0), gpu(1)}).value();
    for (const double watts : {300.0, 160.0, 240.0}) {
      ASSERT_TRUE(knob.set(Watts(watts)));
      EXPECT_EQ(limit("GPU-0"), Watts(watts));
      EXPECT_EQ(limit("GPU-1"), Watts(watts));
    }
    knob.restore();
    EXPECT_EQ(limit("GPU-0"), Watts(300));
    EXPECT_EQ(limit("GPU-1"), Watts(500));
    ASSERT_TRUE(knob.set(Watts(160)));
  }
  EXPECT_EQ(limit("GPU-0"), Watts(300));
  EXPECT_EQ(limit("GPU-1"), Watts(500));
}

TEST_F(PowerKnobTest, ALimitThatOneGpuRefusesChangesNone) {
  auto knob = open({gpu(0), gpu(1)}).value();
  EXPECT_FALSE(knob.set(Watts(120)));
  EXPECT_EQ(limit("GPU-0"), Watts(300));
  EXPECT_EQ(limit("GPU-1"), Watts(500));
}

TEST_F(PowerKnobTest, WithoutAGpuThereIsNone) {
  DomainInfo processor = gpu(0);
  processor.source = "cpu-model";
  EXPECT_EQ(open({processor}).error().message, "there is no NVIDIA GPU whose power could be limited");
}

}  // namespace
}  // namespace sm2::meter::nvml
