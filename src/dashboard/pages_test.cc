#include "dashboard/pages.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"
#include "dashboard/page_frame.h"

namespace sm2::dashboard {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class PagesTest : public HouseTest {};

TEST_F(PagesTest, TheListHasEachStudy) {
  store(testing::decided_study(), "first");
  store(testing::SampleStudy(), "second");
  const Answer answer = ask("/report");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "text/html; charset=utf-8");
  for (const char* part :
       {"<a href=\"/studies/first/report\">first</a>", ">finished</span>", "val_accuracy 0.9", "300 J",
        "<small>cpu-model, modelled</small>", "<a href=\"/studies/second/report\">second</a>",
        ">interrupted</span>", "the store"})
    EXPECT_TRUE(has(answer.body, part)) << part;
  EXPECT_TRUE(has(answer.body, "<style nonce=\"" + answer.nonce + "\">"));
  EXPECT_LT(answer.body.find("/studies/second"), answer.body.find("/studies/first")) << "the latest first";
}

TEST_F(PagesTest, AnEmptyStoreSaysWhatToDo) { EXPECT_TRUE(has(ask("/report").body, "sm2 tune STUDY.toml")); }

TEST_F(PagesTest, AStudyHasThePageOfTheReport) {
  store(testing::decided_study());
  const Answer answer = ask("/studies/s/report");
  EXPECT_TRUE(has(answer.body, "Learning against energy"));
  EXPECT_TRUE(has(answer.body, "<a href=\"/report\">"));
  EXPECT_TRUE(has(answer.body, "<style nonce=\"" + answer.nonce + "\">"));
  EXPECT_NE(ask("/studies/s/report").nonce, answer.nonce);
}

TEST_F(PagesTest, ARunningStudyIsLoadedAnew) {
  store(testing::SampleStudy());
  EXPECT_FALSE(has(ask("/studies/s/report").body, "http-equiv=\"refresh\""));
  running = "s";
  EXPECT_TRUE(has(ask("/studies/s/report").body, "http-equiv=\"refresh\""));
}

TEST_F(PagesTest, NamesAreTextAndOnlyGoodOnesAreLinks) {
  for (const char* name :
       {"<script>alert(1)</script>", "\"><img src=x>", "../../etc/passwd", "javascript:alert(1)"})
    store(testing::SampleStudy(), name);
  const std::string page = ask("/report").body;
  for (const char* live : {"<script", "<img", "href=\"/studies/", "href=\"javascript"})
    EXPECT_FALSE(has(page, live)) << live;
  EXPECT_TRUE(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_F(PagesTest, AStudyThatCannotBeReadIsListedWithItsReason) {
  auto broken = *watch.store.create("broken");
  ASSERT_TRUE(broken->append(std::vector<trial::Event>{{base::Seconds(1), trial::Created{"<b>"}}}));
  EXPECT_TRUE(has(ask("/report").body, "cannot be read: "));
  const Answer answer = ask("/studies/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(has(answer.body, "broken"));
}

TEST_F(PagesTest, RefusalsArePages) {
  EXPECT_EQ(ask("/studies/none").status, 404);
  EXPECT_EQ(ask("/nothing").status, 404);
  EXPECT_EQ(ask("/", {}, "PUT").status, 405);
  EXPECT_EQ(header(ask("/", {}, "PUT"), "Allow"), "GET, HEAD, POST");
  watch.out_of_reach = "the server is <gone>";
  const Answer gone = ask("/");
  EXPECT_EQ(gone.status, 503);
  EXPECT_EQ(gone.type, "text/html; charset=utf-8");
  EXPECT_TRUE(has(gone.body, "the server is &lt;gone&gt;"));
  EXPECT_TRUE(has(gone.body, "http-equiv=\"refresh\"")) << "it may be back soon";
}

TEST_F(PagesTest, OfVeryManyTheLatestAreListed) {
  auto one = testing::SampleStudy();
  std::vector<std::shared_ptr<const Row>> rows;
  for (std::size_t at = 0; at < kMostListed + 5; ++at) {
    Row row;
    row.study = fmt::format("s{}", at);
    rows.push_back(std::make_shared<const Row>(row));
  }
  const std::string page = list_page(rows, "store", "abc");
  EXPECT_TRUE(has(page, "/studies/s1004/report\""));
  EXPECT_TRUE(has(page, "/studies/s5/report\""));
  EXPECT_FALSE(has(page, "/studies/s4/report\""));
  EXPECT_TRUE(has(page, "and 5 earlier ones"));
}

TEST_F(PagesTest, ThePageHasItsScriptByNonceAndLeadsOnWithoutOne) {
  store(testing::decided_study());
  for (const auto& [path, plain] : {std::pair{"/", "/report"}, std::pair{"/compare?studies=s", "/report"},
                                    std::pair{"/studies/s", "/studies/s/report"},
                                    std::pair{"/studies/s/trials/0", "/studies/s/report"}}) {
    const Answer answer = ask(path);
    EXPECT_EQ(answer.status, 200) << path;
    EXPECT_TRUE(answer.scripted) << path;
    EXPECT_TRUE(has(answer.body, "<script defer src=\"/assets/page.js\" nonce=\"" + answer.nonce + "\">"))
        << path;
    EXPECT_TRUE(has(answer.body, "href=\"/assets/page.css\" nonce=\"" + answer.nonce + "\">")) << path;
    EXPECT_TRUE(has(answer.body, fmt::format("url={}\"", plain))) << path;
    EXPECT_NE(ask(path).nonce, answer.nonce) << path;
  }
  EXPECT_EQ(ask("/assets/page.js").body, "the script");
  EXPECT_EQ(ask("/assets/page.js").type, "application/javascript");
  EXPECT_EQ(ask("/assets/page.css").body, "the style");
}

TEST_F(PagesTest, WithoutScriptsNothingLetsOneIn) {
  store(testing::decided_study());
  for (const char* path :
       {"/report", "/studies/s/report", "/studies/none", "/assets/page.js", "/api/v1/studies"})
    EXPECT_FALSE(ask(path).scripted) << path;
}

TEST_F(PagesTest, WhatIsNotThereIsNoPage) {
  store(testing::decided_study());
  for (const char* path :
       {"/studies/none", "/studies/none/report", "/studies/s/trials/3", "/studies/s/trials/x", "/studies/..",
        "/studies/s/trials/0/x", "/assets/", "/assets/page.html"})
    EXPECT_EQ(ask(path).status, 404) << path;
}

TEST_F(PagesTest, TheFrameEscapesWhatIsNamed) {
  const std::string frame = framed({"<b>", "/\"><script>", "<i>", "abc"});
  for (const char* live : {"<b>", "<i>", "\"><script>"}) EXPECT_FALSE(has(frame, live)) << live;
}

class WithoutAssetsTest : public HouseTest {
 protected:
  WithoutAssetsTest() : HouseTest({8714, true, {}, {}}, {}) {}
};

TEST_F(WithoutAssetsTest, ThePagesWithoutScriptsAreInTheirPlace) {
  store(testing::decided_study());
  EXPECT_TRUE(has(ask("/").body, "<a href=\"/studies/s/report\">"));
  EXPECT_TRUE(has(ask("/studies/s").body, "Learning against energy"));
  for (const char* path : {"/assets/page.js", "/compare", "/studies/s/trials/0"})
    EXPECT_EQ(ask(path).status, 404) << path;
  EXPECT_FALSE(ask("/").scripted);
}

}  // namespace
}  // namespace sm2::dashboard
