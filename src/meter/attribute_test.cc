#include "meter/attribute.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>

#include "testing/sysfs_tree.h"

namespace sm2::meter {
namespace {

using sm2::testing::SysfsTree;

class AttributeTest : public ::testing::Test {
 protected:
  std::string failure(Attribute& attribute) {
    const auto value = attribute.count();
    return value ? "" : value.error().message;
  }

  SysfsTree tree_;
  std::filesystem::path file_ = tree_.sysfs() / "energy_uj";
};

TEST_F(AttributeTest, OnlyACountIsACount) {
  Attribute attribute(file_);
  const auto read = [&](const std::string& text) {
    SysfsTree::write(file_, text);
    return attribute.count();
  };
  EXPECT_EQ(*read("0"), 0u);
  EXPECT_EQ(*read("18446744073709551615"), 18446744073709551615u);
  for (const char* garbage : {"", "-5", "nan", "12abc", "1.5", " 7", "18446744073709551616"}) {
    const auto value = read(garbage);
    ASSERT_FALSE(value) << garbage;
    EXPECT_EQ(value.error().code, 0);
    EXPECT_NE(value.error().message.find("'" + std::string(garbage) + "' is not a count"), std::string::npos);
  }
}

TEST_F(AttributeTest, IsOpenedOnceAndReadAgain) {
  SysfsTree::write(file_, "1");
  Attribute attribute(file_);
  ASSERT_EQ(*attribute.count(), 1u);
  const int next = open("/dev/null", O_RDONLY);  // the lowest that is free
  ASSERT_GE(next, 0);
  close(next);
  for (int i = 2; i < 100; ++i) {
    SysfsTree::write(file_, std::to_string(i));
    ASSERT_EQ(*attribute.count(), static_cast<std::uint64_t>(i));
  }
  const int still = open("/dev/null", O_RDONLY);
  close(still);
  EXPECT_EQ(still, next) << "descriptors were left open";
}

TEST_F(AttributeTest, AFileThatVanishedIsAnErrorUntilItComesBack) {
  SysfsTree::write(file_, "1");
  Attribute attribute(file_);
  ASSERT_EQ(*attribute.count(), 1u);
  std::filesystem::remove(file_);
  const auto gone = attribute.count();
  ASSERT_FALSE(gone) << "what the open file still shows is old";
  EXPECT_EQ(gone.error().code, ENOENT);
  EXPECT_EQ(gone.error().message, file_.string() + ": No such file or directory");
  SysfsTree::write(file_, "5");
  EXPECT_EQ(*attribute.count(), 5u);
}

TEST_F(AttributeTest, AFileThatWasReplacedIsReadAnew) {
  SysfsTree::write(file_, "1");
  Attribute attribute(file_);
  ASSERT_EQ(*attribute.count(), 1u);
  SysfsTree::write(tree_.sysfs() / "new", "2");
  std::filesystem::rename(tree_.sysfs() / "new", file_);
  EXPECT_EQ(*attribute.count(), 2u);
}

TEST_F(AttributeTest, SaysWhatTheKernelSays) {
  SysfsTree::break_file(file_);
  Attribute broken(file_);
  EXPECT_NE(failure(broken).find("energy_uj: Input/output error"), std::string::npos);
  std::filesystem::remove(file_);
  std::filesystem::create_directory(file_);
  EXPECT_NE(failure(broken).find("energy_uj: Is a directory"), std::string::npos);
}

}  // namespace
}  // namespace sm2::meter
