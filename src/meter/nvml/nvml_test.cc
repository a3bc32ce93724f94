#include "meter/nvml/nvml.h"

#include <gtest/gtest.h>

#include <cmath>

#include "testing/nvml/standin.h"

namespace sm2::meter::nvml {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using sm2::testing::NvmlStandin;

class NvmlTest : public ::testing::Test {
 protected:
  Discovery& find(const std::string& script, std::optional<std::string> visible = {}) {
    found_ = {};
    standin_ = std::make_unique<NvmlStandin>(script);
    return find_again(visible);
  }
  Discovery& find_again(std::optional<std::string> visible) {
    Settings settings = standin_->settings();
    settings.cuda_visible_devices = std::move(visible);
    found_ = discover(settings, "", standin_->clock());
    return found_;
  }
  Domain& only(const std::string& script) {
    find(script);
    EXPECT_EQ(found_.domains.size(), 1u);
    EXPECT_TRUE(found_.unusable.empty());
    return *found_.domains.at(0);
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& domain : found_.domains) names.push_back(domain->info().name);
    return names;
  }
  Seconds now() const { return standin_->clock().monotonic(); }

  // Time passes, and what must be sampled is.
  void run(Domain& domain, Seconds time) {
    const Seconds end = now() + time;
    while (domain.sampled() && now() < end) {
      const Seconds next = domain.sampled()->sample();
      standin_->advance(std::min(next, end - now()));
    }
    if (now() < end) standin_->advance(end - now());
  }

  std::unique_ptr<NvmlStandin> standin_;  // outlives the domains, which use its clock
  Discovery found_;
};

TEST_F(NvmlTest, DescribesAGpuThatCounts) {
  const DomainInfo& info = only(R"(
gpu
  name NVIDIA H100 80GB HBM3
  uuid GPU-1234
  pci 00000000:3B:00.0
  architecture hopper
  limits 200 700 700 650
  power constant 100
)")
                               .info();
  EXPECT_EQ(info.name, "gpu-0");
  EXPECT_EQ(info.source, "nvml");
  EXPECT_EQ(info.method, "counter");
  EXPECT_EQ(info.part, "gpu 0000:3b:00.0");
  EXPECT_EQ(info.id, "GPU-1234");
  EXPECT_EQ(info.quality, trial::Quality::kMeasured);
  EXPECT_EQ(info.power_limit, Watts(650));
  EXPECT_EQ(info.resolution, Seconds(0.1));
  EXPECT_EQ(info.relative_error, 0.05);
  EXPECT_EQ(info.description, "NVIDIA H100 80GB HBM3: its own energy counter, stepped every 100 ms");
}

// Any window of a counter is right within what the GPU may use in one step of it.
TEST_F(NvmlTest, ACounterIsWrongByAtMostItsResolution) {
  struct Case {
    const char* power;
    double highest;
  };
  for (const Case& one : {Case{"constant 150", 150}, Case{"idle 20", 20}, Case{"square 50 300 1 0.5", 300},
                          Case{"square 50 300 7 0.3", 300}, Case{"square 50 300 10 0.5", 300},
                          Case{"square 50 300 50 0.5", 300}, Case{"ramp 50 300 20", 300},
                          Case{"bursts 30 350 0.9 0.15", 350}, Case{"points 0:10 5:300 5:20 9:20", 300}}) {
    SCOPED_TRACE(one.power);
    for (const char* instant : {"off", "25"}) {
      Domain& gpu = only(std::string("gpu\n limits 100 400 400\n phase 37\n power ") + one.power +
                         "\n instant " + instant + "\n");
      run(gpu, Seconds(1.234));
      for (const double length : {0.35, 1.0, 3.21, 10.0}) {
        const Seconds begin = now();
        const auto window = gpu.open({});
        run(gpu, Seconds(length));
        const trial::Reading reading = window->read();
        ASSERT_TRUE(reading.joules) << reading.note;
        const double wrong = std::abs((*reading.joules - standin_->true_joules(begin, now())).value);
        EXPECT_LE(wrong, 0.1 * one.highest + 0.001) << length << " s";
        EXPECT_LE(wrong, reading.error.value) << length << " s";
        EXPECT_EQ(reading.method, "counter");
      }
    }
  }
}

TEST_F(NvmlTest, WithoutACounterThePowerIsIntegrated) {
  Domain& gpu = only("gpu\n name NVIDIA GeForce RTX 3090\n counter off\n instant 100\n power constant 200\n");
  EXPECT_EQ(gpu.info().method, "power");
  EXPECT_EQ(gpu.info().description,
            "NVIDIA GeForce RTX 3090: its instant power (means over 100 ms, renewed every 100 ms), "
            "integrated; energy "
            "counter: this GPU does not offer it");
  run(gpu, Seconds(2));
  const auto window = gpu.open({});
  run(gpu, Seconds(5));
  const trial::Reading reading = window->read();
  EXPECT_NEAR(reading.joules.value().value, 1000, 1e-6);
  EXPECT_LT(reading.error.value, 100);
}

TEST_F(NvmlTest, IntegratedPowerIsWithinTwoPercentOverHalfAMinuteAndWithinItsError) {
  for (const char* sensor : {"instant 100", "average 1000", "instant 25\n name NVIDIA A100-SXM4-40GB"}) {
    for (const char* power : {"constant 150", "square 50 300 1 0.5", "square 50 300 7.3 0.5",
                              "square 50 300 23 0.5", "ramp 50 300 20", "bursts 30 350 0.9 0.3", "idle 20"}) {
      SCOPED_TRACE(std::string(sensor) + ", " + power);
      Domain& gpu = only(std::string("gpu\n counter off\n limits 100 400 400\n phase 13\n ") + sensor +
                         "\n power " + power + "\n");
      EXPECT_EQ(gpu.info().method, "power");
      run(gpu, Seconds(3.3));
      const Seconds begin = now();
      const auto window = gpu.open({});
      run(gpu, Seconds(30));
      const trial::Reading reading = window->read();
      const double truth = standin_->true_joules(begin, now()).value;
      EXPECT_NEAR(reading.joules.value().value, truth, 0.02 * truth);
      EXPECT_NEAR(reading.joules.value().value, truth, reading.error.value);
    }
  }
}

TEST_F(NvmlTest, ASensorThatSeesAQuarterMayBeFooledAndItsErrorSaysSo) {
  Domain& gpu = only(R"(
gpu
  name NVIDIA A100-SXM4-40GB
  counter off
  limits 100 400 400
  instant 25
  power square 50 300 10 0.5
)");
  run(gpu, Seconds(3));
  const Seconds begin = now();
  const auto window = gpu.open({});
  run(gpu, Seconds(20));
  const trial::Reading reading = window->read();
  const double wrong = std::abs((*reading.joules - standin_->true_joules(begin, now())).value);
  EXPECT_GT(wrong, 0.2 * reading.joules->value) << "in step with the load, it sees only one half of it";
  EXPECT_LE(wrong, reading.error.value);
}

TEST_F(NvmlTest, ACounterThatReadsZeroIsNotTrusted) {
  Domain& gpu = only("gpu\n counter stuck 0\n power constant 100\n");
  EXPECT_EQ(gpu.info().method, "power");
  EXPECT_NE(gpu.info().description.find("reads 0, which is not trusted"), std::string::npos);
}

TEST_F(NvmlTest, ACounterThatIsStuckIsUnknownNotZero) {
  for (const char* counter : {"stuck", "stuck 0\n average off"}) {
    Domain& gpu = only(std::string("gpu\n power constant 100\n counter ") + counter + "\n");
    ASSERT_EQ(gpu.info().method, "counter");
    const auto window = gpu.open({});
    run(gpu, Seconds(3));
    const trial::Reading reading = window->read();
    EXPECT_EQ(reading.joules, std::nullopt);
    EXPECT_NE(reading.note.find("nvml gpu-0: its energy counter has not moved for 3.00 s"), std::string::npos)
        << reading.note;
  }
}

TEST_F(NvmlTest, ACounterThatStartsAgainIsUnknown) {
  Domain& gpu = only("gpu\n power constant 100\n counter-reset 5\n");
  const auto window = gpu.open({});
  run(gpu, Seconds(4));
  EXPECT_TRUE(window->read().joules);
  run(gpu, Seconds(4));
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("it was reset"), std::string::npos) << reading.note;
  const auto next = gpu.open({});
  run(gpu, Seconds(1));
  EXPECT_NEAR(next->read().joules.value().value, 100, 10);
}

TEST_F(NvmlTest, ACounterThatWrapsEarlierThanItShouldIsUnknown) {
  Domain& gpu = only("gpu\n power constant 100\n counter wrap 1200000\n");
  const auto window = gpu.open({});
  run(gpu, Seconds(1));
  EXPECT_TRUE(window->read().joules);
  run(gpu, Seconds(2));
  EXPECT_EQ(window->read().joules, std::nullopt);
}

TEST_F(NvmlTest, AReloadOfTheDriverIsAResetForWindowsAndNothingForLaterOnes) {
  // The counter is further after it than before: only the reload itself tells.
  Domain& gpu = only("reload 1\ngpu\n power constant 100\n counter-start 1\n");
  const auto window = gpu.open({});
  run(gpu, Seconds(6));
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("it was reset"), std::string::npos) << reading.note;
  EXPECT_EQ(window->read().joules, std::nullopt);
  const auto later = gpu.open({});
  run(gpu, Seconds(10));
  EXPECT_NEAR(later->read().joules.value().value, 1000, 10);
}

TEST_F(NvmlTest, AReadingThatFailsSaysWhyAndTheNextOneBridgesIt) {
  struct Case {
    const char* code;
    const char* words;
  };
  for (const Case& one : {Case{"GPU_IS_LOST", "the GPU is lost"}, Case{"TIMEOUT", "did not answer in time"},
                          Case{"NO_PERMISSION", "no permission"}, Case{"UNKNOWN", "the driver failed"},
                          Case{"LIB_RM_VERSION_MISMATCH", "different versions"}}) {
    for (const char* counter : {"on", "off"}) {
      SCOPED_TRACE(std::string(one.code) + " counter " + counter);
      Domain& gpu = only(std::string("gpu\n power constant 100\n counter ") + counter + "\n at 3 * " +
                         one.code + " until 3.5\n");
      run(gpu, Seconds(2));
      const auto window = gpu.open({});
      run(gpu, Seconds(1.2));
      const trial::Reading failed = window->read();
      EXPECT_EQ(failed.joules, std::nullopt);
      EXPECT_TRUE(failed.note.starts_with("nvml gpu-0: ")) << failed.note;
      EXPECT_NE(failed.note.find(one.words), std::string::npos) << failed.note;
      run(gpu, Seconds(1.8));
      EXPECT_NEAR(window->read().joules.value().value, 300, 10);
    }
  }
}

TEST_F(NvmlTest, ALostGpuSpoilsNoOther) {
  find(R"(
gpu
  power constant 100
gpu
  at 0 * GPU_IS_LOST
gpu
  name NVIDIA A100-SXM4-40GB
  counter off
  average off
gpu
  power constant 50
)");
  EXPECT_EQ(names(), (std::vector<std::string>{"gpu-0", "gpu-3"}));
  ASSERT_EQ(found_.unusable.size(), 2u);
  EXPECT_EQ(found_.unusable[0].reason, "gpu-1: the GPU is lost: it does not answer on its bus");
  EXPECT_NE(found_.unusable[0].remedy.find("nvidia-smi --gpu-reset"), std::string::npos);
  EXPECT_TRUE(found_.unusable[0].present);
  EXPECT_EQ(found_.unusable[1].reason,
            "gpu-2 (NVIDIA A100-SXM4-40GB): its energy cannot be read: this GPU does not offer it");
  EXPECT_TRUE(found_.unusable[1].present);
}

TEST_F(NvmlTest, SeesTheGpusThatCudaWouldSee) {
  const char* three =
      "gpu\n pci 00000000:81:00.0\n uuid GPU-c\ngpu\n pci 00000000:01:00.0\n uuid GPU-a\ngpu\n"
      " pci 00000000:41:00.0\n uuid GPU-b\n";
  find(three, "0,2");
  EXPECT_EQ(names(), (std::vector<std::string>{"gpu-1", "gpu-0"})) << "by PCI address; named by NVML's index";
  find_again("GPU-b");
  EXPECT_EQ(names(), (std::vector<std::string>{"gpu-2"}));
  EXPECT_TRUE(found_.unusable.empty());
  find_again("GPU-b,GPU-x,GPU-a");
  EXPECT_EQ(names(), (std::vector<std::string>{"gpu-2"}));
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_EQ(found_.unusable[0].reason,
            "CUDA_VISIBLE_DEVICES names 'GPU-x', which is no GPU here; CUDA ignores it and what follows");
  find_again("");
  EXPECT_TRUE(found_.domains.empty());
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_EQ(found_.unusable[0].reason, "CUDA_VISIBLE_DEVICES hides every GPU of this machine (3)");
  EXPECT_FALSE(found_.unusable[0].present);
}

TEST_F(NvmlTest, SaysThatThereIsNoGpuOrNoLibrary) {
  find("");
  EXPECT_TRUE(found_.domains.empty());
  ASSERT_EQ(found_.unusable.size(), 1u);
  EXPECT_EQ(found_.unusable[0].reason, "the NVIDIA driver finds no GPU");
  Settings settings;
  settings.nvml_library = "libnvidia-ml-that-is-nowhere.so.1";
  const Discovery none = discover(settings, "", standin_->clock());
  EXPECT_TRUE(none.domains.empty());
  ASSERT_EQ(none.unusable.size(), 1u);
  EXPECT_FALSE(none.unusable[0].present);
}

constexpr const char* kMig = R"(
gpu
  pci 00000000:3B:00.0
  power constant 350
  mig-slots 7
  mig 0 MIG-aaaa 3
  mig 2 MIG-bbbb 2
)";

TEST_F(NvmlTest, AGpuInMigModeIsReadAsAWhole) {
  Domain& gpu = only(kMig);
  EXPECT_EQ(gpu.info().name, "gpu-0");
  EXPECT_EQ(gpu.info().quality, trial::Quality::kMeasured);
}

TEST_F(NvmlTest, AMigInstanceIsAShareOfItsGpuThatSaysHowUnsureItIs) {
  find(kMig, "MIG-bbbb");
  ASSERT_EQ(names(), (std::vector<std::string>{"gpu-0/mig-2"}));
  Domain& instance = *found_.domains[0];
  EXPECT_EQ(instance.info().quality, trial::Quality::kModelled);
  EXPECT_EQ(instance.info().id, "MIG-bbbb");
  EXPECT_EQ(instance.info().part, "gpu 0000:3b:00.0/mig-2");
  EXPECT_EQ(instance.info().inside, "");
  const auto window = instance.open({});
  run(instance, Seconds(10));
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.domain, "gpu-0/mig-2");
  EXPECT_EQ(reading.quality, trial::Quality::kModelled);
  EXPECT_NEAR(reading.joules.value().value, 1000, 1e-6);
  EXPECT_GE(reading.error.value, 2500) << "the truth lies anywhere between 0 and 3500 J";
  EXPECT_NE(reading.note.find("gpu-0/mig-2: 2 of the GPU's 7 compute slices"), std::string::npos)
      << reading.note;
}

TEST_F(NvmlTest, AMigInstanceBesideItsWholeGpuIsNeverAdded) {
  find(kMig, "0,MIG-aaaa");
  ASSERT_EQ(names(), (std::vector<std::string>{"gpu-0", "gpu-0/mig-0"}));
  EXPECT_EQ(found_.domains[1]->info().inside, "gpu-0");
}

TEST_F(NvmlTest, AMigInstanceWhoseGpuIsLostIsUnknown) {
  find(std::string(kMig) + " at 5 * GPU_IS_LOST\n", "MIG-bbbb");
  const auto window = found_.domains.at(0)->open({});
  run(*found_.domains[0], Seconds(6));
  EXPECT_EQ(window->read().joules, std::nullopt);
  EXPECT_NE(window->read().note.find("lost"), std::string::npos);
}

TEST_F(NvmlTest, SaysWhichProcessUsesHowMuch) {
  Domain& gpu = only("gpu\n process 4711 60\n process 12 30\n");
  standin_->advance(Seconds(1));
  EXPECT_EQ(gpu.use_by_process(), (std::map<pid_t, double>{{4711, 60}, {12, 30}}));
  EXPECT_TRUE(gpu.use_by_process().empty()) << "nothing new since";
  standin_->advance(Seconds(1));
  EXPECT_EQ(gpu.use_by_process().size(), 2u);
  EXPECT_TRUE(only("gpu\n at 0 nvmlDeviceGetProcessUtilization NOT_SUPPORTED\n").use_by_process().empty());
}

}  // namespace
}  // namespace sm2::meter::nvml
