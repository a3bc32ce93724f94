#include "meter/attribution.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "meter/platform.h"
#include "testing/fake_clock.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

// A domain that uses what the test says; idle and busy parts apart.
class TestDomain final : public Domain {
 public:
  TestDomain(std::string name, std::string part) {
    info_.name = std::move(name);
    info_.source = "test";
    info_.part = std::move(part);
  }
  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load&) override { return std::make_unique<TestWindow>(*this); }
  std::map<pid_t, double> use_by_process() override { return use; }

  void burn(double joules, double idle) { used += Joules(joules), idled += Joules(idle); }

  Joules used, idled;
  double noisy = 0;  // noise for each joule
  bool broken = false;
  std::map<pid_t, double> use;

 private:
  class TestWindow final : public DomainWindow {
   public:
    explicit TestWindow(TestDomain& domain) : domain_(domain), used_(domain.used), idled_(domain.idled) {}
    trial::Reading read() override {
      trial::Reading reading;
      reading.domain = domain_.info_.name;
      reading.source = "test";
      if (domain_.broken) {
        reading.note = "broken by the test";
        return reading;
      }
      reading.joules = domain_.used - used_;
      reading.idle = domain_.idled - idled_;
      reading.noise = Joules(1) + domain_.noisy * *reading.joules;
      reading.error = reading.noise + 0.1 * *reading.joules;
      return reading;
    }

   private:
    TestDomain& domain_;
    Joules used_, idled_;
  };

  DomainInfo info_;
};

using Parts = std::vector<std::string>;

constexpr const char* kGpu0 = "gpu 0000:01:00.0";
constexpr const char* kGpu1 = "gpu 0000:02:00.0";

class AttributionTest : public ::testing::Test {
 protected:
  AttributionTest() {
    std::vector<std::unique_ptr<Domain>> domains;
    for (const auto& [name, part] :
         {std::pair("package-0", kProcessors), std::pair("gpu-0", kGpu0), std::pair("gpu-1", kGpu1)}) {
      auto domain = std::make_unique<TestDomain>(name, part);
      domain_[name] = domain.get();
      domains.push_back(std::move(domain));
    }
    platform_ = std::make_unique<Platform>(std::move(domains));
    attribution_ = std::make_unique<Attribution>(*platform_);
  }

  std::unique_ptr<Window> open(int load, std::optional<Parts> holds = {}) {
    return attribution_->open({[this, load] { return std::optional(cpu_[load]); },
                               [load] { return std::vector<pid_t>{load}; }, std::move(holds)});
  }

  static double joules(const std::unique_ptr<Window>& window, const std::string& domain) {
    for (const trial::Reading& reading : window->read()) {
      if (reading.domain == domain) return reading.joules.value_or(Joules(-1)).value;
    }
    return -2;
  }

  std::map<std::string, TestDomain*> domain_;
  std::unique_ptr<Platform> platform_;
  std::unique_ptr<Attribution> attribution_;
  std::map<int, Seconds> cpu_;
};

TEST_F(AttributionTest, WhoIsAloneIsChargedEverything) {
  const auto first = open(1);
  domain_["package-0"]->burn(100, 40);
  domain_["gpu-0"]->burn(50, 0);
  const trial::Energy energy = first->read();
  EXPECT_EQ(trial::total(energy), Joules(150));
  EXPECT_EQ(trial::note(energy), "") << "nothing was divided";
}

TEST_F(AttributionTest, IdleIsDividedEvenlyTheRestByCpuTime) {
  const auto first = open(1), second = open(2);
  domain_["package-0"]->burn(100, 40);
  cpu_[1] = Seconds(3);
  cpu_[2] = Seconds(1);
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), 20 + 45);
  EXPECT_DOUBLE_EQ(joules(second, "package-0"), 20 + 15);
  const trial::Energy energy = first->read();
  EXPECT_EQ(energy[0].idle, Joules(20));
  EXPECT_EQ(energy[0].note, "package-0: a share, divided between trials that ran at once");
  EXPECT_GE(energy[0].error.value, 0.2 * 65);
}

TEST_F(AttributionTest, ALateShareIsAsSureAsAnEarlyOne) {
  domain_["package-0"]->noisy = 0.25;
  const auto first = open(1);
  {
    const auto second = open(2);
    domain_["package-0"]->burn(10000, 0);
    const trial::Reading early = second->read()[0];
    EXPECT_DOUBLE_EQ(early.noise.value, 2 + 0.25 * 5000);
    EXPECT_DOUBLE_EQ(early.error.value, 2 + (0.25 + 0.1 + 0.2) * 5000);
  }
  const auto third = open(3);
  domain_["package-0"]->burn(20, 0);
  const trial::Reading late = third->read()[0];
  EXPECT_DOUBLE_EQ(late.noise.value, 2 + 0.25 * 10);
  EXPECT_DOUBLE_EQ(late.error.value, 2 + (0.25 + 0.1 + 0.2) * 10);
}

TEST_F(AttributionTest, WithoutCpuTimeTheHostIsDividedEvenly) {
  const auto first = open(1), second = open(2);
  domain_["package-0"]->burn(100, 0);
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), 50);
  EXPECT_DOUBLE_EQ(joules(second, "package-0"), 50);
}

TEST_F(AttributionTest, DevicesAreOfThoseWhoHoldThem) {
  const auto first = open(1, Parts{kGpu0}), second = open(2, Parts{kGpu1}), third = open(3, Parts{kGpu1});
  domain_["gpu-0"]->burn(70, 0);
  domain_["gpu-1"]->burn(30, 0);
  EXPECT_DOUBLE_EQ(joules(first, "gpu-0"), 70);
  EXPECT_DOUBLE_EQ(joules(first, "gpu-1"), -2) << "it does not hold that one";
  EXPECT_DOUBLE_EQ(joules(second, "gpu-1"), 15);
  domain_["gpu-1"]->use = {{2, 80}, {3, 20}};
  domain_["gpu-1"]->burn(100, 0);
  EXPECT_DOUBLE_EQ(joules(second, "gpu-1"), 15 + 80) << "the driver says who used it";
  EXPECT_DOUBLE_EQ(joules(third, "gpu-1"), 15 + 20);
}

TEST_F(AttributionTest, ADeviceOfItsOwnIsItsWholly) {
  const auto first = open(1, Parts{kGpu0}), second = open(2, Parts{kGpu1}), third = open(3, Parts{});
  domain_["gpu-0"]->burn(70, 20);
  domain_["gpu-1"]->burn(30, 0);
  domain_["package-0"]->burn(90, 0);
  const trial::Reading own = first->read()[1];
  EXPECT_EQ(own.joules, Joules(70));
  EXPECT_EQ(own.idle, Joules(20));
  EXPECT_EQ(own.note, "") << "nothing was divided";
  EXPECT_DOUBLE_EQ(own.error.value, 1 + 0.1 * 70) << "as sure as if it were alone";
  EXPECT_DOUBLE_EQ(joules(second, "gpu-1"), 30);
  EXPECT_DOUBLE_EQ(joules(third, "gpu-0"), -2) << "it holds none";
  EXPECT_DOUBLE_EQ(joules(third, "package-0"), 30) << "the host is everybody's";
}

TEST_F(AttributionTest, SeveralDevicesOfOneAddUp) {
  const auto both = open(1, Parts{kGpu0, kGpu1});
  const auto none = open(2, Parts{});
  domain_["gpu-0"]->burn(70, 0);
  domain_["gpu-1"]->burn(30, 0);
  EXPECT_EQ(trial::total(both->read()), Joules(100));
  EXPECT_EQ(trial::total(none->read()), Joules(0));
}

TEST_F(AttributionTest, WhatWasAlonesStaysItsOwn) {
  const auto first = open(1);
  cpu_[1] = Seconds(10);
  domain_["package-0"]->burn(100, 0);
  {
    const auto second = open(2);
    domain_["package-0"]->burn(40, 0);
    cpu_[2] = Seconds(5);
    EXPECT_DOUBLE_EQ(joules(second, "package-0"), 40);
  }
  domain_["package-0"]->burn(7, 0);
  cpu_[1] = Seconds(11);
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), 107);
}

TEST_F(AttributionTest, AFailureIsUnknownWhileItLastsAndDividedAfterwards) {
  const auto first = open(1), second = open(2);
  domain_["package-0"]->broken = true;
  domain_["package-0"]->burn(100, 0);
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), -1);
  EXPECT_EQ(first->read()[0].note, "broken by the test");
  domain_["package-0"]->broken = false;
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), 50);
  EXPECT_DOUBLE_EQ(joules(second, "package-0"), 50);
}

TEST_F(AttributionTest, WhoComesAfterALossIsNoneTheWorse) {
  const auto first = open(1), second = open(2);
  domain_["package-0"]->broken = true;
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), -1);
  auto third = open(3);
  domain_["package-0"]->broken = false;
  domain_["package-0"]->burn(90, 0);
  EXPECT_DOUBLE_EQ(joules(first, "package-0"), -1) << "what it used before is lost";
  EXPECT_DOUBLE_EQ(joules(third, "package-0"), -1) << "it could not be read when this one began";
  const auto fourth = open(4);
  domain_["package-0"]->burn(80, 0);
  EXPECT_DOUBLE_EQ(joules(fourth, "package-0"), 20);
}

TEST_F(AttributionTest, NoiseDoesNotGrowWithEveryLook) {
  const auto first = open(1), second = open(2);
  for (int look = 0; look < 50; ++look) {
    domain_["package-0"]->burn(1, 0);
    first->read();
  }
  EXPECT_LE(first->read()[0].noise, Joules(3));
}

RC_GTEST_FIXTURE_PROP(AttributionTest, SharesSumToTheWhole, ()) {
  std::map<int, std::unique_ptr<Window>> open_windows;
  double charged = 0, used = 0;
  const auto everything = [](const std::unique_ptr<Window>& window) {
    double sum = 0;
    for (const trial::Reading& reading : window->read()) sum += reading.joules->value;
    return sum;
  };
  int next = 0;
  for (const int action : *rc::gen::container<std::vector<int>>(60, rc::gen::inRange(0, 6))) {
    if (open_windows.empty() || action == 0) {
      open_windows[next] = open(next);
      ++next;
      continue;
    }
    if (action == 1) {
      const auto leaving =
          std::next(open_windows.begin(), *rc::gen::inRange<int>(0, int(open_windows.size())));
      charged += everything(leaving->second);
      open_windows.erase(leaving);
      continue;
    }
    for (auto& [name, domain] : domain_) {
      const double joules = *rc::gen::inRange(0, 1000), idle = joules * *rc::gen::inRange(0, 100) / 100;
      domain->burn(joules, idle);
      used += joules;
    }
    for (auto& [load, window] : open_windows) cpu_[load] += Seconds(*rc::gen::inRange(0, 10));
    if (action == 2) everything(open_windows.begin()->second);  // looking changes nothing
  }
  for (const auto& [load, window] : open_windows) charged += everything(window);
  RC_ASSERT(std::abs(charged - used) <= 1e-9 * (1 + used));
}

}  // namespace
}  // namespace sm2::meter
