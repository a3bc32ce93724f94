#include "runner/lines.h"

#include <gtest/gtest.h>

#include <vector>

namespace sm2::runner {
namespace {

struct Collected {
  std::vector<std::string> lines;
  std::vector<bool> cut;
  void operator()(std::string_view line, bool was_cut) {
    lines.emplace_back(line);
    cut.push_back(was_cut);
  }
};

TEST(Lines, JoinsPartsAndSplitsAtNewlines) {
  Lines lines(100);
  Collected all;
  lines.feed("on", std::ref(all));
  lines.feed("e\ntwo\r\n\nthr", std::ref(all));
  EXPECT_EQ(all.lines, (std::vector<std::string>{"one", "two", ""}));
  lines.finish(std::ref(all));
  EXPECT_EQ(all.lines.back(), "thr");
}

TEST(Lines, EndsThemWhereToldTo) {
  Lines lines(100, "\n\r");
  Collected all;
  lines.feed("\r50%\r100%\nne", std::ref(all));
  EXPECT_EQ(all.lines, (std::vector<std::string>{"", "50%", "100%"}));
}

TEST(Lines, FinishingTwiceGivesTheLastLineOnce) {
  Lines lines(100);
  Collected all;
  lines.feed("end", std::ref(all));
  lines.finish(std::ref(all));
  lines.finish(std::ref(all));
  EXPECT_EQ(all.lines.size(), 1u);
}

TEST(Lines, CutsALongLineAndRecoversAtTheNext) {
  Lines lines(4);
  Collected all;
  lines.feed("abc", std::ref(all));
  EXPECT_FALSE(lines.overlong());
  lines.feed("defgh", std::ref(all));
  EXPECT_TRUE(lines.overlong());
  lines.feed("ij\nok\nabcdef\n", std::ref(all));
  EXPECT_EQ(all.lines, (std::vector<std::string>{"abcd", "ok", "abcd"}));
  EXPECT_EQ(all.cut, (std::vector<bool>{true, false, true}));
  EXPECT_FALSE(lines.overlong());
}

TEST(Lines, TakesALineOfExactlyTheLimit) {
  Lines lines(4);
  Collected all;
  lines.feed("abcd\nab", std::ref(all));
  lines.feed("cd\n", std::ref(all));
  EXPECT_EQ(all.lines, (std::vector<std::string>{"abcd", "abcd"}));
  EXPECT_EQ(all.cut, (std::vector<bool>{false, false}));
}

}  // namespace
}  // namespace sm2::runner
