#include "cli/compare_text.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

using compare::Comparison;

compare::Run run(double joules, int missed = 0) {
  compare::Run run;
  run.joules = base::Joules(joules);
  run.jobs = {run.joules};
  run.seconds = base::Seconds(60);
  run.metric = 0.9;
  run.missed = missed;
  run.trials = 2;
  return run;
}

Comparison comparison(std::vector<compare::Run> runs) {
  Comparison all;
  all.seeds = static_cast<int>(runs.size());
  all.first_seed = 1;
  compare::Case& of = all.cases.emplace_back();
  of.name = "v100/digits";
  of.metric = "accuracy";
  of.target = 0.9;
  of.oracle = workload::Oracle{
      {{"batch_size", std::int64_t{64}}}, base::Watts(150), base::Joules(1000), base::Seconds(30), 0.9};
  of.reference = base::Joules(1000);
  compare::Row& row = all.rows.emplace_back();
  row.strategy = "grid";
  row.runs = std::move(runs);
  figure_out(row, of, 1);
  summarize(all);
  return all;
}

TEST(CompareText, ATableUnderTheCaseAndItsOracle) {
  EXPECT_EQ(text(comparison({run(1500), run(1500)})),
            "  strategy  over oracle  95 % interval  median  energy, replayed        time  metric  trials  "
            "reached\n"
            "\n"
            "v100/digits: accuracy to 0.9; the oracle needs 1.00 kJ (replayed), 30.0 s: batch_size=64 "
            "power_limit=150 W\n"
            "  grid             1.50   1.50 to 1.50    1.50           1.50 kJ  1 min 00 s     0.9       2    "
            "  2/2\n"
            "\n"
            "2 seeds from 1, 1 worker\n");
}

TEST(CompareText, TestMetricAndTheWholeStudyHaveColumnsWhereThereAreSome) {
  compare::Run whole = run(1500);
  whole.test_metric = 0.875;
  whole.whole = compare::Whole{base::Joules(7000), base::Seconds(600), 0.95, 0.925};
  const std::string shown = text(comparison({whole}));
  const std::string headings = shown.substr(0, shown.find('\n'));
  for (const char* heading : {"test metric", "energy to the end", "metric there", "test metric there"})
    EXPECT_NE(headings.find(heading), std::string::npos) << headings;
  for (const char* cell : {" 0.875", " 7.00 kJ", " 0.95", " 0.925"})
    EXPECT_NE(shown.find(cell), std::string::npos) << shown;
}

TEST(CompareText, AMissIsNamedAndItsFigureIsALowerBound) {
  const std::string shown = text(comparison({run(5000, 1), run(5000)}));
  EXPECT_NE(shown.find("  >5.00  "), std::string::npos) << shown;
  EXPECT_NE(shown.find("1/2\n"), std::string::npos) << shown;
  EXPECT_NE(
      shown.find("grid: 1 of 2 jobs (v100/digits) did not reach the target in 20 starts of the strategy; "),
      std::string::npos)
      << shown;
}

TEST(CompareText, AMetricThatIsMinimizedIsShownInItsOwnSense) {
  Comparison all = comparison({run(1500)});
  all.cases[0].minimized = true;
  all.cases[0].target = -0.25;
  all.rows[0].metric->mean = -0.2;
  const std::string shown = text(all);
  EXPECT_NE(shown.find("accuracy to 0.25"), std::string::npos) << shown;
  EXPECT_NE(shown.find(" 0.2 "), std::string::npos) << shown;
}

TEST(CompareText, SeveralCasesHaveASummary) {
  Comparison all = comparison({run(1500)});
  all.cases.push_back(all.cases[0]);
  all.rows.push_back(all.rows[0]);
  all.rows[1].at = 1;
  all.rows[1].runs = {run(6000)};
  figure_out(all.rows[1], all.cases[1], 1);
  summarize(all);
  const std::string shown = text(all);
  EXPECT_NE(shown.find("all 2 cases, over oracle  geometric mean  worst\n"
                       "  grid                              3.00   6.00\n"),
            std::string::npos)
      << shown;
}

TEST(CompareText, TrainingsForRealAreOverTheBestStrategy) {
  Comparison all = comparison({run(1500)});
  all.cases[0].oracle.reset();
  all.source = "cpu-model";
  all.quality = "modelled";
  const std::string shown = text(all);
  EXPECT_NE(shown.find("over best"), std::string::npos);
  EXPECT_NE(shown.find("energy, modelled"), std::string::npos);
  EXPECT_NE(shown.find("the least median energy is 1.00 kJ (modelled)"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("oracle"), std::string::npos) << shown;
}

TEST(CompareText, ThePageHoldsTheSameFigures) {
  const report::html::ComparedPage page = page_of(comparison({run(1500), run(1500)}));
  ASSERT_EQ(page.cases.size(), 1);
  ASSERT_EQ(page.cases[0].rows.size(), 1);
  const report::html::ComparedRow& row = page.cases[0].rows[0];
  EXPECT_DOUBLE_EQ(row.mean, 1.5);
  EXPECT_EQ(row.cells.size() + 1, page.headings.size());
  EXPECT_EQ(row.cells[0], "1.50");
  EXPECT_NE(page.method[1].find("replayed (source: replay)"), std::string::npos);
}

}  // namespace
}  // namespace sm2::cli
