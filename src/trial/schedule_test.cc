#include "trial/schedule.h"

#include <gtest/gtest.h>

namespace sm2::trial {
namespace {

using Kind = Schedule::Kind;

TEST(TrialSchedule, EveryNameIsReadBackOnEitherScale) {
  for (const Kind kind : {Kind::kTriangular, Kind::kTriangular2, Kind::kExpRange, Kind::kOneCycle,
                          Kind::kRangeTest, Kind::kCosine, Kind::kConstant}) {
    EXPECT_EQ(kind_named(name(kind)), kind);
    for (const bool log : {false, true}) {
      Schedule schedule;
      schedule.kind = kind;
      schedule.log = log;
      const auto read = schedule_named(name(schedule));
      if (log && !runs_in_cycles(kind)) {
        EXPECT_FALSE(read) << name(schedule);
      } else {
        EXPECT_EQ(read, schedule) << name(schedule);
      }
    }
  }
}

TEST(TrialSchedule, HasTheNamesOfTheFirstProtocolAndNoOthersThanItsOwn) {
  EXPECT_EQ(schedule_named("log-triangular")->kind, Kind::kTriangular);
  EXPECT_TRUE(schedule_named("log-triangular")->log);
  EXPECT_FALSE(schedule_named("triangular")->log);
  for (const char* unknown : {"", "log-", "log-log-triangular", "Triangular", "triangular3"})
    EXPECT_FALSE(schedule_named(unknown)) << unknown;
}

TEST(TrialSchedule, TheMiddleIsThatOfALogScale) { EXPECT_NEAR(middle_rate({1e-3, 0.1}), 0.01, 1e-15); }

}  // namespace
}  // namespace sm2::trial
