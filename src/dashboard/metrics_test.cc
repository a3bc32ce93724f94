#include "dashboard/metrics.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "dashboard/house_fixture.h"

namespace sm2::dashboard {
namespace {

class MetricsTest : public HouseTest {
 protected:
  std::string text() const { return ask("/metrics").body; }
  bool has(const std::string& line) const {
    return ("\n" + text()).find("\n" + line + "\n") != std::string::npos;
  }
};

TEST_F(MetricsTest, TellOfEachStudy) {
  store(testing::decided_study());
  EXPECT_EQ(ask("/metrics").type, "text/plain; version=0.0.4; charset=utf-8");
  for (const char* line : {"sm2_study_energy_joules_total{study=\"s\"} 300",
                           "sm2_study_trials{study=\"s\",state=\"finished\"} 1",
                           "sm2_study_trials{study=\"s\",state=\"stopped\"} 1",
                           "sm2_study_trials{study=\"s\",state=\"running\"} 0",
                           "sm2_study_state{study=\"s\",state=\"finished\"} 1",
                           "sm2_study_state{study=\"s\",state=\"running\"} 0",
                           "sm2_study_dropped_energy_joules{study=\"s\"} 100",
                           "sm2_study_best_metric{study=\"s\",metric=\"val_accuracy\",goal=\"maximize\"} 0.9",
                           "sm2_unreadable_studies 0", "# TYPE sm2_study_energy_joules_total counter"})
    EXPECT_TRUE(has(line)) << line << " in\n" << text();
}

TEST_F(MetricsTest, WhatIsUnknownHasNoSample) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 1);
  sample.evaluate(0, 1, std::nan(""), testing::SampleStudy::unknown_energy());
  store(sample);
  for (const char* name :
       {"sm2_study_energy_joules_total{", "sm2_study_best_metric{", "sm2_study_carbon_grams_total{"})
    EXPECT_EQ(text().find(name), std::string::npos) << name;
}

TEST_F(MetricsTest, LabelsAreEscaped) {
  store(testing::SampleStudy(), "a\"b\\c\nd\xff");
  EXPECT_TRUE(has("sm2_study_info{study=\"a\\\"b\\\\c\\nd\"} 1")) << text();
}

// The grammar of the format, and a family's samples stand together below its TYPE.
TEST_F(MetricsTest, AreInTheirFormat) {
  store(testing::decided_study(), "a");
  store(testing::SampleStudy(), "b");
  const std::regex comment(R"(# (HELP|TYPE) ([a-z_:][a-z0-9_:]*) \S.*)");
  const std::regex sample(R"re(([a-z_:][a-z0-9_:]*)(\{([a-z_]+="(\\.|[^"\\])*",?)+\})? -?[0-9][0-9.e+-]*)re");
  std::istringstream lines(text());
  std::string line, family;
  std::set<std::string> families;
  std::smatch parts;
  while (std::getline(lines, line)) {
    if (line.starts_with("# ")) {
      ASSERT_TRUE(std::regex_match(line, parts, comment)) << line;
      if (parts[1] == "TYPE") continue;
      family = parts[2];
      EXPECT_TRUE(families.insert(family).second) << family;
    } else {
      ASSERT_TRUE(std::regex_match(line, parts, sample)) << line;
      EXPECT_EQ(parts[1], family);
    }
  }
  EXPECT_GT(families.size(), 8u);
}

}  // namespace
}  // namespace sm2::dashboard
