#include "sm2/schedule.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sm2 {
namespace {

// Of PyTorch's schedulers (testing/data/schedules.py); the Python client checks the same table.
TEST(Schedule, GivesTheReferenceValues) {
  std::ifstream table(SM2_SOURCE_DIR "/testing/data/schedules.csv");
  ASSERT_TRUE(table) << "testing/data/schedules.csv";
  std::string line;
  std::getline(table, line);
  ASSERT_EQ(line, "schedule,low,high,first_step,cycle_steps,gamma,step,learning_rate");
  std::set<std::string> seen = {"constant"};
  while (std::getline(table, line)) {
    std::vector<std::string> cells;
    std::istringstream rest(line);
    for (std::string cell; std::getline(rest, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 8u) << line;
    Schedule schedule = Schedule::named(cells[0]);
    schedule.low = std::stod(cells[1]);
    schedule.high = std::stod(cells[2]);
    schedule.first_step = std::stod(cells[3]);
    schedule.cycle_steps = std::stod(cells[4]);
    schedule.gamma = std::stod(cells[5]);
    const double wanted = std::stod(cells[7]);
    EXPECT_NEAR(schedule.at(std::stoll(cells[6])), wanted, 1e-12 * (wanted + schedule.high)) << line;
    seen.insert(cells[0]);
  }
  EXPECT_EQ(seen, std::set<std::string>(Schedule::kNames.begin(), Schedule::kNames.end()));
}

TEST(Schedule, WhatItDoesNotKnowOrCannotLayOutIsConstant) {
  for (const char* name : {"", "sawtooth", "log-cosine", "log-constant", "constant"}) {
    Schedule schedule = Schedule::named(name);
    schedule.low = 0.1;
    schedule.high = 0.5;
    schedule.cycle_steps = 10;
    EXPECT_EQ(schedule.at(3), 0.5) << name;
  }
  for (const auto name : Schedule::kNames) {
    Schedule schedule = Schedule::named(name);
    schedule.high = 0.5;
    EXPECT_EQ(schedule.at(3), 0.5) << name;
  }
}

TEST(Schedule, StaysWithinItsBoundsHoweverShortTheCycleAndFarTheStep) {
  for (const auto name : Schedule::kNames) {
    for (const double cycle : {0.5, 1.0, 2.0, 3.0, 3.4, 10.0}) {
      Schedule schedule = Schedule::named(name);
      schedule.low = 0.001;
      schedule.high = 0.5;
      schedule.first_step = 2;
      schedule.cycle_steps = cycle;
      schedule.gamma = 0.5;
      const double floor = name == "one-cycle" ? 0 : schedule.low;
      for (const std::int64_t step : {0l, 1l, 2l, 3l, 4l, 5l, 6l, 11l, 1'000'000l, 1'000'000'000'000l}) {
        EXPECT_GE(schedule.at(step), floor * (1 - 1e-12)) << name << " " << cycle << " " << step;
        EXPECT_LE(schedule.at(step), schedule.high * (1 + 1e-12)) << name << " " << cycle << " " << step;
      }
    }
  }
}

}  // namespace
}  // namespace sm2
