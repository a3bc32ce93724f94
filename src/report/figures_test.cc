#include "report/figures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::report {
namespace {

trial::Reading reading(const std::string& source, const std::string& method, trial::Quality quality) {
  trial::Reading made;
  made.domain = source;
  made.source = source;
  made.method = method;
  made.quality = quality;
  made.joules = base::Joules(10);
  return made;
}

TEST(Provenance, SaysSourceAndMethodAndTheQualityThatTheyLeaveOpen) {
  const trial::Reading gpu = reading("nvml", "counter", trial::Quality::kMeasured);
  const trial::Reading cpu = reading("cpu-model", "", trial::Quality::kModelled);
  EXPECT_EQ(provenance({gpu}), "nvml counter");
  EXPECT_EQ(provenance({cpu}), "cpu-model, modelled");
  EXPECT_EQ(provenance({cpu, gpu}), "cpu-model + nvml counter, modelled");
  EXPECT_EQ(provenance({reading("command", "", trial::Quality::kMeasured)}), "command, measured");
  EXPECT_EQ(provenance({}), "no energy source");
}

TEST(Provenance, AndSumsLeaveOutWhatIsPartOfAnother) {
  trial::Reading part = reading("core", "", trial::Quality::kModelled);
  part.counted = false;
  const trial::Reading package = reading("rapl", "counter", trial::Quality::kMeasured);
  EXPECT_EQ(provenance({package, part}), "rapl counter");
  EXPECT_EQ(spent({package, part}).joules, base::Joules(10));
}

TEST(Figures, ADateThatIsNoneIsUnknown) {
  EXPECT_EQ(date_text(base::Seconds(1.75e9)), "2025-06-15 15:06 UTC");
  for (const double none : {0.0, -5.0, 1e300, -1e300, 253'402'300'800.0, std::nan("")})
    EXPECT_EQ(date_text(base::Seconds(none)), "unknown") << none;
}

}  // namespace
}  // namespace sm2::report
