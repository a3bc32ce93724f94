// What every way of users' requests to a tuner must keep (journal/requests.h).
#include "journal/requests.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "journal/stores.h"
#include "testing/postgres_server.h"

namespace sm2::journal {
namespace {

using testing::PostgresServer;
using trial::Request;
using trial::Wish;

class RequestsTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string(GetParam()) == "postgres") {
      if (const std::string why = PostgresServer::shared().absent(); !why.empty())
        GTEST_SKIP() << "NOT TESTED ON POSTGRESQL: " << why;
      url_ = PostgresServer::shared().fresh_database();
    } else {
      folder_ = std::filesystem::temp_directory_path() / ("sm2-requests-" + std::to_string(getpid()));
      std::filesystem::remove_all(folder_);
      std::filesystem::create_directories(folder_);
      url_ = (folder_ / "store.db").string();
    }
    auto store = open_store(url_, Access::kWrite).value();
    ASSERT_TRUE(store->create("x"));
    ASSERT_TRUE(store->create("y"));
    tuner_ = of("x");
    user_ = of("x");
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  // As another program has it.
  std::unique_ptr<Requests> of(const std::string& study) {
    auto requests = open_store(url_, Access::kWrite).value()->requests(study);
    EXPECT_TRUE(requests && *requests);
    return *std::move(requests);
  }

  static std::vector<Request> asked(Requests& requests) {
    std::vector<Request> all;
    const auto pending = requests.pending();
    EXPECT_TRUE(pending);
    for (const Pending& one : *pending) all.push_back(one.request);
    return all;
  }

  std::filesystem::path folder_;
  std::string url_;
  std::unique_ptr<Requests> tuner_, user_;
};

TEST_P(RequestsTest, ComeInTheOrderInWhichTheyWereAsked) {
  EXPECT_TRUE(asked(*tuner_).empty());
  const std::vector<Request> all = {
      {Wish::kPause, {}}, {Wish::kStop, 7}, {Wish::kResume, 0}, {Wish::kResume, {}}};
  for (const Request& request : all) ASSERT_TRUE(user_->ask(request));
  EXPECT_EQ(asked(*tuner_), all);
  EXPECT_EQ(asked(*tuner_), all) << "as long as they are not settled";
  EXPECT_EQ(asked(*user_), all);
}

TEST_P(RequestsTest, AreSettledOneByOne) {
  ASSERT_TRUE(user_->ask({Wish::kStop, 1}));
  const RequestId second = user_->ask({Wish::kStop, 2}).value();
  ASSERT_TRUE(user_->ask({Wish::kStop, 3}));
  ASSERT_EQ(asked(*tuner_).size(), 3u);
  ASSERT_TRUE(tuner_->settle(second));
  const std::vector<Request> others = {{Wish::kStop, 1}, {Wish::kStop, 3}};
  EXPECT_EQ(asked(*tuner_), others);
  EXPECT_EQ(asked(*user_), others) << "who asked sees that it was heard";
  ASSERT_TRUE(tuner_->settle(second)) << "once more changes nothing";
  EXPECT_EQ(asked(*tuner_).size(), 2u);
}

TEST_P(RequestsTest, NoNumberIsUsedTwice) {
  const RequestId first = user_->ask({Wish::kPause, {}}).value();
  ASSERT_TRUE(tuner_->settle(first));
  EXPECT_NE(user_->ask({Wish::kResume, {}}).value(), first);
}

TEST_P(RequestsTest, AreOfOneStudy) {
  ASSERT_TRUE(user_->ask({Wish::kPause, {}}));
  const RequestId id = tuner_->pending().value().at(0).id;
  const auto other = of("y");
  EXPECT_TRUE(asked(*other).empty());
  ASSERT_TRUE(other->settle(id));
  EXPECT_EQ(asked(*tuner_).size(), 1u);
}

TEST_P(RequestsTest, AreThereForATunerThatComesLater) {
  ASSERT_TRUE(user_->ask({Wish::kStop, 4}));
  tuner_.reset();
  EXPECT_EQ(asked(*of("x")), (std::vector<Request>{{Wish::kStop, 4}}));
}

TEST_P(RequestsTest, AreOfNoStudyThatThereIsNot) {
  EXPECT_FALSE(open_store(url_, Access::kWrite).value()->requests("z"));
}

INSTANTIATE_TEST_SUITE_P(EveryStore, RequestsTest, ::testing::Values("sqlite", "postgres"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace sm2::journal
