#include "report/html/comparison.h"

#include <gtest/gtest.h>

#include <limits>

namespace sm2::report::html {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

ComparedPage page_with(std::vector<ComparedRow> rows) {
  ComparedPage page;
  page.over = "energy over the oracle's";
  page.headings = {"strategy", "over oracle"};
  page.cases = {{"v100/digits", "accuracy to 0.9", std::move(rows)}};
  page.method = {"All energy is replayed."};
  return page;
}

TEST(ComparisonPage, MarksTheBestMeanInChartsAndTable) {
  const std::string html =
      comparison(page_with({{"grid", 4, 3, 5, 4, {"4.00"}}, {"sm2", 1.2, 1.1, 1.3, 1.2, {"1.20"}}}));
  EXPECT_EQ(count(html, "class=\"row best\"><title>sm2: "), 2)
      << "one chart for wide screens, one for narrow ones";
  EXPECT_EQ(count(html, "<tr class=\"winner\"><th scope=\"row\">sm2"), 1);
  EXPECT_EQ(count(html, "<circle"), 4);
}

TEST(ComparisonPage, ALowerBoundIsNeverTheBest) {
  const std::string html =
      comparison(page_with({{"grid", 4, 3, 5, 4, {"4.00"}}, {"sm2", 1.2, 1.1, 1.3, 1.2, {">1.20"}, false}}));
  EXPECT_EQ(count(html, "<tr class=\"winner\"><th scope=\"row\">grid"), 1);
  EXPECT_EQ(count(html, "class=\"row best\"><title>sm2: "), 0);
}

TEST(ComparisonPage, WhatCannotBeDrawnIsStillInTheTable) {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  const std::string html = comparison(page_with({{"grid", unknown, unknown, unknown, unknown, {"unknown"}}}));
  EXPECT_EQ(count(html, "<circle"), 0);
  EXPECT_EQ(count(html, "<td class=\"n\" data-name=\"over oracle\">unknown</td>"), 1);
  EXPECT_EQ(count(html, "nan\""), 0);
}

TEST(ComparisonPage, EscapesEveryName) {
  ComparedPage page = page_with({{"<b>grid", 4, 3, 5, 4, {"<i>4"}}});
  page.cases[0].name = "<script>alert(1)</script>";
  page.cases[0].about = "\"quoted\" & <tag>";
  page.headings[1] = "<u>";
  page.method = {"<em>"};
  page.over = "\"><script>";
  const std::string html = comparison(page);
  for (const char* raw : {"<script", "<b>grid", "<i>4", "<tag>", "<u>", "<em>"})
    EXPECT_EQ(count(html, raw), 0) << raw;
  EXPECT_EQ(count(html, "&lt;script&gt;alert"), 1);
}

TEST(ComparisonPage, ASummaryIsForSeveralCases) {
  ComparedPage page = page_with({{"grid", 4, 3, 5, 4, {"4.00"}}});
  page.summary_headings = {"strategy", "geometric mean"};
  page.summary = {{"grid", 4, 4, 9, 4, {"4.00"}}};
  EXPECT_EQ(count(comparison(page), "geometric mean"), 0);
  page.cases.push_back(page.cases[0]);
  EXPECT_EQ(count(comparison(page), "All 2 cases"), 1);
}

TEST(ComparisonPage, StandsAlone) {
  const std::string html = comparison(page_with({{"grid", 4, 3, 5, 4, {"4.00"}}}));
  EXPECT_EQ(count(html, "default-src 'none'"), 1);
  for (const char* outside : {"http:", "https:", "src=", "<link", "@import", "url("})
    EXPECT_EQ(count(html, outside), 0);
}

}  // namespace
}  // namespace sm2::report::html
