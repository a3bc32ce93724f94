// A meter whose joules a test decides: a constant power over the given clock, which may be changed at any
// time, and joules used at once. One domain "fake", quality replayed, 10 % of it idle, no error unless set.
// Everything counts in every window that is open. The meter outlives its windows.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "meter/meter.h"

namespace sm2::testing {

class FakeMeter final : public meter::Meter {
 public:
  explicit FakeMeter(const base::Clock& clock, base::Watts power = base::Watts(0))
      : clock_(clock), power_(power), since_(clock.monotonic()) {}

  void set_power(base::Watts power) {
    settled_ = used();
    since_ = clock_.monotonic();
    power_ = power;
  }
  void use(base::Joules joules) { settled_ += joules; }
  void set_relative_error(double error) { relative_error_ = error; }
  void set_noise(base::Joules noise) { noise_ = noise; }
  void fail(std::string why) { failure_ = std::move(why); }  // readings are unknown until recover()
  void set_quality(trial::Quality quality) { quality_ = quality; }
  void forget_idle() { knows_idle_ = false; }
  void recover() { failure_.reset(); }

  std::unique_ptr<meter::Window> open(meter::Load load) override {
    held_.push_back(std::move(load.holds));
    return std::make_unique<FakeWindow>(*this);
  }
  // The devices of each load, in order.
  const std::vector<std::optional<std::vector<std::string>>>& held() const { return held_; }
  std::vector<meter::DomainInfo> domains() const override {
    meter::DomainInfo info;
    info.name = info.source = "fake";
    info.quality = quality_;
    info.part = meter::kProcessors;
    info.description = "joules that a test decides";
    return {info};
  }
  std::optional<base::Seconds> read_within() const override { return {}; }
  std::map<pid_t, double> use_by_process(const std::string&) override { return {}; }

 private:
  class FakeWindow final : public meter::Window {
   public:
    explicit FakeWindow(const FakeMeter& meter) : meter_(meter), opened_(meter.used()) {}

    trial::Energy read() override {
      trial::Reading reading;
      reading.domain = reading.source = "fake";
      reading.quality = meter_.quality_;
      if (meter_.failure_) {
        reading.note = *meter_.failure_;
        return {reading};
      }
      reading.joules = meter_.used() - opened_;
      if (meter_.knows_idle_) reading.idle = 0.1 * *reading.joules;
      reading.noise = meter_.noise_;
      reading.error = meter_.relative_error_ * *reading.joules + meter_.noise_;
      return {reading};
    }

   private:
    const FakeMeter& meter_;
    base::Joules opened_;
  };

  base::Joules used() const { return settled_ + power_ * (clock_.monotonic() - since_); }

  const base::Clock& clock_;
  base::Watts power_;
  base::Seconds since_;
  base::Joules settled_;
  base::Joules noise_;
  double relative_error_ = 0;
  bool knows_idle_ = true;
  trial::Quality quality_ = trial::Quality::kReplayed;
  std::optional<std::string> failure_;
  std::vector<std::optional<std::vector<std::string>>> held_;
};

}  // namespace sm2::testing
