#include "meter/replay/trace.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sm2::meter::replay {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

std::vector<Trace::Power> watts(std::initializer_list<std::pair<double, double>> rows) {
  std::vector<Trace::Power> all;
  for (const auto& [at, power] : rows) all.push_back({Seconds(at), Watts(power)});
  return all;
}

TEST(TraceTest, PowerIsLinearBetweenRows) {
  const Trace trace(watts({{0, 10}, {2, 30}, {3, 0}}));
  EXPECT_EQ(trace.power(Seconds(0)), Watts(10));
  EXPECT_EQ(trace.power(Seconds(0.5)), Watts(15));
  EXPECT_EQ(trace.power(Seconds(2)), Watts(30));
  EXPECT_EQ(trace.power(Seconds(2.75)), Watts(7.5));
  EXPECT_EQ(trace.power(Seconds(3)), Watts(0));
}

TEST(TraceTest, EnergyIsTheExactIntegral) {
  const Trace trace(watts({{0, 10}, {2, 30}, {3, 0}}));
  EXPECT_EQ(trace.joules(Seconds(0), Seconds(3)), Joules(55));
  EXPECT_EQ(trace.joules(Seconds(0), Seconds(1)), Joules(15));
  EXPECT_EQ(trace.joules(Seconds(1), Seconds(2.5)), Joules(25 + 0.25 * (30 + 15)));
  EXPECT_EQ(trace.joules(Seconds(1), Seconds(1)), Joules(0));
}

TEST(TraceTest, WindowsSideBySideAddUp) {
  std::vector<Trace::Power> rows;
  for (int at = 0; at <= 1000; ++at) rows.push_back({Seconds(0.1 * at), Watts(100 + 80 * std::sin(at))});
  const Trace trace(rows);
  Joules sum;
  for (double at = 0; at < 99; at += 0.73)
    sum += *trace.joules(Seconds(at), Seconds(std::min(99.0, at + 0.73)));
  EXPECT_NEAR(sum.value, trace.joules(Seconds(0), Seconds(99))->value, 1e-7);
}

TEST(TraceTest, OutsideOfTheRecordingNothingIsKnown) {
  const Trace trace(watts({{1, 10}, {2, 10}}));
  EXPECT_EQ(trace.power(Seconds(0.9)), std::nullopt);
  EXPECT_EQ(trace.power(Seconds(2.1)), std::nullopt);
  EXPECT_EQ(trace.power(Seconds(std::nan(""))), std::nullopt);
  EXPECT_EQ(trace.joules(Seconds(0.9), Seconds(2)), std::nullopt);
  EXPECT_EQ(trace.joules(Seconds(1), Seconds(2.1)), std::nullopt);
  EXPECT_EQ(trace.joules(Seconds(2), Seconds(1)), std::nullopt);
}

TEST(TraceTest, CountedJoulesGrowLinearlyBetweenRows) {
  const Trace::Counted rows[] = {
      {Seconds(0), Joules(1000)}, {Seconds(2), Joules(1100)}, {Seconds(3), Joules(1100)}};
  const Trace trace(rows);
  EXPECT_EQ(trace.joules(Seconds(0), Seconds(3)), Joules(100));
  EXPECT_EQ(trace.joules(Seconds(0.5), Seconds(2.5)), Joules(75));
  EXPECT_EQ(trace.power(Seconds(1)), Watts(50));
  EXPECT_EQ(trace.power(Seconds(3)), Watts(0));
}

}  // namespace
}  // namespace sm2::meter::replay
