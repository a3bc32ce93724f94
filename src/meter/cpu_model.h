// Energy of the processors, modelled from CPU time: the source that works anywhere.
//
//   gross = idle watts * processors * wall seconds  +  (busy - idle watts) * CPU seconds of the load
//   idle  = the first term
//
// `processors` are the logical ones this process may use, all of them: a trial holds the machine it runs on.
// Watts are per logical processor. Error: the curve's stated bound of gross, plus one tick. Noise: 10 % of
// gross, for identical work takes CPU time that varies with frequency, caches and neighbours, and one tick of the
// CPU clock (10 ms, /proc) at busy - idle. Unknown when the load's CPU time is.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "meter/meter.h"
#include "meter/power_curve.h"

namespace sm2::meter {

class CpuModel final : public Meter {
 public:
  static constexpr std::string_view kName = "cpu-model";
  static constexpr std::string_view kDomain = "cpu";
  static constexpr base::Seconds kTick{0.01};
  static constexpr double kRepeatability = 0.1;

  CpuModel(PowerCurve curve, int processors, const base::Clock& clock)
      : curve_(std::move(curve)), processors_(processors), clock_(clock) {}

  std::unique_ptr<Window> open(Load load) override;
  std::vector<Source> sources() const override;

 private:
  PowerCurve curve_;
  int processors_;
  const base::Clock& clock_;
};

std::string describe(const PowerCurve& curve, int processors);

}  // namespace sm2::meter
