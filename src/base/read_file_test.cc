#include "base/read_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace sm2::base {
namespace {

TEST(ReadFile, GivesEveryByte) {
  const std::string file = testing::TempDir() + "sm2-read-file";
  const std::string text("a\0\r\n\xff", 5);
  std::ofstream(file, std::ios::binary) << text;
  EXPECT_EQ(read_file(file, kSettings), text);
  std::filesystem::remove(file);
}

TEST(ReadFile, SaysWhyThereIsNoText) {
  EXPECT_EQ(read_file("/", kSettings).error().message, "is a folder");
  EXPECT_EQ(read_file("/no/such", kSettings).error().message, "cannot be read: No such file or directory");
  EXPECT_EQ(read_file("", kSettings).error().message, "cannot be read: No such file or directory");
}

TEST(ReadFile, EndsWhereAFileDoesNot) {
  EXPECT_EQ(read_file("/dev/zero", kSettings).error().message, "is longer than 1 MiB");
  EXPECT_EQ(read_file("/dev/zero", kTable).error().message, "has a line of more than 1 MiB");
}

TEST(ReadFile, TakesManyLines) {
  const std::string file = testing::TempDir() + "sm2-read-file";
  std::string text;
  for (int line = 0; line < 30; ++line) text += std::string(100'000, 'x') + "\n";
  std::ofstream(file, std::ios::binary) << text;
  EXPECT_EQ(read_file(file, kTable), text);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace sm2::base
