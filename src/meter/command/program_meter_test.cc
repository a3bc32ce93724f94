#include "meter/command/program_meter.h"

#include <gtest/gtest.h>

#include "testing/fake_clock.h"

namespace sm2::meter::command {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

std::string error_of(std::string_view output) {
  const auto answer = parse(output);
  return answer ? "no error" : answer.error().message;
}

Counted counted(std::string_view output) { return std::get<Counted>(parse(output).value()); }

TEST(ProgramMeterTest, APowerAndAnEnergyAreToldByTheirUnits) {
  EXPECT_EQ(std::get<Watts>(parse("123.5 W\n").value()), Watts(123.5));
  EXPECT_EQ(std::get<Watts>(parse("  1.5 kW\r\n").value()), Watts(1500));
  EXPECT_EQ(counted("4512 J").joules, Joules(4512));
  EXPECT_EQ(counted("1.25 kWh\n").joules, Joules(4.5e6));
}

TEST(ProgramMeterTest, ACounterIsAsFineAsItsLastDigit) {
  EXPECT_EQ(counted("4512 J").step, Joules(1));
  EXPECT_NEAR(counted("1.25 kWh").step.value, 36'000, 1e-6);
  EXPECT_NEAR(counted("7.0kJ").step.value, 100, 1e-9);
  EXPECT_NEAR(counted("1.5e3 J").step.value, 100, 1e-9);
}

TEST(ProgramMeterTest, AnythingElseIsAnErrorThatSaysWhatIsWanted) {
  const std::string wanted =
      "; it has to print one line, a power such as \"123.4 W\" or what a counter shows such as \"4512 J\" or "
      "\"1.25 kWh\"";
  EXPECT_EQ(error_of(" \n"), "printed nothing" + wanted);
  EXPECT_EQ(error_of("123.4\n"), "printed '123.4'" + wanted) << "a bare number has no unit";
  EXPECT_EQ(error_of("12 W\n13 W\n"), "printed several lines" + wanted);
  EXPECT_EQ(error_of("nan W"), "printed 'nan W'" + wanted);
  EXPECT_EQ(error_of("12,5 W"), "printed '12,5 W'" + wanted);
  EXPECT_EQ(error_of("12 VA"), "printed '12 VA'" + wanted);
  EXPECT_EQ(error_of("-3 W"), "printed a negative power, '-3 W'");
  EXPECT_EQ(error_of("-3 J"), "printed a negative energy, '-3 J'");
  EXPECT_EQ(error_of("\x1b[1mpower"), "printed '?[1mpower'" + wanted);
  EXPECT_LT(error_of(std::string(5000, 'x')).size(), 300u);
}

class RunsTest : public ::testing::Test {
 protected:
  base::Result<std::string> answer_ = "0 J";
  int runs_ = 0;
  Seconds takes_;
  sm2::testing::FakeClock clock_;
  ProgramMeter meter_{"./plug",
                      [this] {
                        ++runs_;
                        clock_.advance(takes_);
                        return answer_;
                      },
                      clock_};
};

TEST_F(RunsTest, SaysHowLongItTook) {
  takes_ = Seconds(0.25);
  EXPECT_EQ(meter_.first()->took, Seconds(0.25));
}

TEST_F(RunsTest, RestsBetweenRuns) {
  answer_ = "10 W";
  takes_ = Seconds(0.5);
  EXPECT_TRUE(meter_.first());
  answer_ = "20 W";
  EXPECT_EQ(meter_.power(Seconds(1)), Watts(10));
  clock_.advance(Seconds(0.9));
  EXPECT_EQ(meter_.power(Seconds(1)), Watts(10));
  EXPECT_EQ(runs_, 1);
  clock_.advance(Seconds(0.1));
  EXPECT_EQ(meter_.power(Seconds(1)), Watts(20));
  EXPECT_EQ(runs_, 2);
}

TEST_F(RunsTest, AFailureStaysForAPeriodToo) {
  answer_ = base::fail("'./plug' ended with status 3");
  EXPECT_EQ(meter_.power(Seconds(1)).error().message, "'./plug' ended with status 3");
  EXPECT_FALSE(meter_.power(Seconds(1)));
  EXPECT_EQ(runs_, 1);
  clock_.advance(Seconds(1));
  answer_ = "5";
  EXPECT_TRUE(meter_.power(Seconds(1)).error().message.starts_with("'./plug' printed '5'; it has to"));
}

TEST_F(RunsTest, WhatChangesItsKindIsAnError) {
  EXPECT_EQ(meter_.power(Seconds(1)).error().message,
            "'./plug' printed an energy where it printed a power before");
  answer_ = "5 W";
  clock_.advance(Seconds(1));
  EXPECT_EQ(meter_.counted(Seconds(1)).error().message,
            "'./plug' printed a power where it printed an energy before");
}

TEST_F(RunsTest, KnowsTheMeanPowerBetweenAnswersThatAreApart) {
  (void)meter_.counted(Seconds(0.1));
  EXPECT_EQ(meter_.mean_power(), std::nullopt);
  clock_.advance(Seconds(0.5));
  answer_ = "100 J";
  (void)meter_.counted(Seconds(0.1));
  EXPECT_EQ(meter_.mean_power(), std::nullopt) << "too close together to tell";
  clock_.advance(Seconds(1.5));
  (void)meter_.counted(Seconds(0.1));
  EXPECT_EQ(meter_.mean_power(), Watts(50));
  clock_.advance(Seconds(2));
  answer_ = "7 J";
  (void)meter_.counted(Seconds(0.1));
  EXPECT_EQ(meter_.mean_power(), std::nullopt) << "it was reset";
}

}  // namespace
}  // namespace sm2::meter::command
