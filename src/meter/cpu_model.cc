#include "meter/cpu_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/units.h"
#include "meter/calibration.h"
#include "meter/processor.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

class ModelWindow final : public DomainWindow {
 public:
  ModelWindow(const PowerCurve& curve, int processors, const base::Clock& clock, Load load)
      : curve_(curve),
        processors_(processors),
        clock_(clock),
        load_(std::move(load)),
        opened_(clock.monotonic()) {}

  trial::Reading read() override {
    trial::Reading reading;
    reading.domain = "cpu";
    reading.source = CpuModel::kName;
    reading.quality = trial::Quality::kModelled;
    const auto used = load_.cpu_time ? load_.cpu_time() : std::nullopt;
    if (!used || !(used->value >= 0) || !std::isfinite(used->value)) {
      reading.note = "cpu-model: the CPU time of the process tree cannot be read";
      return reading;
    }
    used_ = std::max(used_, *used);  // processes that left the tree take nothing back
    const Seconds wall = std::max(Seconds(0), clock_.monotonic() - opened_);
    const Watts dynamic = curve_.busy - curve_.idle;
    reading.idle = curve_.idle * processors_ * wall;
    reading.joules = *reading.idle + curve_.package * std::min(wall, used_) + dynamic * used_;
    reading.noise = CpuModel::kRepeatability * *reading.joules + dynamic * CpuModel::kTick;
    reading.error = curve_.relative_error * *reading.joules + dynamic * CpuModel::kTick;
    reading.error = std::max(reading.error, reading.noise);
    return reading;
  }

 private:
  const PowerCurve& curve_;
  int processors_;
  const base::Clock& clock_;
  Load load_;
  Seconds opened_;
  Seconds used_;
};

std::string describe(const PowerCurve& curve, int processors) {
  const std::string package = curve.package > Watts(0) ? fmt::format(", the package {} more while it works",
                                                                     base::format(curve.package))
                                                       : "";
  return fmt::format(
      "idle watts times time, and CPU time of the process tree times a power curve: {} logical processors of "
      "{} idle and {} busy{} ({})",
      processors, base::format(curve.idle), base::format(curve.busy), package, curve.origin);
}

}  // namespace

CpuModel::CpuModel(PowerCurve curve, int processors, const base::Clock& clock)
    : curve_(std::move(curve)), processors_(processors), clock_(clock) {
  info_.name = "cpu";
  info_.source = kName;
  info_.quality = trial::Quality::kModelled;
  info_.part = kProcessors;
  info_.description = describe(curve_, processors_);
  info_.resolution = kTick;
  info_.relative_error = curve_.relative_error;
}

std::unique_ptr<DomainWindow> CpuModel::open(const Load& load) {
  return std::make_unique<ModelWindow>(curve_, processors_, clock_, load);
}

Discovery discover_cpu_model(const Settings& settings, const std::string&, const base::Clock& clock) {
  const Processor processor = read_processor(settings.proc);
  auto curve = power_curve(processor, settings.idle, settings.busy);
  const bool stated = settings.idle || settings.busy;
  if (const auto calibrated = stated ? std::nullopt : load_curve(settings.curve, processor.name))
    curve = *calibrated;
  Discovery found;
  if (!curve) {
    found.unusable.push_back({curve.error().message, "correct the watts given", true});
  } else {
    found.domains.push_back(std::make_unique<CpuModel>(*curve, available_processors(), clock));
  }
  return found;
}

}  // namespace sm2::meter
