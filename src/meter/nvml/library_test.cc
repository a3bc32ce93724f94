#include "meter/nvml/library.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include "meter/nvml/device.h"
#include "testing/nvml/standin.h"

namespace sm2::meter::nvml {
namespace {

using base::Seconds;
using sm2::testing::NvmlStandin;

TEST(NvmlLibrary, ThatIsMissingIsSaidToBe) {
  const sm2::testing::FakeClock clock;
  const auto library = Library::open("libnvidia-ml-that-is-nowhere.so.1", clock);
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().reason,
            "libnvidia-ml-that-is-nowhere.so.1 cannot be opened (no NVIDIA driver here)");
  EXPECT_NE(library.error().remedy, "");
  EXPECT_FALSE(library.error().present);
}

TEST(NvmlLibrary, ThatIsAnotherLibraryIsRefused) {
  const sm2::testing::FakeClock clock;
  const auto library = Library::open("libm.so.6", clock);
  ASSERT_FALSE(library);
  EXPECT_EQ(library.error().reason, "libm.so.6 is not NVML, or too old a version of it");
}

TEST(NvmlLibrary, SaysWhyItDoesNotStartAndWhatWouldHelp) {
  struct Case {
    const char* code;
    const char* reason;
    const char* remedy;
    bool present;
  };
  for (const Case& one : {Case{"DRIVER_NOT_LOADED", "not loaded", "modprobe nvidia", false},
                          Case{"LIB_RM_VERSION_MISMATCH", "different versions", "restart the machine", true},
                          Case{"NO_PERMISSION", "no permission", "/dev/nvidia", true},
                          Case{"UNKNOWN", "the driver failed", "dmesg", true},
                          Case{"12345", "NVML error 12345", "dmesg", true}}) {
    const NvmlStandin standin(std::string("at 0 nvmlInit_v2 ") + one.code + "\ngpu\n");
    const auto library = Library::open(NvmlStandin::kLibrary, standin.clock());
    ASSERT_FALSE(library) << one.code;
    EXPECT_NE(library.error().reason.find(one.reason), std::string::npos) << library.error().reason;
    EXPECT_NE(library.error().remedy.find(one.remedy), std::string::npos) << library.error().remedy;
    EXPECT_EQ(library.error().present, one.present) << one.code;
  }
}

class OpenLibrary : public ::testing::Test {
 protected:
  Library& open(const std::string& script) {
    standin_ = std::make_unique<NvmlStandin>(script);
    library_ = Library::open(NvmlStandin::kLibrary, standin_->clock()).value();
    return *library_;
  }

  std::unique_ptr<NvmlStandin> standin_;
  std::shared_ptr<Library> library_;
};

TEST_F(OpenLibrary, ReadsFactsInRawUnits) {
  Library& nvml = open(R"(
gpu
gpu
  name NVIDIA H100 80GB HBM3
  uuid GPU-1234
  pci 00000000:3B:00.0
  architecture hopper
  power constant 250.5
  instant 25
  limits 200 700 700 650
)");
  EXPECT_EQ(nvml.count().value(), 2u);
  const Handle gpu = nvml.by_index(1).value();
  EXPECT_EQ(nvml.by_uuid("GPU-1234").value(), gpu);
  EXPECT_EQ(nvml.uuid(gpu).value(), "GPU-1234");
  EXPECT_EQ(nvml.name(gpu).value(), "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(nvml.pci_address(gpu).value(), "00000000:3B:00.0");
  EXPECT_EQ(nvml.architecture(gpu).value(), 9u);
  standin_->advance(Seconds(10.04));
  EXPECT_EQ(nvml.total_energy_mj(gpu).value(), 1'000'000u + 2'505'000u) << "stepped every 100 ms";
  EXPECT_EQ(nvml.field(gpu, Field::kTotalEnergy).value(), 1'000'000u + 2'505'000u);
  EXPECT_EQ(nvml.field(gpu, Field::kInstantPower).value(), 250'500u);
  EXPECT_EQ(nvml.power_mw(gpu).value(), 250'500u);
  EXPECT_EQ(nvml.power_limit_mw(gpu).value(), 650'000u);
  EXPECT_EQ(nvml.power_limit_range(gpu).value().min_mw, 200'000u);
  EXPECT_EQ(nvml.power_limit_range(gpu).value().max_mw, 700'000u);
  EXPECT_EQ(nvml.default_power_limit_mw(gpu).value(), 700'000u);
}

TEST_F(OpenLibrary, SaysWhatAGpuDoesNotOffer) {
  Library& nvml = open("gpu\n counter off\n average off\n");
  const Handle gpu = nvml.by_index(0).value();
  EXPECT_EQ(nvml.total_energy_mj(gpu).error(), Code::kNotSupported);
  EXPECT_EQ(nvml.power_mw(gpu).error(), Code::kNotSupported);
  EXPECT_EQ(nvml.field(gpu, Field::kInstantPower).error(), Code::kNotSupported);
  EXPECT_EQ(nvml.power_limit_mw(gpu).error(), Code::kNotSupported);
  EXPECT_EQ(nvml.by_uuid("GPU-none").error(), Code::kNotFound);
}

TEST_F(OpenLibrary, TakesTheEnergyFromTheFieldWhereTheFunctionIsMissing) {
  Library& nvml = open("gpu\n at 0 nvmlDeviceGetTotalEnergyConsumption FUNCTION_NOT_FOUND\n");
  EXPECT_EQ(nvml.total_energy_mj(nvml.by_index(0).value()).value(), 1'000'000u);
}

TEST_F(OpenLibrary, ReadsWhatProcessesUseOnlyOnce) {
  Library& nvml = open("gpu\n process 4711 60\n process 12 0\n process 13 4000000000\n");
  const Handle gpu = nvml.by_index(0).value();
  const auto uses = nvml.process_use(gpu, 0).value();
  ASSERT_EQ(uses.size(), 2u) << "more than 100 % is garbage";
  EXPECT_EQ(uses[0].pid, 4711u);
  EXPECT_EQ(uses[0].sm_percent, 60u);
  EXPECT_TRUE(nvml.process_use(gpu, uses[0].at_us).value().empty());
}

// The truth that everything is compared with, against figures worked out by hand.
TEST(NvmlStandin, KnowsTheTrueJoules) {
  struct Case {
    const char* power;
    double from, to, joules;
  };
  for (const Case& one :
       {Case{"constant 100", 1, 3.5, 250}, Case{"square 50 300 2 0.25", 0, 0.5, 0.125 * 300 + 0.375 * 50},
        Case{"square 50 300 2 0.25", 10.1, 10.2, 0.025 * 300 + 0.075 * 50}, Case{"ramp 0 100 10", 0, 10, 500},
        Case{"ramp 0 100 10", 5, 12, 375 + 200}, Case{"bursts 10 110 2 0.5 3", 0, 20, 200 + 10 * 50},
        Case{"points 1:0 3:200 3:50 5:50", 0, 6, 200 + 150}, Case{"points 1:100", -1, 1, 200},
        Case{"constant 20\n power square 0 100 50 0.5", 0, 1, 70}}) {
    const NvmlStandin standin(std::string("gpu\n power ") + one.power + "\n");
    EXPECT_NEAR(standin.true_joules(Seconds(one.from), Seconds(one.to)).value, one.joules, 1e-9) << one.power;
  }
}

TEST(NvmlStandin, RefusesAScriptThatIsWrong) {
  for (const char* wrong :
       {"gpu\n pwoer constant 1\n", "gpu\n power constant\n", "gpu\n power constant 1 2\n", "name x\n"})
    EXPECT_THROW(NvmlStandin{wrong}, std::runtime_error) << wrong;
}

TEST_F(OpenLibrary, IsRevivedAfterAReloadOfTheDriverAtMostOnceASecond) {
  Library& nvml =
      open("reload 5\nat 5 nvmlInit_v2 DRIVER_NOT_LOADED until 5.5\ngpu\n uuid GPU-1\n power constant 100\n");
  Device device(library_, nvml.by_index(0).value(), "GPU-1");
  standin_->advance(Seconds(5.1));
  EXPECT_EQ(device.energy_mj().error(), Code::kUninitialized);
  standin_->advance(Seconds(0.5));
  EXPECT_EQ(device.energy_mj().error(), Code::kUninitialized) << "tried half a second ago";
  EXPECT_EQ(nvml.generation(), 1u);
  standin_->advance(Seconds(0.5));
  EXPECT_EQ(device.energy_mj().value(), 110'000u + Device::kReload)
      << "counts from the reload, by a new handle";
  EXPECT_EQ(nvml.generation(), 2u);
}

}  // namespace
}  // namespace sm2::meter::nvml
