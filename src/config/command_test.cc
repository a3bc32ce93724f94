#include "config/command.h"

#include <gtest/gtest.h>

namespace sm2::config {
namespace {

using Argv = std::vector<std::string>;

TEST(Command, ReplacesInsideAnArgumentAndNeverSplits) {
  EXPECT_EQ(substitute({"./train", "--lr={lr}", "{name}", "{{x}}"},
                       {{"lr", 0.1}, {"name", "a b; rm -rf {lr} $HOME"}}),
            (Argv{"./train", "--lr=0.1", "a b; rm -rf {lr} $HOME", "{x}"}));
}

TEST(Command, LeavesOutArgumentsOfInactiveParameters) {
  EXPECT_EQ(substitute({"./train", "--momentum={momentum}"}, {}), (Argv{"./train"}));
}

TEST(Command, FindsPlaceholders) {
  EXPECT_EQ(placeholders("--a={x}{y}"), (std::set<std::string>{"x", "y"}));
  EXPECT_EQ(placeholders("{{x}}"), std::set<std::string>());
  for (const char* wrong : {"{", "}", "{}", "a{b", "b}"}) EXPECT_FALSE(placeholders(wrong)) << wrong;
}

}  // namespace
}  // namespace sm2::config
