#include "study/lock.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace sm2::study {
namespace {

namespace fs = std::filesystem;

class LockTest : public testing::Test {
 protected:
  LockTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-lock-XXXXXX").string();
    place_ = ::mkdtemp(pattern.data());
    folder_ = place_ / "a.trials" / "s";
    for (const char* store : {"a.db", "a.sqlite"}) std::ofstream(place_ / store).put('x');
  }
  ~LockTest() override { fs::remove_all(place_); }

  fs::path place_, folder_;
};

TEST_F(LockTest, OneHasItAtATime) {
  EXPECT_FALSE(tuner_alive(folder_));
  {
    const auto lock = Lock::take(folder_, "a.db");
    ASSERT_TRUE(lock);
    EXPECT_TRUE(tuner_alive(folder_));
    EXPECT_FALSE(Lock::take(folder_, "a.db"));
  }
  EXPECT_FALSE(tuner_alive(folder_));
  EXPECT_TRUE(Lock::take(folder_, "a.db"));
}

TEST_F(LockTest, AFolderIsOfTheStoreThatBeganIt) {
  ASSERT_TRUE(Lock::take(folder_, "a.db"));
  const auto refused = Lock::take(folder_, "a.sqlite");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("in the store a.db"), std::string::npos) << refused.error().message;
  EXPECT_TRUE(Lock::take(folder_, "a.db"));
}

TEST_F(LockTest, AStoreThatWasRenamedOrCopiedWithItsFolderGoesOn) {
  ASSERT_TRUE(Lock::take(folder_, "a.db"));
  fs::copy(place_ / "a.trials", place_ / "b.trials", fs::copy_options::recursive);
  EXPECT_TRUE(Lock::take(place_ / "b.trials" / "s", "b.db"));
  fs::remove(place_ / "a.db");
  EXPECT_TRUE(Lock::take(folder_, "a.sqlite"));
}

TEST_F(LockTest, AFolderOfAnEarlierVersionNamesNoStore) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "lock").close();
  EXPECT_TRUE(Lock::take(folder_, "a.sqlite"));
}

}  // namespace
}  // namespace sm2::study
