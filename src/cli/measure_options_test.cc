#include "cli/measure_options.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

using base::Seconds;
using base::Watts;

const char* nothing(const char*) { return nullptr; }

std::string complaint(const MeasureOptions& options, const Environment& environment = nothing) {
  const auto plan = check(options, environment);
  return plan ? "" : plan.error().message;
}

TEST(MeasureOptions, AreParsed) {
  MeasureOptions options;
  options.command = {"./train"};
  options.interval = "500 ms";
  options.versus = "./other --name 'two words'";
  options.idle_watts = {"gpu-0=60W", "package-0=20 W"};
  options.price = "0.30 EUR/kWh";
  options.power_limit = "250 W";
  const auto plan = check(options, nothing);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->interval, Seconds(0.5));
  EXPECT_EQ(plan->versus, (std::vector<std::string>{"./other", "--name", "two words"}));
  EXPECT_EQ(plan->repeat, 5u) << "unless given";
  EXPECT_EQ(plan->idle_watts.at("gpu-0"), Watts(60));
  EXPECT_EQ(plan->idle_watts.at("package-0"), Watts(20));
  EXPECT_EQ(plan->price->currency, "EUR");
  EXPECT_EQ(plan->power_limit, Watts(250));
  EXPECT_FALSE(plan->grid);
}

TEST(MeasureOptions, TheEnvironmentStandsInForGridAndPrice) {
  const auto set = [](const char* name) -> const char* {
    return std::string_view(name) == "SM2_GRID"    ? "380 gCO2e/kWh"
           : std::string_view(name) == "SM2_PRICE" ? ""
                                                   : nullptr;
  };
  const auto plan = check({}, set);
  ASSERT_TRUE(plan);
  ASSERT_TRUE(plan->grid);
  EXPECT_DOUBLE_EQ(plan->grid->grams_per_kwh, 380);
  EXPECT_FALSE(plan->price) << "an empty variable is none";
  MeasureOptions options;
  options.grid = "100 gCO2e/kWh";
  EXPECT_DOUBLE_EQ(check(options, set)->grid->grams_per_kwh, 100);
}

TEST(MeasureOptions, EachMistakeIsOneLineThatNamesItsOption) {
  const auto expect = [](auto MeasureOptions::* option, auto value, const std::string& beginning) {
    MeasureOptions options;
    options.*option = value;
    const std::string line = complaint(options);
    EXPECT_TRUE(line.starts_with(beginning)) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  };
  expect(&MeasureOptions::interval, "0.5", "--interval: '0.5' has no unit");
  expect(&MeasureOptions::interval, "0 s", "--interval: '0 s' is too short");
  expect(&MeasureOptions::interval, "-1 s", "--interval: '-1 s' is too short");
  expect(&MeasureOptions::interval, "nan s", "--interval: ");
  for (const char* runs : {"0", "-3", "x", "", "2.5", "99999"})
    expect(&MeasureOptions::repeat, runs, "--repeat: '" + std::string(runs) + "' is no number of runs");
  expect(&MeasureOptions::versus, "", "--versus: there is no command in ''");
  expect(&MeasureOptions::versus, "  ", "--versus: there is no command");
  expect(&MeasureOptions::versus, "echo 'open", "--versus: ");
  expect(&MeasureOptions::idle, "0 s", "--idle: '0 s' is no time");
  expect(&MeasureOptions::grid, "Atlantis", "--grid: ");
  expect(&MeasureOptions::price, "cheap", "--price: ");
  expect(&MeasureOptions::power_limit, "0 W", "--power-limit: '0 W' is no limit");
  using Texts = std::vector<std::string>;
  expect(&MeasureOptions::idle_watts, Texts{"60 W"}, "--idle-watts: '60 W' names no domain");
  expect(&MeasureOptions::idle_watts, Texts{"gpu-0=60"}, "--idle-watts gpu-0=60: '60' has no unit");
  expect(&MeasureOptions::idle_watts, Texts{"gpu-0=-1 W"},
         "--idle-watts gpu-0=-1 W: power is never negative");
  expect(&MeasureOptions::idle_watts, Texts{"a=1W", "a=2W"}, "--idle-watts: a is given twice");
}

TEST(MeasureOptions, AMistakeInTheEnvironmentNamesTheVariable) {
  const auto line = complaint(
      {}, [](const char* name) { return std::string_view(name) == "SM2_PRICE" ? "cheap" : nullptr; });
  EXPECT_TRUE(line.starts_with("SM2_PRICE: ")) << line;
}

TEST(MeasureOptions, IdleIsMeasuredOrStatedNotBoth) {
  MeasureOptions options;
  options.idle = "5 s";
  options.idle_watts = {"gpu-0=60W"};
  EXPECT_EQ(complaint(options), "--idle measures what --idle-watts states; give one of them");
}

}  // namespace
}  // namespace sm2::cli
