// Energy of the processors, modelled from CPU time: the source that works anywhere.
//
//   gross = idle watts * processors * wall seconds  +  package watts * active seconds
//           +  (busy - idle watts) * CPU seconds of the load
//   idle  = the first term
//
// `processors` are the logical ones this process may use, all of them: a trial holds the machine it runs on. Idle and
// busy watts are per logical processor; package watts are drawn once, while any processor works, and are known only
// where the curve was calibrated. Active seconds are at most the wall's and at most the CPU's. Error: the curve's
// stated bound of gross, plus one tick. Noise: 10 % of gross, for identical work takes CPU time that varies with
// frequency, caches and neighbours, and one tick of the CPU clock (10 ms, /proc) at busy - idle. Unknown when the
// load's CPU time is.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/power_curve.h"
#include "meter/settings.h"

namespace sm2::meter {

class CpuModel final : public Domain {
 public:
  static constexpr std::string_view kName = "cpu-model";
  static constexpr base::Seconds kTick{0.01};
  static constexpr double kRepeatability = 0.1;

  CpuModel(PowerCurve curve, int processors, const base::Clock& clock);

  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load& load) override;

 private:
  DomainInfo info_;
  PowerCurve curve_;
  int processors_;
  const base::Clock& clock_;
};

Discovery discover_cpu_model(const Settings& settings, const std::string& argument, const base::Clock& clock);

}  // namespace sm2::meter
