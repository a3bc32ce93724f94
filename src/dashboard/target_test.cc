#include "dashboard/target.h"

#include <gtest/gtest.h>

namespace sm2::dashboard {
namespace {

using Parts = std::vector<std::string>;

TEST(Target, IsTakenApart) {
  EXPECT_EQ(parse_target("/")->path, Parts());
  EXPECT_EQ(parse_target("/studies/a.b-c")->path, (Parts{"studies", "a.b-c"}));
  EXPECT_EQ(parse_target("/a/")->path, (Parts{"a", ""}));
  const auto target = *parse_target("/a?x=1&y=%20&x=2&z&=7");
  EXPECT_EQ(target.path, Parts{"a"});
  EXPECT_EQ(target.query, (std::map<std::string, std::string>{{"x", "1"}, {"y", " "}, {"z", ""}}));
}

TEST(Target, PartsAreDecodedByThemselves) {
  EXPECT_EQ(parse_target("/a%2f..%2Fb/c")->path, (Parts{"a/../b", "c"}));
  EXPECT_EQ(parse_target("/%2e%2e/x")->path, (Parts{"..", "x"}));
  EXPECT_EQ(parse_target("/a%00b")->path, Parts{std::string("a\0b", 3)});
  EXPECT_EQ(parse_target("/a+b")->path, Parts{"a+b"});
}

TEST(Target, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "a", "http://host/", "*", "/%", "/%2", "/%zz", "/%+1", "/a?x=%", "/a?%=1", "?x=1"})
    EXPECT_FALSE(parse_target(text)) << text;
}

}  // namespace
}  // namespace sm2::dashboard
