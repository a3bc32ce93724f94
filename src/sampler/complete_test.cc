#include "sampler/complete.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sm2::sampler {
namespace {

using space::Categorical;
using space::Condition;
using space::Real;
using space::Value;

Value text(const char* word) { return std::string(word); }

// A grandchild stands before its parent, and the parent before the root.
space::Space nested() {
  return *space::Space::make({
      {"nesterov", Categorical{{true, false}}, Condition{"momentum", {0.9}}},
      {"momentum", Categorical{{0.0, 0.9}}, Condition{"optimizer", {text("sgd")}}},
      {"optimizer", Categorical{{text("sgd"), text("adam")}}, {}},
      {"beta", Real{0.5, 0.9, {}, space::Scale::kLinear}, Condition{"optimizer", {text("adam")}}},
  });
}

TEST(FromUnits, KeepsWhatIsActive) {
  const space::Configuration expected = {{"optimizer", text("sgd")}, {"momentum", 0.9}, {"nesterov", true}};
  EXPECT_EQ(from_units(nested(), {0.1, 0.9, 0.1, 0.5}), expected);
}

TEST(FromUnits, LeavesOutTheGrandchildOfAnInactiveParent) {
  const space::Configuration expected = {{"optimizer", text("adam")}, {"beta", 0.7}};
  EXPECT_EQ(from_units(nested(), {0.1, 0.9, 0.9, 0.5}), expected);
}

TEST(Mirrored, FoldsAtTheBounds) {
  const std::pair<double, double> pairs[] = {{0.3, 0.3}, {1, 1},     {-0.1, 0.1},
                                             {1.2, 0.8}, {1.9, 0.1}, {-7.3, 0.7}};
  for (const auto& [coordinate, folded] : pairs)
    EXPECT_NEAR(mirrored(coordinate), folded, 1e-12) << coordinate;
}

RC_GTEST_PROP(FromUnits, TheSpaceContainsEveryResult, ()) {
  std::vector<double> units;
  for (int at = 0; at < 4; ++at) units.push_back(*rc::gen::inRange(-100, 1101) / 1000.0);
  RC_ASSERT(nested().contains(from_units(nested(), units)));
}

}  // namespace
}  // namespace sm2::sampler
