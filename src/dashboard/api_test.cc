#include "dashboard/api.h"

#include <gtest/gtest.h>

#include <set>

#include "dashboard/house_fixture.h"
#include "dashboard/openapi.h"
#include "report/json.h"

namespace sm2::dashboard {
namespace {

const std::string kStudies = "/api/v1/studies";

class ApiTest : public HouseTest {};

TEST_F(ApiTest, ListsStudiesAsTheCommandDoes) {
  store(testing::decided_study(), "a");
  store(testing::SampleStudy(), "b");
  const auto list = json(kStudies)["studies"];
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0]["study"], "a");
  EXPECT_EQ(list[0]["joules"], 300);
  EXPECT_EQ(list[0]["metric"], 0.9);
  EXPECT_EQ(list[1]["state"], "interrupted");
}

TEST_F(ApiTest, NamesTheStudiesThatCannotBeRead) {
  store(testing::decided_study(), "a");
  EXPECT_FALSE(json(kStudies).contains("unreadable"));
  auto broken = *watch.store.create("broken");
  ASSERT_TRUE(broken->append(std::vector<trial::Event>{{base::Seconds(1), trial::Created{"<b>"}}}));
  const auto list = json(kStudies);
  ASSERT_EQ(list["studies"].size(), 1u);
  ASSERT_EQ(list["unreadable"].size(), 1u);
  EXPECT_EQ(list["unreadable"][0]["study"], "broken");
  EXPECT_FALSE(list["unreadable"][0]["problem"].get<std::string>().empty());
}

TEST_F(ApiTest, ShowsAStudyAsTheCommandDoes) {
  store(testing::decided_study());
  std::string shown;
  ASSERT_TRUE(studies.see("s", [&](const Folded& folded) { shown = report::show_json(folded.study); }));
  EXPECT_EQ(ask(kStudies + "/s").body, shown + "\n");
  EXPECT_EQ(ask(kStudies + "/s").type, "application/json");
}

TEST_F(ApiTest, ListsTrialsInParts) {
  store(testing::decided_study());
  const auto all = json(kStudies + "/s/trials");
  EXPECT_EQ(all["study"], "s");
  EXPECT_EQ(all["events"], testing::decided_study().events.size());
  EXPECT_EQ(all["trials"].size(), 3u);
  EXPECT_TRUE(all["next"].is_null());
  const auto first = json(kStudies + "/s/trials?limit=2");
  EXPECT_EQ(first["trials"].size(), 2u);
  EXPECT_EQ(first["next"], 1);
  const auto rest = json(kStudies + "/s/trials?limit=2&after=1");
  EXPECT_EQ(rest["trials"].size(), 1u);
  EXPECT_EQ(rest["trials"][0]["trial"], 2);
  EXPECT_TRUE(rest["next"].is_null());
  for (const char* query :
       {"limit=0", "limit=x", "limit=10001", "after=-2", "after=1.5", "limit=", "after=99999999999"})
    EXPECT_EQ(ask(kStudies + "/s/trials?" + query).status, 400) << query;
}

TEST_F(ApiTest, ShowsATrialWithItsEvaluations) {
  store(testing::decided_study());
  const auto trial = json(kStudies + "/s/trials/0");
  EXPECT_EQ(trial["trial"], 0);
  ASSERT_EQ(trial["evaluations"].size(), 2u);
  EXPECT_EQ(trial["evaluations"][1]["metrics"]["val_accuracy"], 0.9);
}

TEST_F(ApiTest, HowMuchOfAPictureIsChecked) {
  store(testing::decided_study());
  for (const char* query : {"curves?trials=1", "curves?points=2", "curves?trials=1001", "curves?points=x",
                            "columns?trials=1", "columns?trials=5001"})
    EXPECT_EQ(ask(kStudies + "/s/" + query).status, 400) << query;
}

TEST_F(ApiTest, WhatIsNotThereIsAProblem) {
  store(testing::decided_study());
  for (const char* path : {"/none",
                           "/..",
                           "/%2e%2e",
                           "/.hidden",
                           "/a%2fb",
                           "/%00",
                           "/",
                           "/s/",
                           "/s/trials/3",
                           "/s/trials/00",
                           "/s/trials/-1",
                           "/s/trials/x",
                           "/s/trials/..",
                           "/s/trials/%2e%2e%2f%2e%2e",
                           "/s/trials/99999999999",
                           "/s/trials/0/log",
                           "/s/trials/0/log/x",
                           "/s/nothing",
                           "/s/trials/3/history",
                           "/none/overview",
                           "/none/columns",
                           "/none/curves"}) {
    const Answer answer = ask(kStudies + path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.type, "application/problem+json") << path;
    const auto problem = nlohmann::json::parse(answer.body);
    EXPECT_EQ(problem["status"], 404);
    EXPECT_EQ(problem["title"], "Not Found");
    EXPECT_TRUE(problem["detail"].is_string());
  }
}

TEST_F(ApiTest, AnUnreachableStoreIsAProblemThatPasses) {
  watch.out_of_reach = "the server is gone";
  for (const char* path : {"/api/v1/studies", "/api/v1/studies/s", "/metrics"}) {
    const Answer answer = ask(path);
    EXPECT_EQ(answer.status, 503) << path;
    EXPECT_EQ(answer.type, "application/problem+json");
    EXPECT_EQ(nlohmann::json::parse(answer.body)["detail"], "the server is gone");
    EXPECT_EQ(header(answer, "Retry-After"), "2");
  }
}

TEST_F(ApiTest, WhatTheClientHasIsNotSentAgain) {
  testing::SampleStudy sample = testing::decided_study();
  store(sample);
  for (const char* path :
       {"/api/v1/studies", "/api/v1/studies/s", "/api/v1/studies/s/trials", "/api/v1/studies/s/trials/0",
        "/api/v1/studies/s/overview", "/api/v1/studies/s/columns", "/api/v1/studies/s/curves",
        "/api/v1/studies/s/trials/0/history"}) {
    const std::string tag = header(ask(path), "ETag");
    EXPECT_TRUE(tag.starts_with("W/\"")) << tag;
    for (const std::string& tags : {tag, "\"x\", " + tag, std::string("*")}) {
      const Answer same = ask(path, {{"if-none-match", tags}});
      EXPECT_EQ(same.status, 304) << path;
      EXPECT_EQ(same.body, "");
      EXPECT_EQ(header(same, "ETag"), tag);
    }
    EXPECT_EQ(ask(path, {{"if-none-match", "W/\"x\""}}).status, 200);
  }
  const std::string tag = header(ask(kStudies + "/s"), "ETag");
  const std::size_t before = sample.events.size();
  sample.close("finished", 0);
  store(sample, "s", before);
  EXPECT_EQ(ask(kStudies + "/s", {{"if-none-match", tag}}).status, 200);
}

TEST_F(ApiTest, HasItsDescription) {
  EXPECT_EQ(json("/api/v1/openapi.json"), nlohmann::json::parse(kOpenApi));
}

class ControlledApiTest : public HouseTest {
 protected:
  ControlledApiTest() : HouseTest({8714, true, {}, std::string(40, 't')}) {}
};

// Every route is described, and everything described is a route.
TEST_F(ControlledApiTest, TheDescriptionIsOfWhatThereIs) {
  const auto described = nlohmann::json::parse(kOpenApi);
  std::set<std::string> paths, routes;
  for (const auto& [path, item] : described["paths"].items()) {
    EXPECT_EQ(item.size(), 1u) << path;
    paths.insert((item.contains("post") ? "POST " : "GET ") + path);
  }
  for (const Route& route : router->routes()) {
    if (route.pattern.starts_with("/api/") || route.pattern == "/metrics")
      routes.insert(route.method + " " + route.pattern);
  }
  EXPECT_EQ(paths, routes);
}

// What is answered has what the description calls required.
TEST_F(ApiTest, TheDescriptionIsTrue) {
  store(testing::decided_study());
  const auto described = nlohmann::json::parse(kOpenApi);
  const auto holds = [&](const std::string& path, const std::string& schema) {
    const auto answer = json(path);
    for (const auto& member : described["components"]["schemas"][schema]["required"])
      EXPECT_TRUE(answer.contains(member.get<std::string>())) << path << " has no " << member;
  };
  holds(kStudies, "Studies");
  holds(kStudies + "/s", "Study");
  holds(kStudies + "/s/trials", "Trials");
  holds(kStudies + "/s/trials/0", "TrialWithEvaluations");
  holds(kStudies + "/s/overview", "Overview");
  holds(kStudies + "/s/columns", "TrialColumns");
  holds(kStudies + "/s/curves", "Curves");
  holds(kStudies + "/s/trials/0/history", "TrialHistory");
}

}  // namespace
}  // namespace sm2::dashboard
