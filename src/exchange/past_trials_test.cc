#include "exchange/past_trials.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "exchange/optuna_export.h"
#include "report/table_export.h"
#include "report/trials_export.h"
#include "testing/sample_study.h"

namespace sm2::exchange {
namespace {

namespace fs = std::filesystem;
using strategy::Experience;
using testing::SampleStudy;

class PastTrialsTest : public ::testing::Test {
 protected:
  PastTrialsTest() {
    std::string pattern = ::testing::TempDir() + "sm2-past-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~PastTrialsTest() override { fs::remove_all(folder_); }

  std::string optuna(const SampleStudy& sample) {
    Timeline timeline;
    for (const trial::Event& event : sample.events) timeline.apply(event);
    const fs::path file = folder_ / "o.db";
    fs::remove(file);
    const auto written = export_optuna(study_of(sample), timeline, file);
    EXPECT_TRUE(written);
    return "optuna:" + file.string();
  }
  std::string csv(const std::string& text) {
    std::ofstream(folder_ / "t.csv") << text;
    return "csv:" + (folder_ / "t.csv").string();
  }
  static report::Study study_of(const SampleStudy& sample) {
    return {sample.spec.name, sample.spec, sample.state, false};
  }
  base::Result<PastTrials> read(const std::string& entry) {
    return read_past_trials(*config::past_file(entry), spec_);
  }
  std::string complaint(const std::string& entry) {
    const auto past = read(entry);
    if (past) return "accepted";
    const std::string& message = past.error().message;
    return message.starts_with(folder_.string() + "/") ? message.substr(folder_.string().size() + 1)
                                                       : message;
  }

  fs::path folder_;
  config::Spec spec_ = SampleStudy().spec;
};

// Trials 0 and 1 of the decided study have metrics, 2 was nan and failed.
TEST_F(PastTrialsTest, AnOptunaStorageBecomesExperienceWithoutJoules) {
  const auto past = read(optuna(testing::decided_study())).value();
  ASSERT_EQ(past.trials.size(), 3u);
  const Experience& winner = past.trials[0];
  EXPECT_EQ(winner.configuration, SampleStudy::configuration(64, 0.01));
  ASSERT_EQ(winner.points.size(), 2u);
  EXPECT_EQ(winner.points[1].resource, 2);
  EXPECT_EQ(winner.points[1].metric, 0.9);
  EXPECT_TRUE(std::isnan(winner.joules) && std::isnan(winner.points[0].joules));
  EXPECT_FALSE(winner.failed);
  EXPECT_TRUE(past.trials[2].failed);
  EXPECT_TRUE(past.trials[2].points.empty());
  EXPECT_TRUE(past.left_out.empty());
}

TEST_F(PastTrialsTest, OptunaTrialsWithoutStepsStandAtTheWholeResourceAndStepsMayBeginAtZero) {
  const std::string entry = optuna(testing::decided_study());
  SQLite::Database database((folder_ / "o.db").string(), SQLite::OPEN_READWRITE);
  database.exec("UPDATE trial_intermediate_values SET step = step - 1 WHERE trial_id = 1");
  database.exec("DELETE FROM trial_intermediate_values WHERE trial_id = 2");
  const auto past = read(entry).value();
  EXPECT_EQ(past.trials[0].points[0].resource, 1);
  EXPECT_EQ(past.trials[1].points.at(0).resource, 20);
  EXPECT_EQ(past.trials[1].points.at(0).metric, 0.6);
}

TEST_F(PastTrialsTest, ATableHasJoulesAtEveryPoint) {
  SampleStudy sample = testing::decided_study();
  const auto past = read(csv(*report::export_table(study_of(sample), {}))).value();
  ASSERT_EQ(past.trials.size(), 3u);
  const std::vector<Experience::Point> points = {{1, 0.8, 100}, {2, 0.9, 200}};
  EXPECT_EQ(past.trials[0].points, points);
  EXPECT_EQ(past.trials[0].joules, 200);
  EXPECT_EQ(past.trials[0].reached, 2);
  EXPECT_TRUE(past.trials[2].failed);
}

TEST_F(PastTrialsTest, ACsvOfTrialsHasAPointEach) {
  const auto past = read(csv(report::export_csv(study_of(testing::decided_study())))).value();
  ASSERT_EQ(past.trials.size(), 3u);
  const std::vector<Experience::Point> points = {{2, 0.9, 200}};
  EXPECT_EQ(past.trials[0].points, points);
  EXPECT_EQ(past.trials[0].configuration, SampleStudy::configuration(64, 0.01));
  EXPECT_TRUE(past.trials[2].failed);
}

TEST_F(PastTrialsTest, ADataFrameOfOptunaIsReadAndTheMetricIsOriented) {
  spec_.metric = {"loss", config::Goal::kMinimize, {}};
  const auto past = read(csv("number,value,params_batch_size,params_learning_rate,state\n"
                             "0,0.25,64,0.1,COMPLETE\n1,,64,0.2,FAIL\n2,0.5,512.0,0.1,RUNNING\n"))
                        .value();
  ASSERT_EQ(past.trials.size(), 2u);
  EXPECT_EQ(past.trials[0].points.at(0).metric, -0.25);
  EXPECT_EQ(past.trials[0].points.at(0).resource, 20);
  EXPECT_TRUE(std::isnan(past.trials[0].joules));
  EXPECT_TRUE(past.trials[1].failed);
}

TEST_F(PastTrialsTest, WhatDoesNotFitIsSaid) {
  const auto past = read(csv("batch_size,learning_rate,metric\n64,0.1,0.5\n65,0.1,0.5\n64,7,0.5\n")).value();
  EXPECT_EQ(past.trials.size(), 1u);
  EXPECT_EQ(past.left_out,
            (std::vector<std::string>{
                "1 trial left out: parameter 'batch_size' has values outside of the space, as 65",
                "1 trial left out: parameter 'learning_rate' has values outside of the space, as 7"}));
}

TEST_F(PastTrialsTest, MistakesAreALine) {
  EXPECT_EQ(complaint("csv:" + (folder_ / "none").string()).substr(0, 4), "none");
  EXPECT_EQ(complaint("optuna:" + (folder_ / "none").string()), "none: there is no such file");
  EXPECT_EQ(complaint(csv("batch_size,learning_rate\n64,0.1\n")),
            "t.csv: no column is called val_accuracy, metric or value");
  EXPECT_EQ(complaint(csv("batch_size,metric\n64,0.1\n")),
            "t.csv: no trial fits the space: 1 trial left out: parameter 'learning_rate' is missing");
  EXPECT_EQ(complaint(csv("batch_size,learning_rate,metric\n")), "t.csv: it has no trial that has ended");
  EXPECT_EQ(complaint(csv("batch_size,learning_rate,metric\n64,0.1,much\n")).substr(0, 8), "t.csv:2:");
  const std::string entry = optuna(testing::decided_study());
  EXPECT_EQ(complaint(entry + "#other"), "o.db: there is no study 'other' in it; there are: fashion-cnn");
  spec_.metric.goal = config::Goal::kMinimize;
  EXPECT_EQ(complaint(entry),
            "o.db: its direction is MAXIMIZE, and the goal for val_accuracy is the other one");
  std::ofstream(folder_ / "o.db")
      << "no database at all, but text that is long enough to be looked at by SQLite";
  EXPECT_NE(complaint(entry).find("cannot be read as an Optuna storage"), std::string::npos);
  fs::remove(folder_ / "o.db");
  SQLite::Database((folder_ / "o.db").string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE x (y)");
  EXPECT_EQ(complaint(entry), "o.db: an SQLite file, but no Optuna storage");
}

TEST_F(PastTrialsTest, AStorageOfSeveralObjectivesOrStudiesIsRefused) {
  const std::string entry = optuna(testing::decided_study());
  SQLite::Database database((folder_ / "o.db").string(), SQLite::OPEN_READWRITE);
  database.exec("INSERT INTO study_directions VALUES (2, 'MINIMIZE', 1, 1)");
  EXPECT_EQ(complaint(entry), "o.db: a study of 2 objectives; a warm start needs one of one");
  database.exec("INSERT INTO studies VALUES (2, 'second')");
  EXPECT_EQ(complaint(entry), "o.db: it has several studies; name one, as optuna:" +
                                  (folder_ / "o.db").string() + "#NAME: fashion-cnn, second");
  database.exec("UPDATE alembic_version SET version_num = 'v2.6.0.a'");
  EXPECT_NE(complaint(entry).find("written by an Optuna before 3.0"), std::string::npos);
}

}  // namespace
}  // namespace sm2::exchange
