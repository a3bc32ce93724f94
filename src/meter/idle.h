// Idle power, so that gross, idle and net can be told apart: stated by the user, or measured before anything runs. A
// domain that knows its idle part itself (cpu-model) keeps it, unless the user states another.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "meter/meter.h"

namespace sm2::meter {

using IdleWatts = std::map<std::string, base::Watts>;  // by domain

// A meter whose readings have the idle part filled in: watts times the window's seconds, at most all of it.
class WithIdle final : public Meter {
 public:
  WithIdle(Meter& meter, IdleWatts watts, const base::Clock& clock)
      : meter_(meter), watts_(std::move(watts)), clock_(clock) {}

  std::unique_ptr<Window> open(Load load) override;
  std::vector<DomainInfo> domains() const override { return meter_.domains(); }
  std::optional<base::Seconds> read_within() const override { return meter_.read_within(); }
  std::string hardware(const Load& load) const override { return meter_.hardware(load); }
  std::map<pid_t, double> use_by_process(const std::string& domain) override {
    return meter_.use_by_process(domain);
  }

 private:
  Meter& meter_;
  IdleWatts watts_;
  const base::Clock& clock_;
};

// The mean power of every domain that does not know its idle part, over `time` from now: the machine should be left
// alone meanwhile. A domain that cannot be read is left out.
IdleWatts measure_idle(Meter& meter, base::Seconds time, const base::Clock& clock,
                       const std::function<void(base::Seconds)>& sleep);
IdleWatts measure_idle(Meter& meter, base::Seconds time, const base::Clock& clock);

// The names in `watts` that no domain has, as one line; nothing when all are known.
std::optional<std::string> unknown_domain(const Meter& meter, const IdleWatts& watts);

}  // namespace sm2::meter
