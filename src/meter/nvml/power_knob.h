// The power limit of all of a meter's NVIDIA GPUs as a knob: a few limits, evenly from the lowest that every GPU allows
// to the lowest of those that they have now. What is set is put back whatever comes (power_limit.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "meter/domain.h"
#include "meter/nvml/power_limits.h"
#include "meter/power_knob.h"
#include "meter/settings.h"

namespace sm2::meter::nvml {

class PowerKnob final : public meter::PowerKnob {
 public:
  // Of the GPUs among `domains`; `clock` outlives it. `say` is told what could not be put back. Fails when there is no
  // GPU, or when one of them does not tell its limits. Changes nothing.
  static base::Result<PowerKnob> open(const Settings& settings, std::vector<DomainInfo> domains,
                                      const base::Clock& clock, PowerLimits::Say say);

  std::vector<base::Watts> limits() const override { return limits_; }
  base::Result<> set(base::Watts limit) override;
  void restore() override { set_.reset(); }

 private:
  PowerKnob(const Settings& settings, std::vector<DomainInfo> domains, const base::Clock& clock,
            PowerLimits::Say say)
      : settings_(settings), domains_(std::move(domains)), clock_(&clock), say_(std::move(say)) {}

  Settings settings_;
  std::vector<DomainInfo> domains_;
  const base::Clock* clock_;
  PowerLimits::Say say_;
  std::vector<base::Watts> limits_;
  std::unique_ptr<PowerLimits> set_;  // absent: as they were found
};

}  // namespace sm2::meter::nvml
