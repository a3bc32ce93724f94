#include "cli/measurement.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

trial::Reading reading(const std::string& domain, std::optional<Joules> joules) {
  trial::Reading reading;
  reading.domain = domain;
  reading.source = "rapl";
  reading.joules = joules;
  reading.error = Joules(1);
  return reading;
}

Measurement run(Seconds time, trial::Energy energy) {
  return {{"./train"}, 0, {}, time, {}, std::move(energy)};
}

TEST(Figures, AddWhatIsCountedAndLeaveTheRest) {
  trial::Reading core = reading("core-0", Joules(7));
  core.counted = false;
  const Figures found =
      figures(run(Seconds(2), {reading("package-0", Joules(10)), core, reading("dram-0", Joules(2))}));
  EXPECT_EQ(found.joules, Joules(12));
  EXPECT_EQ(found.error, Joules(2));
  EXPECT_EQ(found.watts, Watts(6));
  EXPECT_FALSE(found.idle || found.above_idle);
  EXPECT_EQ(found.energy.size(), 3u);
}

TEST(Figures, TellGrossIdleAndNetApart) {
  trial::Reading package = reading("package-0", Joules(10));
  package.idle = Joules(4);
  const Figures found = figures(run(Seconds(2), {package}));
  EXPECT_EQ(found.joules, Joules(10));
  EXPECT_EQ(found.idle, Joules(4));
  EXPECT_EQ(found.above_idle, Joules(6));
}

TEST(Figures, AreUnknownWithoutAnyDomainOrAnyTime) {
  EXPECT_FALSE(figures(run(Seconds(2), {})).joules);
  const Figures instant = figures(run(Seconds(0), {reading("package-0", Joules(10))}));
  EXPECT_FALSE(instant.watts);
  EXPECT_EQ(instant.joules, Joules(10));
}

TEST(Typical, IsTheMedianOfEachFigureWithTheErrorOfOneRun) {
  const auto of = [](double package, double dram, double time) {
    return run(Seconds(time), {reading("package-0", Joules(package)), reading("dram-0", Joules(dram))});
  };
  const Figures found = typical({of(10, 5, 1), of(20, 1, 2), of(12, 2, 4)});
  EXPECT_EQ(found.joules, Joules(15)) << "of 15, 21 and 14";
  EXPECT_EQ(found.error, Joules(2));
  EXPECT_EQ(found.watts, Watts(10.5)) << "of 15, 10.5 and 3.5";
  EXPECT_EQ(found.time, Seconds(2));
  ASSERT_EQ(found.energy.size(), 2u);
  EXPECT_EQ(found.energy[0].joules, Joules(12));
  EXPECT_EQ(found.energy[1].joules, Joules(2));
}

TEST(Typical, IsOfTheRunsInWhichAFigureIsKnown) {
  trial::Reading lost = reading("package-0", {});
  lost.note = "rapl: input/output error";
  const Figures found = typical({run(Seconds(1), {reading("package-0", Joules(10))}), run(Seconds(1), {lost}),
                                 run(Seconds(1), {reading("package-0", Joules(12))})});
  EXPECT_EQ(found.joules, Joules(11));
  EXPECT_EQ(trial::note(found.energy), "rapl: input/output error");
  EXPECT_FALSE(typical({run(Seconds(1), {lost})}).joules);
  EXPECT_FALSE(typical({}).joules);
}

}  // namespace
}  // namespace sm2::cli
