#include "cli/measure_stream.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using Json = nlohmann::json;

trial::Reading reading(const std::string& domain, std::optional<Joules> joules) {
  trial::Reading reading;
  reading.domain = domain;
  reading.source = "nvml";
  reading.joules = joules;
  reading.noise = Joules(1);
  return reading;
}

meter::DomainInfo stepping(const std::string& name, Seconds resolution) {
  meter::DomainInfo info;
  info.name = name;
  info.resolution = resolution;
  return info;
}

class Stream : public ::testing::Test {
 protected:
  PowerStream stream_{{stepping("gpu-0", Seconds(0.1)), stepping("package-0", Seconds(0.001))}};
};

TEST_F(Stream, IsThePowerOfEachInterval) {
  stream_.next(Seconds(1), {reading("gpu-0", Joules(100)), reading("package-0", Joules(50))});
  const Tick tick =
      stream_.next(Seconds(12), {reading("gpu-0", Joules(1420)), reading("package-0", Joules(787))});
  EXPECT_EQ(tick.watts, Watts(187));
  EXPECT_EQ(tick.joules, Joules(2207));
  EXPECT_EQ(text(tick), "    12.0 s   187 W  (gpu-0 120 W, package-0 67.0 W)\n");
  EXPECT_EQ(Json::parse(json(tick, {})),
            Json::parse(R"({"seconds": 12.0, "watts": 187.0, "joules": 2207.0, "note": "",
                            "domains": [{"name": "gpu-0", "watts": 120.0}, {"name": "package-0", "watts": 67.0}]})"));
}

TEST_F(Stream, SaysThatAnIntervalIsTooShortForADomain) {
  const Tick tick =
      stream_.next(Seconds(0.15), {reading("gpu-0", Joules(30)), reading("package-0", Joules(3))});
  EXPECT_FALSE(tick.watts);
  EXPECT_EQ(
      text(tick),
      "    0.15 s  unknown: gpu-0: too short an interval to resolve  (gpu-0 too short, package-0 20.0 W)\n");
  EXPECT_EQ(Json::parse(json(tick, {}))["watts"], nullptr);
  EXPECT_EQ(tick.joules, Joules(33));
}

TEST_F(Stream, ResolvesAnythingOfADomainWithoutNoise) {
  trial::Reading recorded = reading("gpu-0", Joules(3));
  recorded.noise = Joules(0);
  EXPECT_EQ(stream_.next(Seconds(0.03), {recorded}).watts, Watts(100));
}

TEST_F(Stream, IsNeverNegative) {
  stream_.next(Seconds(1), {reading("gpu-0", Joules(100))});
  const Tick tick = stream_.next(Seconds(2), {reading("gpu-0", Joules(90))});
  EXPECT_FALSE(tick.watts);
  EXPECT_TRUE(tick.domains[0].too_short);
}

TEST_F(Stream, IsUnknownWhileADomainIsAndNamesTheReason) {
  trial::Reading lost = reading("gpu-0", {});
  lost.note = "the GPU is lost";
  const Tick tick = stream_.next(Seconds(1), {lost, reading("package-0", Joules(20))});
  EXPECT_EQ(text(tick), "    1.00 s  unknown: gpu-0: the GPU is lost  (gpu-0 unknown, package-0 20.0 W)\n");
  EXPECT_EQ(Json::parse(json(tick, {}))["joules"], nullptr);
  const Tick back =
      stream_.next(Seconds(2), {reading("gpu-0", Joules(20)), reading("package-0", Joules(40))});
  EXPECT_FALSE(back.watts) << "what was used meanwhile is not of this interval";
}

TEST_F(Stream, DoesNotAddWhatIsPartOfAnotherDomain) {
  trial::Reading core = reading("core-0", Joules(5));
  core.counted = false;
  const Tick tick = stream_.next(Seconds(1), {reading("package-0", Joules(20)), core});
  EXPECT_EQ(tick.watts, Watts(20));
  EXPECT_EQ(text(tick), "    1.00 s  20.0 W  (package-0 20.0 W, of which core-0 5.00 W)\n");
}

TEST_F(Stream, NamesTheRunOfASeries) {
  const Tick tick = stream_.next(Seconds(1), {reading("gpu-0", Joules(20))});
  EXPECT_EQ(Json::parse(json(tick, RunName{"B", 3}))["side"], "B");
  EXPECT_EQ(Json::parse(json(tick, RunName{"B", 3}))["run"], 3);
  EXPECT_FALSE(Json::parse(json(tick, RunName{"", 3})).contains("side"));
}

}  // namespace
}  // namespace sm2::cli
