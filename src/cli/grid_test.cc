#include "cli/grid.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

TEST(Grid, IsACountryAFigureOrWhatAProgramSays) {
  EXPECT_GT(find_grid("DE")->grams_per_kwh, 0);
  EXPECT_DOUBLE_EQ(find_grid("380 gCO2e/kWh")->grams_per_kwh, 380);
  const auto said = find_grid("command:echo '120 gCO2e/kWh'");
  ASSERT_TRUE(said) << said.error().message;
  EXPECT_DOUBLE_EQ(said->grams_per_kwh, 120);
  EXPECT_EQ(said->origin, "said by echo");
}

TEST(Grid, SaysWhatIsWrong) {
  EXPECT_FALSE(find_grid("Atlantis"));
  EXPECT_TRUE(find_grid("command:echo bananas").error().message.starts_with("'echo' said: "));
  EXPECT_FALSE(find_grid("command:false"));
  EXPECT_FALSE(find_grid("command:/no/such/program"));
}

}  // namespace
}  // namespace sm2::cli
