#include "meter/cpu_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/units.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class ModelWindow final : public Window {
 public:
  ModelWindow(const PowerCurve& curve, int processors, const base::Clock& clock, Load load)
      : curve_(curve),
        processors_(processors),
        clock_(clock),
        load_(std::move(load)),
        opened_(clock.monotonic()) {}

  trial::Energy read() override {
    trial::Reading reading;
    reading.domain = CpuModel::kDomain;
    reading.source = CpuModel::kName;
    reading.quality = trial::Quality::kModelled;
    const auto used = load_.cpu_time ? load_.cpu_time() : std::nullopt;
    if (!used || !(used->value >= 0) || !std::isfinite(used->value)) {
      reading.note = "cpu-model: the CPU time of the process tree cannot be read";
      return {reading};
    }
    used_ = std::max(used_, *used);  // processes that left the tree take nothing back
    const Seconds wall = std::max(Seconds(0), clock_.monotonic() - opened_);
    const Watts dynamic = curve_.busy - curve_.idle;
    reading.idle = curve_.idle * processors_ * wall;
    reading.joules = *reading.idle + dynamic * used_;
    reading.noise = CpuModel::kRepeatability * *reading.joules + dynamic * CpuModel::kTick;
    reading.error = curve_.relative_error * *reading.joules + dynamic * CpuModel::kTick;
    return {reading};
  }

 private:
  PowerCurve curve_;
  int processors_;
  const base::Clock& clock_;
  Load load_;
  Seconds opened_;
  Seconds used_;
};

}  // namespace

std::unique_ptr<Window> CpuModel::open(Load load) {
  return std::make_unique<ModelWindow>(curve_, processors_, clock_, std::move(load));
}

std::vector<Source> CpuModel::sources() const {
  return {{std::string(kName), describe(curve_, processors_), std::nullopt}};
}

std::string describe(const PowerCurve& curve, int processors) {
  return fmt::format(
      "CPU time of the process tree times a power curve: {} logical processors of {} idle and {} busy ({})",
      processors, base::format(curve.idle), base::format(curve.busy), curve.origin);
}

}  // namespace sm2::meter
