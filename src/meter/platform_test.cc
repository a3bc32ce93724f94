#include "meter/platform.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "testing/fake_clock.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;

struct Made {
  const char* name;
  const char* part;
  const char* inside = "";
};

class StillDomain final : public Domain {
 public:
  explicit StillDomain(const Made& made, Sampled* sampled = nullptr) : sampled_(sampled) {
    info_.name = made.name;
    info_.source = "test";
    info_.part = made.part;
    info_.inside = made.inside;
  }
  const DomainInfo& info() const override { return info_; }
  Sampled* sampled() override { return sampled_; }
  std::optional<Seconds> read_within() const override {
    return info_.part == kProcessors ? std::optional(Seconds(100)) : std::nullopt;
  }
  std::map<pid_t, double> use_by_process() override { return {{7, 1.0}}; }
  std::unique_ptr<DomainWindow> open(const Load&) override {
    return std::make_unique<StillWindow>(info_.name);
  }

 private:
  class StillWindow final : public DomainWindow {
   public:
    explicit StillWindow(std::string name) : name_(std::move(name)) {}
    trial::Reading read() override {
      trial::Reading reading;
      reading.domain = name_;
      reading.source = "test";
      reading.joules = Joules(10);
      return reading;
    }

   private:
    std::string name_;
  };

  DomainInfo info_;
  Sampled* sampled_;
};

std::vector<std::unique_ptr<Domain>> domains(std::initializer_list<Made> all) {
  std::vector<std::unique_ptr<Domain>> made;
  for (const Made& one : all) made.push_back(std::make_unique<StillDomain>(one));
  return made;
}

TEST(Platform, AddsWhatDoesNotOverlap) {
  Platform platform(domains(
      {{"package-0", kProcessors}, {"core-0", kProcessors, "package-0"}, {"gpu-0", "gpu 0000:01:00.0"}}));
  const trial::Energy energy = platform.open({})->read();
  ASSERT_EQ(energy.size(), 3u);
  EXPECT_FALSE(energy[1].counted) << "a core is part of its package";
  EXPECT_EQ(trial::total(energy), Joules(20));
}

TEST(Platform, ANodeContainsEverything) {
  Platform platform(domains({{"package-0", kProcessors}, {"node", kNode}, {"gpu-0", "gpu 0000:01:00.0"}}));
  const trial::Energy energy = platform.open({})->read();
  ASSERT_EQ(energy.size(), 3u);
  EXPECT_EQ(trial::total(energy), Joules(10));
  EXPECT_TRUE(energy[1].counted);
}

TEST(Platform, ANodeThatOnlyOverlapsReplacesNothing) {
  Platform platform(domains({{"grace-0", kProcessors}, {"module-0", kNode, "overlaps grace-0"}}));
  EXPECT_EQ(trial::total(platform.open({})->read()), Joules(10));
}

TEST(Platform, ALoadIsReadOnTheDevicesThatItHolds) {
  Platform platform(
      domains({{"package-0", kProcessors}, {"gpu-0", "gpu 0000:01:00.0"}, {"gpu-1", "gpu 0000:02:00.0"}}));
  const trial::Energy energy =
      platform.open({{}, {}, std::vector<std::string>{gpu_part("00000000:02:00.0")}})->read();
  ASSERT_EQ(energy.size(), 2u);
  EXPECT_EQ(energy[1].domain, "gpu-1");
  EXPECT_EQ(platform.open({{}, {}, std::vector<std::string>()})->read().size(), 1u) << "one that holds none";
}

TEST(Platform, WhoHoldsASecondDieHoldsTheFirstWhichCountsBoth) {
  Platform platform(domains({{"gpu-0", "gpu 0000:01:00.0"},
                             {"gpu-1", "gpu 0000:02:00.0", "gpu-0"},
                             {"gpu-2", "gpu 0000:03:00.0"}}));
  const trial::Energy energy = platform.open({{}, {}, std::vector<std::string>{"gpu 0000:02:00.0"}})->read();
  ASSERT_EQ(energy.size(), 2u);
  EXPECT_EQ(energy[0].domain, "gpu-0");
  EXPECT_EQ(trial::total(energy), Joules(10));
}

TEST(Platform, TheStrictestDomainSaysHowOftenToRead) {
  EXPECT_EQ(Platform(domains({{"package-0", kProcessors}, {"gpu-0", "gpu 0000:01:00.0"}})).read_within(),
            Seconds(100));
  EXPECT_EQ(Platform(domains({{"gpu-0", "gpu 0000:01:00.0"}})).read_within(), std::nullopt);
}

TEST(Platform, PassesOnWhoUsesADevice) {
  Platform platform(domains({{"gpu-0", "gpu 0000:01:00.0"}}));
  EXPECT_EQ(platform.use_by_process("gpu-0").at(7), 1.0);
  EXPECT_TRUE(platform.use_by_process("gpu-9").empty());
}

class Sampling final : public Sampled {
 public:
  Seconds sample() override {
    ++samples;
    return Seconds(0.001);
  }
  std::atomic<int> samples = 0;
};

TEST(Platform, SamplesInAThreadOfItsOwnOnlyWhereNeeded) {
  Sampling sampling;
  std::vector<std::unique_ptr<Domain>> all;
  all.push_back(std::make_unique<StillDomain>(Made{"gpu-0", "gpu 0000:01:00.0"}, &sampling));
  {
    Platform platform(std::move(all));
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (sampling.samples < 5 && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_GE(sampling.samples, 5);
}

TEST(GpuPart, IsTheSameForEverySpellingOfAnAddress) {
  EXPECT_EQ(gpu_part("00000000:3B:00.0"), "gpu 0000:3b:00.0");
  EXPECT_EQ(gpu_part("0000:3b:00.0"), "gpu 0000:3b:00.0");
  EXPECT_EQ(gpu_part("3b:00.0"), "gpu 0000:3b:00.0");
  EXPECT_TRUE(is_device(gpu_part("3b:00.0")));
  EXPECT_FALSE(is_device(kProcessors));
  EXPECT_FALSE(is_device(kNode));
}

}  // namespace
}  // namespace sm2::meter
