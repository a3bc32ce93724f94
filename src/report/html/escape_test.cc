#include "report/html/escape.h"

#include <gtest/gtest.h>

namespace sm2::report::html {
namespace {

TEST(Escape, MarkupBecomesText) {
  EXPECT_EQ(escape("<script>a&b</script>"), "&lt;script&gt;a&amp;b&lt;/script&gt;");
  EXPECT_EQ(escape("\" onload='x'"), "&quot; onload=&#39;x&#39;");
  EXPECT_EQ(escape("größe 数 🙂\n\t"), "größe 数 🙂\n\t");
}

TEST(Escape, WhatIsNoTextIsReplaced) {
  EXPECT_EQ(escape("a\x1b[0m"), "a�[0m");
  EXPECT_EQ(escape(std::string("a\0b", 3)), "a�b");
  EXPECT_EQ(escape("\xff<"), "�&lt;");
  EXPECT_EQ(escape("\xe2\x80\xae"), "�");
}

}  // namespace
}  // namespace sm2::report::html
