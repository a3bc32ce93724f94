// What the study relies on, for every meter: a window begins at nothing; readings are never negative, never
// decrease and carry an error of at least their noise, which is at least 0; what is unknown says why; domains
// are distinct; windows are independent.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>

#include "base/random.h"
#include "meter/cpu_model.h"
#include "meter/idle.h"
#include "meter/platform.h"
#include "meter/power_domain.h"
#include "meter/rapl/rapl.h"
#include "testing/fake_clock.h"
#include "testing/fake_meter.h"
#include "testing/powercap_tree.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using sm2::testing::FakeClock;
using sm2::testing::FakeMeter;
using sm2::testing::PowercapTree;

// A meter over a machine that a test drives.
class Machine {
 public:
  virtual ~Machine() = default;
  virtual Meter& meter() = 0;
  virtual Load load() { return {}; }
  virtual void work(Watts power, Seconds time) = 0;
  virtual void break_down() = 0;  // the source can no longer be read
};

class FakeMachine final : public Machine {
 public:
  Meter& meter() override { return meter_; }
  void work(Watts power, Seconds time) override {
    meter_.set_power(power);
    clock_.advance(time);
  }
  void break_down() override { meter_.fail("broken by the test"); }

 private:
  FakeClock clock_;
  FakeMeter meter_{clock_};
};

class RaplMachine final : public Machine {
 public:
  RaplMachine() {
    tree_.add("intel-rapl:0", "package-0", raw_);
    tree_.add("intel-rapl:0:0", "core", 0);
    tree_.add("intel-rapl:0:1", "dram", 0);
    Settings settings;
    settings.sysfs = tree_.sysfs();
    meter_ = std::make_unique<Platform>(rapl::discover(settings, "", clock_).domains);
  }
  Meter& meter() override { return *meter_; }
  void work(Watts power, Seconds time) override {
    clock_.advance(time);
    raw_ = (raw_ + static_cast<std::uint64_t>(1e6 * (power * time).value)) % (PowercapTree::kRange + 1);
    tree_.set("intel-rapl:0", raw_);
    dram_ += static_cast<std::uint64_t>(1e6 * (Watts(2) * time).value);
    tree_.set("intel-rapl:0:1", dram_);
  }
  void break_down() override { std::filesystem::remove_all(tree_.folder("intel-rapl:0")); }

 private:
  FakeClock clock_;
  PowercapTree tree_;
  std::uint64_t raw_ = PowercapTree::kRange - 1000, dram_ = 0;
  std::unique_ptr<Platform> meter_;
};

std::vector<std::unique_ptr<Domain>> only(std::unique_ptr<Domain> domain) {
  std::vector<std::unique_ptr<Domain>> domains;
  domains.push_back(std::move(domain));
  return domains;
}

class ModelMachine final : public Machine {
 public:
  Meter& meter() override { return meter_; }
  Load load() override {
    return {[this, start = cpu_] { return cpu_ ? std::optional(*cpu_ - *start) : std::nullopt; }, {}, {}};
  }
  void work(Watts power, Seconds time) override {
    clock_.advance(time);
    *cpu_ += time * (power.value / 1000);
  }
  void break_down() override { cpu_.reset(); }

 private:
  FakeClock clock_;
  Platform meter_{
      only(std::make_unique<CpuModel>(PowerCurve{Watts(0.5), Watts(4), Watts(2), 0.5, "a test"}, 8, clock_))};
  std::optional<Seconds> cpu_ = Seconds(0);
};

// Sampled while it works, as the sampler's thread would.
class PowerMachine final : public Machine {
 public:
  PowerMachine() {
    DomainInfo info;
    info.name = "gpu-0";
    info.source = "nvml";
    info.description = "a test";
    PowerSensor sensor;
    sensor.update = Seconds(1);
    sensor.averaged = Seconds(1);
    sensor.highest = Watts(1000);
    auto domain = std::make_unique<PowerDomain>(info, sensor, [this] { return power_; }, clock_);
    sampled_ = domain->sampled();
    meter_ = std::make_unique<Platform>(only(std::move(domain)), std::vector<Unusable>(), false);
  }
  Meter& meter() override { return *meter_; }
  void work(Watts power, Seconds time) override {
    power_ = power;
    sampled_->sample();
    clock_.advance(time);
    sampled_->sample();
  }
  void break_down() override { power_ = base::fail("broken by the test"); }

 private:
  FakeClock clock_;
  base::Result<Watts> power_ = Watts(200);
  Sampled* sampled_ = nullptr;
  std::unique_ptr<Platform> meter_;
};

class IdleMachine final : public Machine {
 public:
  IdleMachine() { fake_.forget_idle(); }
  Meter& meter() override { return meter_; }
  void work(Watts power, Seconds time) override {
    fake_.set_power(power);
    clock_.advance(time);
  }
  void break_down() override { fake_.fail("broken by the test"); }

 private:
  FakeClock clock_;
  FakeMeter fake_{clock_};
  WithIdle meter_{fake_, {{"fake", Watts(20)}}, clock_};
};

struct Case {
  const char* name;
  std::function<std::unique_ptr<Machine>()> make;
};

class MeterContract : public ::testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<Machine> machine_ = GetParam().make();
};

void expect_sound(const trial::Energy& energy) {
  ASSERT_FALSE(energy.empty());
  std::set<std::string> domains;
  for (const trial::Reading& reading : energy) {
    EXPECT_TRUE(domains.insert(reading.domain).second) << reading.domain << " twice";
    EXPECT_FALSE(reading.source.empty());
    EXPECT_GE(reading.noise.value, 0);
    EXPECT_GE(reading.error.value, reading.noise.value);
    if (!reading.joules) {
      EXPECT_FALSE(reading.note.empty()) << "unknown without a reason";
      continue;
    }
    EXPECT_GE(reading.joules->value, 0);
    if (reading.idle) {
      EXPECT_GE(reading.idle->value, 0);
      EXPECT_LE(reading.idle->value, reading.joules->value);
    }
  }
}

TEST_P(MeterContract, AWindowBeginsAtNothing) {
  machine_->work(Watts(100), Seconds(5));
  const trial::Energy energy = machine_->meter().open(machine_->load())->read();
  expect_sound(energy);
  EXPECT_EQ(trial::total(energy), Joules(0));
}

TEST_P(MeterContract, ReadingsGrowAndStaySound) {
  base::Random random(3);
  const auto window = machine_->meter().open(machine_->load());
  Joules before;
  for (int i = 0; i < 200; ++i) {
    machine_->work(Watts(400 * random.uniform()), Seconds(30 * random.uniform()));
    const trial::Energy energy = window->read();
    expect_sound(energy);
    ASSERT_TRUE(trial::total(energy)) << trial::note(energy);
    EXPECT_GE(*trial::total(energy), before);
    before = *trial::total(energy);
  }
  EXPECT_GT(before.value, 0);
}

TEST_P(MeterContract, WindowsAreIndependent) {
  const auto whole = machine_->meter().open(machine_->load());
  machine_->work(Watts(200), Seconds(10));
  const Joules first = trial::total(whole->read()).value();
  const auto second = machine_->meter().open(machine_->load());
  machine_->work(Watts(200), Seconds(10));
  EXPECT_NEAR(trial::total(second->read())->value, first.value, 1e-5);
  EXPECT_NEAR(trial::total(whole->read())->value, 2 * first.value, 1e-5);
}

TEST_P(MeterContract, WhatCannotBeReadIsUnknownAndSaysWhy) {
  const auto window = machine_->meter().open(machine_->load());
  machine_->work(Watts(200), Seconds(10));
  machine_->break_down();
  const trial::Energy energy = window->read();
  expect_sound(energy);
  EXPECT_EQ(trial::total(energy), std::nullopt);
  EXPECT_FALSE(trial::note(energy).empty());
}

TEST_P(MeterContract, DomainsHaveNamesThatReadingsUse) {
  std::set<std::string> names;
  for (const DomainInfo& domain : machine_->meter().domains()) {
    EXPECT_FALSE(domain.description.empty());
    EXPECT_TRUE(names.insert(domain.source + " " + domain.name).second) << domain.name << " twice";
  }
  for (const trial::Reading& reading : machine_->meter().open(machine_->load())->read())
    EXPECT_TRUE(names.contains(reading.source + " " + reading.domain)) << reading.source;
}

INSTANTIATE_TEST_SUITE_P(EveryMeter, MeterContract,
                         ::testing::Values(Case{"fake", [] { return std::make_unique<FakeMachine>(); }},
                                           Case{"rapl", [] { return std::make_unique<RaplMachine>(); }},
                                           Case{"model", [] { return std::make_unique<ModelMachine>(); }},
                                           Case{"power", [] { return std::make_unique<PowerMachine>(); }},
                                           Case{"idle", [] { return std::make_unique<IdleMachine>(); }}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace sm2::meter
