#include "journal/codec.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sm2::journal {
namespace {

template <class Body>
Body round_trip(const Body& body) {
  return std::get<Body>(decode(kind(body), encode(body)).value());
}

TEST(Codec, KeepsWhatAStudyBeganWith) {
  const auto created =
      round_trip(trial::Created{"text", R"([{"study":0,"points":[[1.0,0.1,2.5]]}])", base::Joules(7.5)});
  EXPECT_EQ(created.file, "text");
  EXPECT_EQ(created.experience, R"([{"points":[[1.0,0.1,2.5]],"study":0}])");
  EXPECT_EQ(created.energy, base::Joules(7.5));
}

TEST(Codec, ReadsAnOlderJournal) {
  const auto created = std::get<trial::Created>(decode("created", R"({"file":"text"})").value());
  EXPECT_EQ(created.experience, "");
  EXPECT_FALSE(created.energy);
  const auto exited = std::get<trial::Exited>(
      decode("exited", R"({"trial":1,"outcome":"paused","reached":1,"energy":[],"progress":{"samples":9}})")
          .value());
  EXPECT_EQ(exited.stretch.progress.samples, 9);
  EXPECT_FALSE(exited.stretch.progress.power_limit);
}

TEST(Codec, AWholeNumberIsOneThatItsTypeHolds) {
  for (const char* trial : {"1e30", "0.5", "1.0", "4294967296", "18446744073709551615", "true", "\"1\""}) {
    const auto read = decode("metered", fmt::format(R"({{"trial":{},"energy":[],"seconds":1}})", trial));
    EXPECT_FALSE(read) << trial;
  }
}

TEST(Codec, KeepsEveryKeyOfProgress) {
  const trial::Progress progress{1, 2, 0.5, trial::RateBounds{0.1, 0.2}, 3, 4, 5, 600, base::Watts(250)};
  trial::Evaluated evaluated;
  evaluated.evaluation.progress = progress;
  EXPECT_EQ(round_trip(evaluated).evaluation.progress, progress);
}

TEST(Codec, KeepsEverySchedule) {
  using Kind = trial::Schedule::Kind;
  for (const Kind kind : {Kind::kTriangular, Kind::kTriangular2, Kind::kExpRange, Kind::kOneCycle,
                          Kind::kRangeTest, Kind::kCosine, Kind::kConstant}) {
    trial::Schedule schedule{kind, 1e-3, 1, 2, 0.5};
    schedule.log = trial::runs_in_cycles(kind);
    if (kind == Kind::kExpRange) schedule.gamma = 0.7;
    trial::Train train;
    train.trial = 1;
    train.until = 2;
    train.schedule = schedule;
    const auto kept = round_trip(trial::Decided{train});
    EXPECT_EQ(std::get<trial::Train>(kept.decision).schedule, schedule);
  }
}

TEST(Codec, KeepsNumbersThatAreNotFinite) {
  const double infinity = std::numeric_limits<double>::infinity();
  trial::Evaluated evaluated;
  evaluated.evaluation.resource = std::nan("");
  evaluated.evaluation.seconds = base::Seconds(-infinity);
  const auto kept = round_trip(evaluated).evaluation;
  EXPECT_TRUE(std::isnan(kept.resource));
  EXPECT_EQ(kept.seconds.value, -infinity);
  EXPECT_EQ(round_trip(trial::Checkpointed{1, "e", infinity}).resource, infinity);
  trial::Train train;
  train.until = infinity;
  EXPECT_EQ(std::get<trial::Train>(round_trip(trial::Decided{train}).decision).until, infinity);
}

TEST(Codec, ReadsNullsOfVersion010AsNotANumber) {
  const auto body = decode("checkpointed", R"({"trial":1,"name":"e","resource":null})").value();
  EXPECT_TRUE(std::isnan(std::get<trial::Checkpointed>(body).resource));
}

TEST(Codec, RefusesWhatNoTypeHolds) {
  for (const char* trial : {"1e30", "1.5", "4294967296", "18446744073709551615", "null", "\"1\""})
    EXPECT_FALSE(decode("launched", fmt::format(R"({{"trial":{}}})", trial))) << trial;
  EXPECT_FALSE(decode("checkpointed", R"({"trial":1,"name":"e","resource":"many"})"));
  EXPECT_FALSE(decode("created", R"({"file":"","experience":)" + std::string(1'000'000, '[')));
  EXPECT_FALSE(decode("created", R"({"file":"","experience":)" + std::string(100'000, '[') +
                                     std::string(100'000, ']') + "}"));
}

TEST(Codec, KeepsALimitThatWasExceeded) {
  trial::Exited exited;
  exited.stretch.outcome = trial::Exceeded{"energy", "6 kJ of 5 kJ"};
  EXPECT_EQ(round_trip(exited).stretch.outcome, exited.stretch.outcome);
}

}  // namespace
}  // namespace sm2::journal
