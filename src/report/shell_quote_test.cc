#include "report/shell_quote.h"

#include <gtest/gtest.h>
#include <stdio.h>

namespace sm2::report {
namespace {

// What /bin/sh makes of the words, each followed by a newline and a mark.
std::string through_shell(const std::string& words) {
  const std::string line = "printf '%s|\\n' " + words;
  FILE* pipe = popen(line.c_str(), "r");
  std::string output;
  char buffer[256];
  while (const std::size_t got = fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
  EXPECT_EQ(pclose(pipe), 0);
  return output;
}

TEST(ShellQuote, LeavesPlainArgumentsReadable) {
  EXPECT_EQ(shell_quote(std::vector<std::string>{"./train", "--lr=0.01", "a_b-c,d:e@f%g+h"}),
            "./train --lr=0.01 a_b-c,d:e@f%g+h");
}

TEST(ShellQuote, EveryArgumentComesThroughTheShellUnchanged) {
  const std::vector<std::string> hostile = {
      "",   " ",  "it's", "\"$HOME\"", "`id`", "$(id)",    "a\nb",  "*",  "~",  "#",     "a;b|c&d",
      "\\", "!x", "=ls",  "{a,b}",     "<>",   "\x1b[31m", "größe", "''", "-n", "a'\"'b"};
  std::string expected;
  for (const std::string& argument : hostile) {
    expected += argument + "|\n";
    EXPECT_EQ(through_shell(shell_quote(argument)), argument + "|\n");
  }
  std::vector<std::string> command = {"x"};
  command.insert(command.end(), hostile.begin(), hostile.end());
  EXPECT_EQ(through_shell(shell_quote(command)), "x|\n" + expected);
}

TEST(ShellQuote, ACommandThatLooksLikeAnAssignmentStaysACommand) {
  EXPECT_EQ(shell_quote(std::vector<std::string>{"A=b", "C=d"}), "'A=b' C=d");
}

}  // namespace
}  // namespace sm2::report
