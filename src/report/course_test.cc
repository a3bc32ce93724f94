#include "report/course.h"

#include <gtest/gtest.h>

#include "testing/sample_study.h"

namespace sm2::report {
namespace {

Course course_of(const testing::SampleStudy& sample) {
  Course course;
  journal::StudyState state;
  for (const trial::Event& event : sample.events) {
    state.apply(event);
    course.tell(event, sample.spec.metric, state);
  }
  return course;
}

TEST(CourseTest, TheBestIsAgainstEverythingThatTheStudySpent) {
  const auto best = course_of(testing::decided_study()).best();
  ASSERT_EQ(best.size(), 2u);
  EXPECT_EQ(best[0].metric, 0.8);
  EXPECT_EQ(best[0].spent.joules, base::Joules(100));
  EXPECT_EQ(best[1].metric, 0.9);
  EXPECT_EQ(best[1].spent.joules, base::Joules(300)) << "200 of its own, 80 and 20 of the others";
  EXPECT_EQ(best[1].trial, 0);
  EXPECT_LT(best[0].spent.active, best[1].spent.active);
}

TEST(CourseTest, EnergyEndsWithAllOfIt) {
  const auto spent = course_of(testing::decided_study()).spent();
  EXPECT_EQ(spent.front().joules, base::Joules(0));
  EXPECT_EQ(spent.back().joules, base::Joules(300));
}

TEST(CourseTest, LowerIsBetterWhereThatIsTheGoal) {
  testing::SampleStudy sample;
  sample.spec.metric.goal = config::Goal::kMinimize;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 3);
  int resource = 0;
  for (const double loss : {2.0, std::nan(""), 3.0, 1.0})
    sample.evaluate(0, ++resource, loss, testing::SampleStudy::energy(resource));
  const auto best = course_of(sample).best();
  ASSERT_EQ(best.size(), 2u);
  EXPECT_EQ(best[1].metric, 1.0);
}

TEST(CourseTest, WhatIsNotKnownAddsNothing) {
  testing::SampleStudy sample;
  sample.train(0, testing::SampleStudy::configuration(64, 0.1), 0, 3);
  sample.evaluate(0, 1, 0.5, testing::SampleStudy::unknown_energy());
  const Course course = course_of(sample);
  ASSERT_EQ(course.best().size(), 1u);
  EXPECT_EQ(course.best()[0].spent.joules, base::Joules(0));
  EXPECT_EQ(course.spent().size(), 1u);
}

}  // namespace
}  // namespace sm2::report
