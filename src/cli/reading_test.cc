#include "cli/reading.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "journal/stores.h"

namespace sm2::cli {
namespace {

class ReadingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "sm2-reading-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    reading_.store = (folder_ / "sm2.db").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static std::string file_text(const std::string& name) {
    return "[study]\nname = \"" + name +
           "\"\ncommand = [\"./train\", \"--lr={learning_rate}\"]\nmetric = { name = \"accuracy\", goal = "
           "\"maximize\" }\nresource = { unit = \"epoch\", max = 4 }\n[space]\nlearning_rate = { values = "
           "[0.1, "
           "0.2] }\n[strategy]\nname = \"random\"\n";
  }

  void create(const std::string& name) {
    const auto store = journal::open_store(reading_.store, journal::Access::kWrite).value();
    const trial::Event created{base::Seconds(1.7e9), trial::Created{file_text(name)}};
    ASSERT_TRUE(store->create(name).value()->append({&created, 1}));
  }

  std::string error(const std::string& study) {
    reading_.study = study;
    const auto read = read_study(reading_);
    return read ? "" : read.error().message;
  }

  std::filesystem::path folder_;
  Reading reading_;
};

TEST_F(ReadingTest, AMissingStoreIsSaidAndNotMade) {
  EXPECT_NE(error("a").find("sm2.db"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(reading_.store));
}

TEST_F(ReadingTest, TheOnlyStudyNeedsNoName) {
  create("first");
  EXPECT_EQ(read_study(reading_).value().name, "first");
  EXPECT_EQ(read_study(reading_).value().spec.metric.name, "accuracy");
  EXPECT_FALSE(read_study(reading_).value().tuner_alive);
  create("second");
  EXPECT_NE(error("").find("holds 2 studies; name one"), std::string::npos);
}

TEST_F(ReadingTest, AStudyIsFoundByNameOrByItsFile) {
  create("first");
  create("second");
  EXPECT_EQ(error("second"), "");
  const std::string path = (folder_ / "study.toml").string();
  std::ofstream(path) << file_text("first");
  reading_.study = path;
  EXPECT_EQ(read_study(reading_).value().name, "first");
  std::ofstream(path) << file_text("third");
  EXPECT_NE(error(path).find("sm2 tune"), std::string::npos);
}

TEST_F(ReadingTest, AMisspeltNameIsMetWithTheNearest) {
  create("fashion-cnn");
  EXPECT_NE(error("fashon-cnn").find("did you mean 'fashion-cnn'?"), std::string::npos);
  EXPECT_NE(error("zzz").find("sm2 list"), std::string::npos);
}

TEST_F(ReadingTest, OneUnreadableStudyDoesNotHideTheOthers) {
  create("good");
  const auto store = journal::open_store(reading_.store, journal::Access::kWrite).value();
  const trial::Event created{base::Seconds(1), trial::Created{"not = a study"}};
  ASSERT_TRUE(store->create("bad").value()->append({&created, 1}));
  std::vector<std::string> unreadable;
  EXPECT_EQ(read_studies(reading_, unreadable).value().size(), 1u);
  ASSERT_EQ(unreadable.size(), 1u);
  EXPECT_NE(unreadable[0].find("bad"), std::string::npos);
}

}  // namespace
}  // namespace sm2::cli
