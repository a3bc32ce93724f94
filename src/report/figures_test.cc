#include "report/figures.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace sm2::report
