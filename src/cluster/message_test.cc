#include "cluster/message.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sm2::cluster {
namespace {

using base::Joules;
using base::Seconds;

template <class M>
M again(const M& message) {
  const auto read = decode(encode(message));
  EXPECT_TRUE(read) << read.error().message;
  return std::get<M>(*read);
}

TEST(MessageTest, AStartKeepsAllThatAWorkerNeeds) {
  runner::Job job;
  job.trial = 7;
  job.command = {"./train", "a b", "--x=\"'$(c)\n"};
  job.directory = "/where it/is";
  job.configuration = {{"batch_size", std::int64_t{64}}, {"rate", 0.1}, {"name", std::string("ä")}};
  job.folder = "/trials/s/7";
  job.checkpoint = "epoch-3";
  job.from = 3;
  job.until = 4.5;
  job.schedule = trial::Schedule{};
  job.schedule->high = 0.3;
  job.unit = "step";
  job.metric = "accuracy";
  job.pattern = runner::Pattern{"a=(?P<accuracy>[0-9.]+)", "accuracy", "step"};
  job.limits = {Seconds(10), Seconds(3), Seconds(2), 8192, 1 << 30, 1 << 20, 2};
  const runner::Job read = again(Start{job, Seconds(17.5)}).job;
  EXPECT_EQ(again(Start{job, Seconds(17.5)}).heard, Seconds(17.5));
  EXPECT_EQ(read.trial, job.trial);
  EXPECT_EQ(read.command, job.command);
  EXPECT_EQ(read.directory, job.directory);
  EXPECT_EQ(read.configuration, job.configuration);
  EXPECT_EQ(read.folder, job.folder);
  EXPECT_EQ(read.checkpoint, job.checkpoint);
  EXPECT_EQ(read.from, job.from);
  EXPECT_EQ(read.until, job.until);
  EXPECT_EQ(read.schedule, job.schedule);
  EXPECT_EQ(read.unit, job.unit);
  EXPECT_EQ(read.metric, job.metric);
  EXPECT_EQ(read.pattern, job.pattern);
  EXPECT_EQ(read.limits, job.limits);
}

TEST(MessageTest, WhatIsLeftOutStaysOut) {
  runner::Job job;
  job.command = {"x"};
  const runner::Job read = again(Start{job, {}}).job;
  EXPECT_FALSE(read.directory);
  EXPECT_FALSE(read.checkpoint);
  EXPECT_FALSE(read.schedule);
  EXPECT_FALSE(read.pattern);
  EXPECT_EQ(read.limits, job.limits);
}

TEST(MessageTest, EventsComeInOrderWithTheirEnergy) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  trial::Reading reading;
  reading.domain = "gpu-0";
  reading.source = "nvml";
  reading.joules = Joules(12.25);
  reading.error = Joules(0.5);
  trial::Step step;
  step.step = 12;
  step.loss = kNan;
  const Heard heard{3,
                    {reading},
                    {runner::Stepped{3, step}, runner::Evaluation{3, {}, {{"accuracy", 0.5}, {"loss", kNan}}},
                     runner::Evaluation{3, 2.5, {{"accuracy", 1}}}, runner::Checkpoint{3, "epoch-1", 1},
                     runner::Exit{3, trial::Killed{9, "why"}, "a note", true}}};
  const Heard read = again(heard);
  EXPECT_EQ(read.trial, 3);
  ASSERT_EQ(read.energy.size(), 1u);
  EXPECT_EQ(read.energy[0].joules, Joules(12.25));
  EXPECT_EQ(read.energy[0].error, Joules(0.5));
  ASSERT_EQ(read.events.size(), 5u);
  const auto& stepped = std::get<runner::Stepped>(read.events[0]).step;
  EXPECT_EQ(stepped.step, 12);
  EXPECT_TRUE(std::isnan(stepped.loss.value()));
  EXPECT_FALSE(stepped.samples);
  const auto& evaluation = std::get<runner::Evaluation>(read.events[1]);
  EXPECT_FALSE(evaluation.resource);
  EXPECT_EQ(evaluation.metrics.at("accuracy"), 0.5);
  EXPECT_TRUE(std::isnan(evaluation.metrics.at("loss")));
  EXPECT_EQ(std::get<runner::Evaluation>(read.events[2]).resource, 2.5);
  EXPECT_EQ(std::get<runner::Checkpoint>(read.events[3]).name, "epoch-1");
  const auto& exit = std::get<runner::Exit>(read.events[4]);
  EXPECT_EQ(exit.outcome, trial::Outcome(trial::Killed{9, "why"}));
  EXPECT_EQ(exit.note, "a note");
  EXPECT_TRUE(exit.by_limit);
}

TEST(MessageTest, TheOthersToo) {
  for (const auto action : {trial::Action::kContinue, trial::Action::kPause, trial::Action::kStop}) {
    EXPECT_EQ(again(Answer{4, action}).action, action);
    EXPECT_EQ(again(End{4, action}).action, action);
  }
  EXPECT_EQ(again(Over{"done"}).why, "done");
  EXPECT_EQ(again(Present{2, "host", 11, {}}).places, 2);
  again(Left{});
}

TEST(MessageTest, WhatIsNoMessageIsAnError) {
  for (const char* text :
       {"", "[]", "1", "{}", "{\"start\": {}}", "{\"answer\": 1}", "{\"answer\": 1, \"action\": \"go\"}",
        "{\"heard\": {}, \"events\": []}", "{\"present\": {\"places\": \"x\"}}", "\xff"})
    EXPECT_FALSE(decode(text)) << text;
}

}  // namespace
}  // namespace sm2::cluster
