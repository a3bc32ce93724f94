// A domain whose device says only its power, which is sampled and integrated (power_integral.h).
#pragma once

#include <functional>
#include <memory>
#include <mutex>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "meter/domain.h"
#include "meter/power_integral.h"

namespace sm2::meter {

class PowerDomain : public Domain, private Sampled {
 public:
  // `read` is called from the sampler's thread and from those that read windows, never at the same time.
  using Read = std::function<base::Result<base::Watts>()>;

  PowerDomain(DomainInfo info, PowerSensor sensor, Read read, const base::Clock& clock);

  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load& load) override;
  Sampled* sampled() override { return this; }

 private:
  class Window;

  base::Seconds sample() override;
  void take();  // one sample, under the mutex

  DomainInfo info_;
  PowerSensor sensor_;
  Read read_;
  const base::Clock& clock_;
  std::mutex mutex_;
  PowerIntegral integral_;
  base::Random jitter_;
};

}  // namespace sm2::meter
