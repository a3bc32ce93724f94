// A power limit that a test watches, and can make refuse.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meter/power_knob.h"

namespace sm2::testing {

class FakePowerKnob final : public meter::PowerKnob {
 public:
  explicit FakePowerKnob(std::vector<base::Watts> limits) : limits_(std::move(limits)) {}

  std::vector<base::Watts> limits() const override { return limits_; }
  base::Result<> set(base::Watts limit) override {
    if (refusal) return base::fail("{}", *refusal);
    tried.push_back(limit);
    limit_ = limit;
    return {};
  }
  void restore() override { limit_.reset(); }

  base::Watts now() const { return limit_.value_or(limits_.back()); }
  bool restored() const { return !limit_; }

  std::vector<base::Watts> tried;  // in order
  std::optional<std::string> refusal;

 private:
  std::vector<base::Watts> limits_;
  std::optional<base::Watts> limit_;
};

}  // namespace sm2::testing
