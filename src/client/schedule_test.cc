#include "sm2/schedule.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace sm2 {
namespace {

// The Python client checks the same table.
TEST(Schedule, GivesTheReferenceValues) {
  std::ifstream table(SM2_SOURCE_DIR "/testing/data/schedules.csv");
  ASSERT_TRUE(table) << "testing/data/schedules.csv";
  std::string line;
  std::getline(table, line);
  ASSERT_EQ(line, "schedule,low,high,first_step,cycle_steps,step,learning_rate");
  int rows = 0;
  for (; std::getline(table, line); ++rows) {
    std::vector<std::string> cells;
    std::istringstream rest(line);
    for (std::string cell; std::getline(rest, cell, ',');) cells.push_back(cell);
    ASSERT_EQ(cells.size(), 7u) << line;
    const Schedule schedule{Schedule::shape_named(cells[0]), std::stod(cells[1]), std::stod(cells[2]),
                            std::stod(cells[3]), std::stod(cells[4])};
    const double wanted = std::stod(cells[6]);
    EXPECT_NEAR(schedule.at(std::stoll(cells[5])), wanted, 1e-12 * (wanted + schedule.high)) << line;
  }
  EXPECT_GT(rows, 40);
}

}  // namespace
}  // namespace sm2
