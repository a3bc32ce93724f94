#include "report/markdown/escape.h"

#include <gtest/gtest.h>

namespace sm2::report::markdown {
namespace {

TEST(MarkdownEscape, MarksAreText) {
  EXPECT_EQ(escape("a|b"), "a\\|b");
  EXPECT_EQ(escape("`rm` *x* _y_ ~z~"), "\\`rm\\` \\*x\\* \\_y\\_ \\~z\\~");
  EXPECT_EQ(escape("[here](http://evil.example)"), "\\[here\\](http\\://evil.example)");
  EXPECT_EQ(escape("<img src=x>&amp;"), "\\<img src=x\\>\\&amp;");
  EXPECT_EQ(escape("$x$ \\| #1"), "\\$x\\$ \\\\\\| \\#1");
  EXPECT_EQ(escape("www.evil.example"), "www\\.evil.example");
  EXPECT_EQ(escape(":tada:"), "\\:tada:");
}

TEST(MarkdownEscape, NobodyIsMentioned) { EXPECT_EQ(escape("@everyone"), "@<!-- -->everyone"); }

TEST(MarkdownEscape, WhatNeedsNoEscapeStaysReadable) {
  EXPECT_EQ(escape("trial 1: 0.91 at 14:05, 5.33 kJ +- 0.27 (cpu-model)"),
            "trial 1: 0.91 at 14:05, 5.33 kJ +- 0.27 (cpu-model)");
}

TEST(MarkdownEscape, ALineStaysALineAndShowsItsControls) {
  EXPECT_EQ(escape("a\nb"), "a b");
  EXPECT_EQ(escape("\x1b[2J"), "\\\\x1b\\[2J");
}

TEST(MarkdownEscape, ABlockCannotBeLeft) {
  EXPECT_EQ(block("x = 1\ny = 2\n", "toml"), "```toml\nx = 1\ny = 2\n```\n");
  EXPECT_EQ(block("a\n```\n# b", ""), "````\na\n```\n# b\n````\n");
  EXPECT_EQ(block("", ""), "```\n\n```\n");
}

}  // namespace
}  // namespace sm2::report::markdown
