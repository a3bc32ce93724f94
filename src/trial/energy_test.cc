#include "trial/energy.h"

#include <gtest/gtest.h>

namespace sm2::trial {
namespace {

using base::Joules;

Reading reading(const char* domain, double joules, double error = 1, double noise = 1) {
  return {domain,
          "rapl",
          Quality::kMeasured,
          Joules(joules),
          Joules(joules / 4),
          Joules(error),
          Joules(noise),
          "",
          "",
          true};
}

TEST(Energy, UnknownIsNotZero) {
  Reading gone = reading("dram", 1);
  gone.joules.reset();
  gone.note = "the file vanished";
  EXPECT_EQ(total({}), std::nullopt);
  EXPECT_EQ(total({reading("package-0", 5), gone}), std::nullopt);
  EXPECT_EQ(describe({reading("package-0", 5), gone}), "unknown (the file vanished)");
  EXPECT_EQ(describe({}), "unknown (no energy source)");
}

TEST(Energy, AddsWindowsDomainByDomain) {
  const Energy sum = add({reading("package-0", 5, 1, 3)}, {reading("package-0", 7, 2, 4)});
  ASSERT_EQ(sum.size(), 1u);
  EXPECT_EQ(sum[0].joules, Joules(12));
  EXPECT_EQ(sum[0].error, Joules(3));  // linear
  EXPECT_EQ(sum[0].noise, Joules(5));  // in quadrature
  EXPECT_EQ(above_idle(sum), Joules(9));
}

TEST(Energy, ADomainThatOneWindowLacksIsNotedAsIncomplete) {
  const Energy sum = add({reading("package-0", 5)}, {reading("package-0", 7), reading("dram-0", 1)});
  ASSERT_EQ(sum.size(), 2u);
  EXPECT_EQ(sum[0].note, "");
  EXPECT_EQ(sum[1].note, "not read throughout");
  EXPECT_EQ(combine({reading("a", 1)}, {reading("b", 2)})[1].note, "");
}

TEST(Energy, NotesAreKeptOnce) {
  Reading killed = reading("cpu", 1);
  killed.note = "killed";
  Energy sum = {killed};
  for (int more = 0; more < 3; ++more) sum = add(sum, {killed});
  EXPECT_EQ(note(sum), "killed");
}

TEST(Energy, IsDescribedWithErrorSourceAndQuality) {
  EXPECT_EQ(describe({reading("cpu", 12.44, 0.81)}), "12.4 J +- 0.81 (rapl, measured)");
  EXPECT_EQ(describe({reading("cpu", 200, 100)}), "200 J +- 100 (rapl, measured)");
  EXPECT_EQ(describe({reading("cpu", 12345, 600)}), "12.3 kJ +- 0.6 (rapl, measured)");
  EXPECT_EQ(describe({reading("cpu", 0.03, 0.044)}), "30.0 mJ +- 44 (rapl, measured)");
}

TEST(Energy, IsDescribedByHowItWasRead) {
  Reading counter = reading("gpu-0", 12.4, 0.8), power = reading("gpu-1", 1, 0);
  counter.source = power.source = "nvml";
  counter.method = "counter";
  power.method = "power";
  EXPECT_EQ(describe({counter}), "12.4 J +- 0.8 (nvml counter)");
  EXPECT_EQ(describe({counter, power}), "13.4 J +- 0.8 (nvml counter + nvml power)");
  power.quality = Quality::kModelled;
  EXPECT_EQ(describe({counter, power}), "13.4 J +- 0.8 (nvml counter + nvml power, modelled)");
}

TEST(Energy, WhatIsPartOfAnotherIsNeverAdded) {
  Reading core = reading("core-0", 3, 100, 100);
  core.counted = false;
  core.quality = Quality::kModelled;
  core.note = "unsure";
  const Energy energy = {reading("package-0", 5), core};
  EXPECT_EQ(total(energy), Joules(5));
  EXPECT_EQ(above_idle(energy), Joules(5 - 1.25));
  EXPECT_EQ(error(energy), Joules(1));
  EXPECT_EQ(noise(energy), Joules(1));
  EXPECT_EQ(worst(energy), Quality::kMeasured);
  EXPECT_EQ(note(energy), "");
  EXPECT_EQ(total({core}), std::nullopt) << "nothing is counted, and that is not zero";
  EXPECT_FALSE(add(energy, energy)[1].counted);
  core.joules.reset();
  EXPECT_EQ(total({reading("package-0", 5), core}), Joules(5));
}

TEST(Energy, TheWorstQualityIsTheWholes) {
  Energy energy = {reading("a", 1), reading("b", 1)};
  EXPECT_EQ(worst(energy), Quality::kMeasured);
  energy[1].quality = Quality::kModelled;
  EXPECT_EQ(worst(energy), Quality::kModelled);
}

}  // namespace
}  // namespace sm2::trial
