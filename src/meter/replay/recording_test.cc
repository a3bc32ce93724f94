#include "meter/replay/recording.h"

#include <gtest/gtest.h>

#include <clocale>
#include <fstream>

namespace sm2::meter::replay {
namespace {

using base::Joules;
using base::Seconds;

std::string error_of(std::string_view text) {
  const auto recording = parse(text, "trace.csv");
  return recording ? "no error" : recording.error().message;
}

double whole(const Recorded& one) { return one.trace.joules(one.trace.begin(), one.trace.end())->value; }

TEST(RecordingTest, ReadsWatts) {
  const auto recording = parse("seconds,watts\n0,10\n2,30\n", "trace.csv");
  ASSERT_TRUE(recording) << recording.error().message;
  ASSERT_EQ(recording->size(), 1u);
  EXPECT_EQ(recording->front().domain, "replay");
  EXPECT_EQ(whole(recording->front()), 40);
}

TEST(RecordingTest, ReadsSeveralDomainsInAnyOrderOfColumns) {
  const auto recording =
      parse("watts,seconds,domain\n10,0,cpu\n100,0,gpu 0\n10,1,cpu\n100,4,gpu 0\n", "trace.csv");
  ASSERT_TRUE(recording) << recording.error().message;
  ASSERT_EQ(recording->size(), 2u);
  EXPECT_EQ(recording->at(0).domain, "cpu");
  EXPECT_EQ(whole(recording->at(0)), 10);
  EXPECT_EQ(recording->at(1).domain, "gpu 0");
  EXPECT_EQ(whole(recording->at(1)), 400);
}

TEST(RecordingTest, ReadsJoulesOfACounter) {
  const auto recording = parse("seconds,joules\n0,5000\n1,5010\n2,5030\n", "trace.csv");
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(recording->front().trace.joules(Seconds(0.5), Seconds(1.5)), Joules(15));
}

TEST(RecordingTest, TakesCommentsEmptyLinesCarriageReturnsAndAByteOrderMark) {
  const auto recording =
      parse("\xef\xbb\xbf# of plug 3\r\n\r\nseconds, watts\r\n0, 1e1\r\n# noon\r\n 1 ,10\r\n2,10", "x");
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(whole(recording->front()), 20);
}

TEST(RecordingTest, DecimalPointsAreTheSameInEveryLocale) {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  for (const char* locale : {"de_DE.UTF-8", "fr_FR.UTF-8", "C"}) {
    if (std::setlocale(LC_NUMERIC, locale)) break;
  }
  const auto recording = parse("seconds,watts\n0.5,1.5\n1.5,1.5\n", "trace.csv");
  std::setlocale(LC_NUMERIC, before.c_str());
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(whole(recording->front()), 1.5);
}

TEST(RecordingTest, ErrorsNameTheLineAndWhatWouldBeRight) {
  const std::string header = "write \"seconds,watts\" or \"seconds,joules\", with \"domain\" for several";
  EXPECT_EQ(error_of(""), "trace.csv: there is no header; " + header);
  EXPECT_EQ(error_of("0,10\n1,10\n"), "trace.csv:1: this is not a header; " + header);
  EXPECT_EQ(error_of("seconds,watts,joules\n"), "trace.csv:1: this is not a header; " + header);
  EXPECT_EQ(error_of("seconds,watts,domain,x\n"), "trace.csv:1: this is not a header; " + header);
  EXPECT_EQ(error_of("seconds,watts\n"), "trace.csv: there are no rows after the header; two are the least");
  EXPECT_EQ(error_of("seconds,watts\n0,10\n"), "trace.csv: there is one row of 'replay'; two are the least");
  EXPECT_EQ(error_of("seconds,watts\n0,10\n1,10,10\n"), "trace.csv:3: 3 columns; 2 are wanted");
  EXPECT_EQ(error_of("seconds,watts\n\n0,10\n# x\n0,10\n"),
            "trace.csv:5: 0 s is not after 0 s; times must grow");
  EXPECT_EQ(error_of("seconds,watts\n-1,10\n"),
            "trace.csv:2: '-1' is no time; write seconds from 0, as in 1.5");
  EXPECT_EQ(error_of("seconds,watts\nnan,10\n"),
            "trace.csv:2: 'nan' is no time; write seconds from 0, as in 1.5");
  EXPECT_EQ(error_of("seconds,watts\n0,10 W\n"),
            "trace.csv:2: '10 W' is no number of watts; write it as in 12.5");
  EXPECT_EQ(error_of("seconds,watts\n0,inf\n"),
            "trace.csv:2: 'inf' is no number of watts; write it as in 12.5");
  EXPECT_EQ(error_of("seconds,watts\n0,1e300\n"),
            "trace.csv:2: '1e300' is no number of watts; write it as in 12.5");
  EXPECT_EQ(error_of("seconds,watts\n0,\n"), "trace.csv:2: '' is no number of watts; write it as in 12.5");
  EXPECT_EQ(error_of("seconds,watts\n0,-3\n"), "trace.csv:2: -3 watts are negative; 0 is the least");
  EXPECT_EQ(error_of("seconds,joules\n0,5\n1,4\n"),
            "trace.csv:3: 4 joules are less than 5 before; they are a counter's, and must not shrink");
  EXPECT_EQ(error_of("seconds,domain,watts\n0,,4\n"), "trace.csv:2: the domain has no name");
}

TEST(RecordingTest, FilesThatCannotBeReadSayWhy) {
  EXPECT_EQ(load("/no/such.csv").error().message, "/no/such.csv: cannot be read: No such file or directory");
  EXPECT_EQ(load("/").error().message, "/: is a folder");
}

TEST(RecordingTest, ManyRowsAreNothing) {
  std::string text = "seconds,domain,watts\n";
  for (int at = 0; at < 100'000; ++at)
    text += fmt::format("{0}.25,cpu,{1}\n{0}.25,gpu,100.5\n", at, at % 100);
  const auto recording = parse(text, "trace.csv");
  ASSERT_TRUE(recording) << recording.error().message;
  EXPECT_EQ(recording->at(1).trace.rows(), 100'000u);
  Joules sum;
  for (int at = 0; at < 80'000; ++at)
    sum += *recording->at(1).trace.joules(Seconds(at + 1.0), Seconds(at + 2.0));
  EXPECT_NEAR(sum.value, 100.5 * 80'000, 1e-3);
}

}  // namespace
}  // namespace sm2::meter::replay
