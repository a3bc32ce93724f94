#include "report/printable.h"

#include <gtest/gtest.h>

namespace sm2::report {
namespace {

TEST(Printable, KeepsOrdinaryTextInAnyLanguage) {
  EXPECT_EQ(printable("val_accuracy 0.9, größe 数 🙂"), "val_accuracy 0.9, größe 数 🙂");
}

TEST(Printable, ShowsWhatWouldSteerATerminal) {
  EXPECT_EQ(printable("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\x9b31m");  // the one-character form of ESC [
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb");  // right-to-left override
  EXPECT_EQ(printable("one\ntwo\tthree\r"), "one two three\\x0d");
}

TEST(Printable, AMessageLosesItsMiddleWhereItIsVeryLong) {
  const std::string beginning = "study.toml:3: study.name: ", end = "; write letters";
  EXPECT_EQ(printable_message(beginning + "\x1b" + end), beginning + "\\x1b" + end);
  std::string name;
  for (int i = 0; i < 1'000'000; ++i) name += "\xc3\xa9";
  const std::string message = printable_message(beginning + name + end);
  EXPECT_LT(message.size(), 2100u);
  EXPECT_TRUE(message.starts_with(beginning + "\xc3\xa9"));
  EXPECT_TRUE(message.ends_with("\xc3\xa9" + end));
  EXPECT_EQ(message.find("\\x"), std::string::npos) << "no letter is cut in two";
}

TEST(Printable, ShowsBytesThatAreNotUtf8) {
  EXPECT_EQ(printable("a\xff"
                      "b"),
            "a\\xffb");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // surrogate
  EXPECT_EQ(printable("cut \xe2\x82"), "cut \\xe2\\x82");
}

TEST(Printable, CountsColumnsAndShortens) {
  EXPECT_EQ(columns("größe"), 5u);
  EXPECT_EQ(columns("数数"), 4u);
  EXPECT_EQ(shorten("short", 5), "short");
  EXPECT_EQ(shorten("a longer text", 8), "a lon...");
  EXPECT_EQ(shorten("数数数数", 6), "数...");
  EXPECT_EQ(shorten("abc", 2), "..");
}

TEST(Printable, WrapsAtSpaces) {
  EXPECT_EQ(wrap("one two three", 8), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("an incomprehensible word", 6),
            (std::vector<std::string>{"an", "incomprehensible", "word"}));
  EXPECT_TRUE(wrap("", 10).empty());
}

}  // namespace
}  // namespace sm2::report
