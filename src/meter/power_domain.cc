#include "meter/power_domain.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/units.h"

namespace sm2::meter {

using base::Joules;
using base::Seconds;
using base::Watts;

namespace {

constexpr Seconds kLongestRest{1};

}  // namespace

class PowerDomain::Window final : public DomainWindow {
 public:
  explicit Window(PowerDomain& domain) : domain_(domain) {
    const std::lock_guard lock(domain_.mutex_);
    domain_.take();
    start_ = domain_.integral_.mark();
    if (!start_.valid || !domain_.integral_.missing().empty())
      unopened_ = "not readable when the window was opened: " + domain_.integral_.missing();
  }

  trial::Reading read() override {
    const DomainInfo& info = domain_.info_;
    const auto used = take();
    if (!used) return unknown(info, used.error().message);
    if (used->joules <= Joules(0) && most_ <= Joules(0) && used->elapsed > kLongestRest) {
      return unknown(info, fmt::format("its power has been 0 W for {}, which nothing that is on draws",
                                       base::format(used->elapsed)));
    }
    trial::Reading reading = reading_of(info);
    reading.joules = std::max(most_, used->joules);
    reading.noise = used->noise + (*reading.joules - used->joules);
    reading.error = used->error + (*reading.joules - used->joules);
    most_ = *reading.joules;
    reading.note = used->gap ? info.name + ": the power was not read throughout" : note(*used);
    return reading;
  }

 private:
  base::Result<PowerIntegral::Energy> take() {
    if (!unopened_.empty()) return base::fail("{}", unopened_);
    const std::lock_guard lock(domain_.mutex_);
    domain_.take();
    if (!domain_.integral_.missing().empty()) return base::fail("{}", domain_.integral_.missing());
    return *domain_.integral_.since(start_);
  }

  std::string note(const PowerIntegral::Energy& used) const {
    if (used.noise < 0.5 * used.joules || used.elapsed > 20 * domain_.sensor_.update) return "";
    return fmt::format("{}: too short to resolve, the power shown is up to {:g} ms late", domain_.info_.name,
                       1e3 * (domain_.sensor_.averaged + domain_.sensor_.update).value);
  }

  PowerDomain& domain_;
  PowerIntegral::Mark start_;
  Joules most_;  // a window's energy does not decrease
  std::string unopened_;
};

PowerDomain::PowerDomain(DomainInfo info, PowerSensor sensor, Read read, const base::Clock& clock)
    : info_(std::move(info)),
      sensor_(sensor),
      read_(std::move(read)),
      clock_(clock),
      integral_(sensor),
      jitter_(std::hash<std::string>()(info_.name)) {
  info_.resolution = sensor_.update + sensor_.averaged;
  info_.relative_error = sensor_.relative_error;
}

std::unique_ptr<DomainWindow> PowerDomain::open(const Load&) { return std::make_unique<Window>(*this); }

// A sensor that does not see all of the time is not looked at in even intervals, which could keep step with a load.
Seconds PowerDomain::sample() {
  const std::lock_guard lock(mutex_);
  take();
  return (sensor_.duty < 1 ? 0.5 + jitter_.uniform() : 1) * integral_.next();
}

void PowerDomain::take() {
  const auto power = read_();
  const Seconds now = clock_.monotonic();
  if (!power) return integral_.miss(power.error().message);
  if (!std::isfinite(power->value) || *power < Watts(0) || *power > sensor_.highest) {
    return integral_.miss(fmt::format("a power of {:g} W is not plausible (0 to {})", power->value,
                                      base::format(sensor_.highest)));
  }
  integral_.add(now, *power);
}

}  // namespace sm2::meter
