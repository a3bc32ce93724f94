// A meter that knows each load's own joules: its CPU time, at one watt. One domain "load", without error or noise.
#pragma once

#include <utility>

#include "meter/meter.h"

namespace sm2::testing {

class LoadMeter final : public meter::Meter {
 public:
  std::unique_ptr<meter::Window> open(meter::Load load) override {
    return std::make_unique<LoadWindow>(std::move(load));
  }
  std::vector<meter::DomainInfo> domains() const override {
    meter::DomainInfo info;
    info.name = info.source = "load";
    info.part = meter::kProcessors;
    info.description = "CPU time at one watt";
    return {info};
  }
  std::optional<base::Seconds> read_within() const override { return {}; }
  std::map<pid_t, double> use_by_process(const std::string&) override { return {}; }

 private:
  class LoadWindow final : public meter::Window {
   public:
    explicit LoadWindow(meter::Load load) : load_(std::move(load)) {}
    trial::Energy read() override {
      trial::Reading reading;
      reading.domain = reading.source = "load";
      if (const auto time = load_.cpu_time()) reading.joules = base::Watts(1) * *time;
      return {reading};
    }

   private:
    meter::Load load_;
  };
};

}  // namespace sm2::testing
