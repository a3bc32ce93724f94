#include "dashboard/pages.h"

#include <gtest/gtest.h>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class PagesTest : public HouseTest {};

TEST_F(PagesTest, TheListHasEachStudy) {
  store(testing::decided_study(), "first");
  store(testing::SampleStudy(), "second");
  const Answer answer = ask("/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "text/html; charset=utf-8");
  for (const char* part :
       {"<a href=\"/studies/first\">first</a>", ">finished</span>", "val_accuracy 0.9", "300 J",
        "<a href=\"/studies/second\">second</a>", ">interrupted</span>", "the store"})
    EXPECT_TRUE(has(answer.body, part)) << part;
  EXPECT_TRUE(has(answer.body, "<style nonce=\"" + answer.nonce + "\">"));
  EXPECT_LT(answer.body.find("/studies/second"), answer.body.find("/studies/first")) << "the latest first";
}

TEST_F(PagesTest, AnEmptyStoreSaysWhatToDo) { EXPECT_TRUE(has(ask("/").body, "sm2 tune STUDY.toml")); }

TEST_F(PagesTest, AStudyHasThePageOfTheReport) {
  store(testing::decided_study());
  const Answer answer = ask("/studies/s");
  EXPECT_TRUE(has(answer.body, "Learning against energy"));
  EXPECT_TRUE(has(answer.body, "<a href=\"/\">"));
  EXPECT_TRUE(has(answer.body, "<style nonce=\"" + answer.nonce + "\">"));
  EXPECT_NE(ask("/studies/s").nonce, answer.nonce);
}

TEST_F(PagesTest, ARunningStudyIsLoadedAnew) {
  store(testing::SampleStudy());
  EXPECT_FALSE(has(ask("/studies/s").body, "http-equiv=\"refresh\""));
  running = "s";
  EXPECT_TRUE(has(ask("/studies/s").body, "http-equiv=\"refresh\""));
}

TEST_F(PagesTest, NamesAreTextAndOnlyGoodOnesAreLinks) {
  for (const char* name :
       {"<script>alert(1)</script>", "\"><img src=x>", "../../etc/passwd", "javascript:alert(1)"})
    store(testing::SampleStudy(), name);
  const std::string page = ask("/").body;
  for (const char* live : {"<script", "<img", "href=\"/studies/", "href=\"javascript"})
    EXPECT_FALSE(has(page, live)) << live;
  EXPECT_TRUE(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

TEST_F(PagesTest, AStudyThatCannotBeReadIsListedWithItsReason) {
  auto broken = *watch.store.create("broken");
  ASSERT_TRUE(broken->append(std::vector<trial::Event>{{base::Seconds(1), trial::Created{"<b>"}}}));
  EXPECT_TRUE(has(ask("/").body, "cannot be read: "));
  const Answer answer = ask("/studies/broken");
  EXPECT_EQ(answer.status, 500);
  EXPECT_TRUE(has(answer.body, "broken"));
}

TEST_F(PagesTest, RefusalsArePages) {
  EXPECT_EQ(ask("/studies/none").status, 404);
  EXPECT_EQ(ask("/nothing").status, 404);
  EXPECT_EQ(ask("/", {}, "POST").status, 405);
  EXPECT_EQ(header(ask("/", {}, "POST"), "Allow"), "GET, HEAD");
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
  EXPECT_TRUE(has(page, "/studies/s1004\""));
  EXPECT_TRUE(has(page, "/studies/s5\""));
  EXPECT_FALSE(has(page, "/studies/s4\""));
  EXPECT_TRUE(has(page, "and 5 earlier ones"));
}

}  // namespace
}  // namespace sm2::dashboard
