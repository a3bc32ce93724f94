#include "dashboard/control.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

using trial::Request;
using trial::Wish;

const std::string kToken(40, 't');
const std::string kStudy = "/api/v1/studies/s";

// A study whose trial 1 trains, and a server with a token.
class ControlTest : public HouseTest {
 protected:
  ControlTest() : HouseTest({8714, true, {}, kToken}) {
    testing::SampleStudy sample;
    sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 4);
    sample.evaluate(0, 4, 0.8, testing::SampleStudy::energy(10));
    sample.exit(0, trial::Completed{}, testing::SampleStudy::energy(10));
    sample.train(1, testing::SampleStudy::configuration(512, 0.1), 0, 4);
    store(sample);
    running = "s";
  }
  Answer post(const std::string& path) {
    return ask(kStudy + path, {{"authorization", "Bearer " + kToken}}, "POST");
  }
};

TEST_F(ControlTest, LeavesWhatIsWantedForTheTuner) {
  for (const char* path : {"/pause", "/stop", "/trials/1/pause", "/trials/1/stop"}) {
    const Answer answer = post(path);
    EXPECT_EQ(answer.status, 202) << path << answer.body;
    EXPECT_EQ(answer.body, fmt::format("{{\"request\":{}}}\n", asked.size()));
  }
  EXPECT_EQ(asked, (std::vector<std::pair<std::string, Request>>{{"s", {Wish::kPause, {}}},
                                                                 {"s", {Wish::kStop, {}}},
                                                                 {"s", {Wish::kPause, 1}},
                                                                 {"s", {Wish::kStop, 1}}}));
}

TEST_F(ControlTest, SaysWhyNothingWouldComeOfIt) {
  const auto problem = nlohmann::json::parse(post("/trials/0/stop").body);
  EXPECT_EQ(problem["detail"], "Trial 0 has ended: it is finished.");
  EXPECT_EQ(problem["title"], "Conflict");
  EXPECT_EQ(post("/trials/0/stop").status, 409);
  EXPECT_EQ(post("/trials/7/stop").status, 404);
  EXPECT_EQ(ask("/api/v1/studies/z/stop", {{"authorization", "Bearer " + kToken}}, "POST").status, 404);
  running.clear();
  EXPECT_EQ(post("/stop").status, 409);
  EXPECT_TRUE(asked.empty());
}

TEST_F(ControlTest, IsAskedForWithPost) {
  const Answer got = ask(kStudy + "/stop", {{"authorization", "Bearer " + kToken}});
  EXPECT_EQ(got.status, 405);
  EXPECT_EQ(header(got, "Allow"), "POST");
  const Answer posted = ask(kStudy, {{"authorization", "Bearer " + kToken}}, "POST");
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(header(posted, "Allow"), "GET");
  EXPECT_TRUE(asked.empty());
}

TEST_F(ControlTest, ThePageKnowsThatItMay) {
  const Answer page = ask("/studies/s", {{"authorization", "Bearer " + kToken}});
  EXPECT_NE(page.body.find("<meta name=\"sm2-controls\" content=\"yes\">"), std::string::npos);
}

class NoControlTest : public HouseTest {};

TEST_F(NoControlTest, WithoutATokenThereIsNone) {
  store(testing::decided_study());
  running = "s";
  EXPECT_EQ(ask(kStudy + "/stop", {{"origin", "http://127.0.0.1:8714"}}, "POST").status, 403);
  EXPECT_TRUE(asked.empty());
  EXPECT_NE(ask("/studies/s").body.find("<meta name=\"sm2-controls\" content=\"no\">"), std::string::npos);
}

}  // namespace
}  // namespace sm2::dashboard
