#include "meter/power_curve.h"

#include <cmath>

#include "base/units.h"

namespace sm2::meter {
namespace {

using base::Watts;

struct Generation {
  const char* name;
  const char* vendor;
  const char* brand;  // in the model's name: the coefficients are those of server processors
  int family;
  int model_low, model_high;
  int stepping_low, stepping_high;
  double idle, busy;  // watts per logical processor
};

constexpr const char* kIntel = "GenuineIntel";
constexpr const char* kAmd = "AuthenticAMD";
constexpr int kAny = 255;

// output/coefficients-aws-use.csv, from SPECpower results of 2026-03-09, rounded. Its EPYC 5th Gen row (3.68
// and 8.96 W) is left out: it averages in EPYC 4005 parts of 6 to 16 cores, so such processors get the
// average below.
constexpr Generation kGenerations[] = {
    {"EPYC 1st Gen", kAmd, "EPYC", 23, 0x00, 0x0f, 0, kAny, 0.85, 2.60},
    {"EPYC 2nd Gen", kAmd, "EPYC", 23, 0x30, 0x3f, 0, kAny, 0.47, 1.69},
    {"EPYC 3rd Gen", kAmd, "EPYC", 25, 0x00, 0x0f, 0, kAny, 0.46, 1.96},
    {"EPYC 4th Gen", kAmd, "EPYC", 25, 0x10, 0x1f, 0, kAny, 0.74, 2.28},
    {"EPYC 4th Gen", kAmd, "EPYC", 25, 0xa0, 0xaf, 0, kAny, 0.74, 2.28},
    {"Sandy Bridge", kIntel, "Xeon", 6, 0x2d, 0x2d, 0, kAny, 2.21, 8.63},
    {"Ivy Bridge", kIntel, "Xeon", 6, 0x3e, 0x3e, 0, kAny, 1.71, 5.56},
    {"Haswell", kIntel, "Xeon", 6, 0x3f, 0x3f, 0, kAny, 1.86, 5.60},
    {"Broadwell", kIntel, "Xeon", 6, 0x4f, 0x4f, 0, kAny, 0.71, 3.69},
    {"Skylake", kIntel, "Xeon", 6, 0x55, 0x55, 0, 4, 0.61, 4.10},
    {"Cascade Lake", kIntel, "Xeon", 6, 0x55, 0x55, 5, 7, 0.69, 4.06},
    {"Coffee Lake", kIntel, "Xeon", 6, 0x9e, 0x9e, 10, 13, 1.14, 5.42},
    {"Ice Lake", kIntel, "Xeon", 6, 0x6a, 0x6a, 0, kAny, 0.77, 3.76},
    {"Sapphire Rapids", kIntel, "Xeon", 6, 0x8f, 0x8f, 0, kAny, 1.04, 4.16},
    {"Emerald Rapids", kIntel, "Xeon", 6, 0xcf, 0xcf, 0, kAny, 0.81, 4.48},
    {"Granite Rapids", kIntel, "Xeon", 6, 0xad, 0xae, 0, kAny, 0.58, 2.53},
};

// MIN_WATTS_AVG and MAX_WATTS_AVG of AWS in the same project's application (2021 and later).
constexpr Generation kAverage = {"the average processor of AWS", "", "", 0, 0, 0, 0, 0, 0.74, 3.5};

const Generation& generation(const Processor& processor) {
  for (const Generation& known : kGenerations) {
    if (processor.vendor == known.vendor && processor.name.find(known.brand) != std::string::npos &&
        processor.family == known.family && processor.model >= known.model_low &&
        processor.model <= known.model_high && processor.stepping >= known.stepping_low &&
        processor.stepping <= known.stepping_high)
      return known;
  }
  return kAverage;
}

}  // namespace

base::Result<PowerCurve> power_curve(const Processor& processor, std::optional<Watts> idle,
                                     std::optional<Watts> busy) {
  const Generation& known = generation(processor);
  PowerCurve curve{idle.value_or(Watts(known.idle)), busy.value_or(Watts(known.busy)), Watts(0), 0.5, ""};
  if (!std::isfinite(curve.idle.value) || !std::isfinite(curve.busy.value) || curve.idle < Watts(0) ||
      curve.busy <= Watts(0)) {
    return base::fail("the watts of a logical processor must be positive: idle {}, busy {}",
                      base::format(curve.idle), base::format(curve.busy));
  }
  if (curve.idle > curve.busy) {
    return base::fail("a logical processor draws more idle ({}) than busy ({}); set both, idle below busy",
                      base::format(curve.idle), base::format(curve.busy));
  }
  if (idle && busy) {
    curve.relative_error = 0.2;
    curve.origin = "stated by the user";
  } else {
    curve.origin = fmt::format("{}Cloud Carbon Footprint {} for {}",
                               idle || busy ? "in part stated by the user, else " : "",
                               &known == &kAverage ? "2021" : "2026", known.name);
  }
  return curve;
}

}  // namespace sm2::meter
