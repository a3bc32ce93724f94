// Fits the power curve of the cpu-model to a source that really measures the processors here, so that the model can be
// trusted where that source cannot be read later (another user, a container). With k the mean number of busy logical
// processors:
//
//   power(0) = processors * idle          power(k) = power(0) + package + k * core,  package >= 0, k >= 1
//
// package and core by least squares; busy = idle + core. The stated error is the reference's own plus the largest
// residual. Only one kind of work is tried (dependent floating-point operations), so 5 % are added for others.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "meter/meter.h"
#include "meter/power_curve.h"

namespace sm2::meter {

struct LoadPoint {
  double busy = 0;  // processors
  base::Watts power;
};

// Fails when the points do not make a curve: no idle point, no load, or less power under load than without.
base::Result<PowerCurve> fit(const std::vector<LoadPoint>& points, int processors, double reference_error);

// Keeps so many threads busy for so long (0: sleeps); the CPU time that it took.
using Work = std::function<base::Seconds(int threads, base::Seconds time)>;
base::Seconds work(int threads, base::Seconds time);

// Takes about 10 s, in which the machine should do nothing else. Fails when `reference` measures no processor.
base::Result<PowerCurve> calibrate(Meter& reference, int processors, const base::Clock& clock,
                                   const Work& work);

// A curve is kept with the name of the processor and holds for no other one.
base::Result<> save_curve(const PowerCurve& curve, const std::string& processor,
                          const std::filesystem::path& file);
std::optional<PowerCurve> load_curve(const std::filesystem::path& file, const std::string& processor);

}  // namespace sm2::meter
