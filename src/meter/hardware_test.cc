#include "meter/hardware.h"

#include <gtest/gtest.h>

namespace sm2::meter {
namespace {

DomainInfo domain(const std::string& source, const std::string& part, const std::string& model = "") {
  DomainInfo info;
  info.source = source;
  info.part = part;
  info.model = model;
  return info;
}

TEST(Hardware, NamesTheProcessorAndWhatCounts) {
  EXPECT_EQ(hardware("EPYC", 64, {domain("rapl", kProcessors), domain("rapl", kProcessors)}),
            "EPYC, 64 processors; by rapl");
  EXPECT_EQ(hardware("", 1, {domain("rapl", kProcessors)}), "a processor, 1 processor; by rapl");
  EXPECT_EQ(hardware("EPYC", 64, {}), "");
}

TEST(Hardware, CountsDevicesByModelWhateverTheirOrder) {
  const DomainInfo h100 = domain("nvml", gpu_part("0000:3b:00.0"), "H100");
  const DomainInfo a100 = domain("nvml", gpu_part("0000:4b:00.0"), "A100");
  const DomainInfo cpu = domain("cpu-model", kProcessors);
  EXPECT_EQ(hardware("EPYC", 64, {cpu, h100, a100, h100}),
            "EPYC, 64 processors; 1 x A100; 2 x H100; by cpu-model, nvml");
  EXPECT_EQ(hardware("EPYC", 64, {h100, h100, a100, cpu}), hardware("EPYC", 64, {cpu, h100, a100, h100}));
}

TEST(Hardware, OtherSourcesAreAnotherKind) {
  EXPECT_NE(hardware("EPYC", 64, {domain("cpu-model", kProcessors)}),
            hardware("EPYC", 64, {domain("rapl", kProcessors)}));
}

TEST(Hardware, ADeviceOfNoKnownModelIsToldByItsSource) {
  EXPECT_EQ(hardware("Xeon", 2, {domain("hwmon", gpu_part("0000:3b:00.0"))}),
            "Xeon, 2 processors; 1 x a device by hwmon; by hwmon");
}

}  // namespace
}  // namespace sm2::meter
