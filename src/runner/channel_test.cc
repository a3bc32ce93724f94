// The conversation with a client, through ProcessRunner.
#include "runner/channel.h"

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "runner/process_runner_fixture.h"

namespace sm2::runner {
namespace {

using trial::Action;
using trial::Outcome;

class ChannelTest : public ProcessRunnerTest {
 protected:
  static constexpr const char* kContinue = "{\"action\":\"continue\"}\n";
  static constexpr const char* kPause = "{\"action\":\"pause\"}\n";
  static constexpr const char* kStop = "{\"action\":\"stop\"}\n";

  ScriptedClient connect(const std::string& path) {
    ScriptedClient client(path);
    client.say(R"({"hello": 1})");
    EXPECT_NE(wait_for_answer(client).find("\"trial\":7"), std::string::npos);
    return client;
  }
};

TEST_F(ChannelTest, AWholeConversationKeepsItsOrder) {
  Job job = shell("");
  job.checkpoint = "epoch-1";
  auto client = connect(start_patient_program(job));
  client.say(R"({"step": 1, "samples": 64, "loss": 2.5})");
  client.say(R"({"epoch": 1, "acc": 0.5, "val_loss": 0.7})");
  client.say(R"({"step": 2})");
  wait_until([&] { return all<Stepped>().size() == 2; });
  ASSERT_EQ(events_.size(), 3u);
  EXPECT_EQ(std::get<Stepped>(events_[0]).step.loss, 2.5);
  const auto& evaluation = std::get<Evaluation>(events_[1]);
  EXPECT_EQ(evaluation.resource, 1);
  EXPECT_EQ(evaluation.metrics, (std::map<std::string, double>{{"acc", 0.5}, {"val_loss", 0.7}}));
  EXPECT_EQ(client.heard(), "") << "nothing before the answer";
  runner_->answer(7, Action::kContinue);
  EXPECT_EQ(wait_for_answer(client), kContinue);

  client.say(R"({"epoch": 2, "acc": NaN})");
  wait_until([&] { return all<Evaluation>().size() == 2; });
  EXPECT_TRUE(std::isnan(all<Evaluation>()[1].metrics.at("acc")));
  runner_->answer(7, Action::kPause);
  EXPECT_EQ(wait_for_answer(client), kPause);
  client.say(R"({"checkpoint": "epoch-2", "epoch": 2})");
  client.hang_up();
  let_leave();
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Paused{}));
  ASSERT_EQ(all<Checkpoint>().size(), 1u);
  EXPECT_EQ(all<Checkpoint>()[0].name, "epoch-2");
  EXPECT_TRUE(std::holds_alternative<Exit>(events_.back()));
}

TEST_F(ChannelTest, OfAFloodOfStepsSomeAreLeftOutAndNothingElse) {
  auto client = connect(start_patient_program(shell("")));
  const int steps = 50'000;
  const auto begun = std::chrono::steady_clock::now();
  std::string sent;
  for (int step = 1; step <= steps; ++step) {
    sent += "{\"step\": " + std::to_string(step) + "}\n";
    if (step % 10'000 == 0) sent += "{\"epoch\": " + std::to_string(step / 10'000) + ", \"acc\": 0.5}\n";
    if (sent.size() < 100'000 && step < steps) continue;
    for (int tries = 0; !sent.empty() && tries < 1'000'000; ++tries) {
      const ssize_t taken =
          ::send(client.descriptor(), sent.data(), sent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (taken > 0) sent.erase(0, static_cast<std::size_t>(taken));
      for (auto& event : runner_->wait(base::Seconds(0))) events_.push_back(std::move(event));
    }
  }
  wait_until([&] { return all<Evaluation>().size() == 5; });
  if (std::chrono::steady_clock::now() - begun > std::chrono::seconds(4))
    GTEST_SKIP() << "NOT TESTED: this machine is too slow, or too busy, for a flood of 12,500 steps a second";
  const auto reported = all<Stepped>();
  EXPECT_LT(reported.size(), 45'000u);
  EXPECT_GT(reported.size(), 9'999u);
  EXPECT_EQ(reported.back().step.step, steps) << "the last one of a flood counts";
  for (std::size_t at = 1; at < reported.size(); ++at)
    ASSERT_LT(reported[at - 1].step.step, reported[at].step.step);
  let_leave();
  EXPECT_NE(wait_for_exit().note.find("step reports left out, of more than 10,000 a second"),
            std::string::npos);
}

TEST_F(ChannelTest, EvaluationsThatWaitForNoAnswerAreHeldUp) {
  auto client = connect(start_patient_program(shell("")));
  const std::string one = "{\"acc\": 0.5}\n";
  std::string many;
  for (int count = 0; count < 2'000; ++count) many += one;
  const auto send_more = [&] {
    (void)::send(client.descriptor(), many.data(), many.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return all<Evaluation>().size();
  };
  wait_until([&] { return send_more() > kDurableAtOnce; }, 60);
  for (int more = 0; more < 50; ++more) {
    send_more();
    for (auto& event : runner_->wait(base::Seconds(0.002))) events_.push_back(std::move(event));
  }
  EXPECT_LT(send_more(), kDurableAtOnce + kReadAtOnce / one.size() + 1'000);
  let_leave();
  EXPECT_NE(wait_for_exit().note.find("held up for"), std::string::npos);
}

TEST_F(ChannelTest, AWholeMessageNeedsNoNewlineAtTheEndAndHalfOfOneIsIgnored) {
  auto client = connect(start_patient_program(shell("")));
  client.say_raw(R"({"epoch": 1, "acc": 0.5})");
  client.hang_up();
  wait_until([&] { return all<Evaluation>().size() == 1; });
  auto second = connect(content(folder_ / "socket").substr(0, content(folder_ / "socket").find('\n')));
  second.say_raw(R"({"epoch": 2, "acc": 0.)");
  second.hang_up();
  let_leave();
  EXPECT_EQ(wait_for_exit().note, "1 line that was no message, ignored");
  EXPECT_EQ(all<Evaluation>().size(), 1u);
}

TEST_F(ChannelTest, PausesUnaskedAndReadsWhatComesUntilTheEnd) {
  auto client = connect(start_patient_program(shell("")));
  runner_->end(7, Action::kPause);
  EXPECT_EQ(wait_for_answer(client), kPause);
  client.say(R"({"checkpoint": "last"})");
  let_leave();
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Paused{}));
  EXPECT_EQ(all<Checkpoint>().size(), 1u);
}

TEST_F(ChannelTest, AClientThatDoesNotObeyIsTerminatedAfterTheGracePeriod) {
  auto client = connect(start_patient_program(shell("")));
  runner_->end(7, Action::kStop);
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Stopped{}));
}

TEST_F(ChannelTest, AnEvaluationWhilePausingIsAnsweredWithPause) {
  auto client = connect(start_patient_program(shell("")));
  client.say(R"({"epoch": 1, "acc": 0.5})");
  wait_until([&] { return !all<Evaluation>().empty(); });
  runner_->end(7, Action::kPause);
  runner_->answer(7, Action::kContinue);
  EXPECT_EQ(wait_for_answer(client), std::string(kPause) + kPause);
  let_leave();
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Paused{}));
}

TEST_F(ChannelTest, AHelloAfterTheWishToStopIsToldSo) {
  Job job = shell("trap '' TERM; ");
  job.limits.grace = base::Seconds(5);
  const std::string path = start_patient_program(job);
  runner_->end(7, Action::kStop);
  ScriptedClient client(path);
  client.say(R"({"hello": 1})");
  std::string heard;
  wait_until([&] {
    heard += client.heard();
    return heard.ends_with(kStop);
  });
  let_leave();
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Stopped{}));
}

TEST_F(ChannelTest, EverythingSaidBeforeTheExitIsDeliveredBeforeIt) {
  const std::string path = start_patient_program(shell(""));
  // Neither accepted nor read before the program is gone.
  ScriptedClient client(path);
  client.say("{\"hello\": 1}\n{\"step\": 1}\n{\"epoch\": 1, \"acc\": 0.25}");
  client.hang_up();
  let_leave();
  ::usleep(300'000);
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Completed{}));
  ASSERT_EQ(events_.size(), 3u);
  EXPECT_TRUE(std::holds_alternative<Stepped>(events_[0]));
  EXPECT_TRUE(std::holds_alternative<Evaluation>(events_[1]));
  runner_->answer(7, Action::kContinue);  // to nobody
}

TEST_F(ChannelTest, HalfALineIsNoMessage) {
  auto client = connect(start_patient_program(shell("")));
  client.say_raw(R"({"epoch": 1, "acc": 0.)");
  client.hang_up();
  let_leave();
  const auto exit = wait_for_exit();
  EXPECT_EQ(exit.outcome, Outcome(trial::Completed{}));
  EXPECT_EQ(events_.size(), 1u);
  EXPECT_EQ(exit.note, "1 line that was no message, ignored");
}

TEST_F(ChannelTest, TheFirstHelloWinsAndOthersAreRefused) {
  const std::string path = start_patient_program(shell(""));
  ScriptedClient silent(path);
  runner_->wait(base::Seconds(0.05));
  auto client = connect(path);
  ScriptedClient second(path);
  wait_until([&] { return second.closed() && silent.closed(); });
  client.say(R"({"step": 1})");
  wait_until([&] { return !all<Stepped>().empty(); });
  let_leave();
  EXPECT_EQ(wait_for_exit().note, "2 further connections, refused");
}

TEST_F(ChannelTest, WhatIsNoMessageIsCountedAndIgnored) {
  const std::string path = start_patient_program(shell(""));
  ScriptedClient rude(path);
  rude.say(R"({"step": 1})");
  rude.say(R"({"hello": 1})");
  wait_for_answer(rude);
  rude.say("garbage");
  rude.say(R"({"checkpoint": "../../etc/passwd"})");
  rude.say(R"({"step": 2})");
  wait_until([&] { return !all<Stepped>().empty(); });
  EXPECT_EQ(all<Stepped>()[0].step.step, 2);
  let_leave();
  EXPECT_EQ(wait_for_exit().note, "3 lines that were no messages, ignored");
  EXPECT_TRUE(all<Checkpoint>().empty());
}

TEST_F(ChannelTest, AnEndlessLineClosesTheConnection) {
  auto client = connect(start_patient_program(shell("")));
  const std::string part(64 << 10, 'x');
  wait_until([&] {
    ::send(client.descriptor(), part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return client.closed();
  });
  let_leave();
  EXPECT_EQ(wait_for_exit().note, "1 line of more than 1 MiB, connection closed");
}

TEST_F(ChannelTest, AFloodOfStepsComesInBatches) {
  auto client = connect(start_patient_program(shell("")));
  std::string unsent;
  for (int step = 0; step < 80'000; ++step) unsent += "{\"step\": 1, \"loss\": 0.5}\n";
  unsent += "{\"epoch\": 1, \"acc\": 0.5}\n";
  const base::SystemClock clock;
  const auto patience = clock.monotonic() + base::Seconds(60);
  while (all<Evaluation>().empty() && clock.monotonic() < patience) {
    const ssize_t sent =
        ::send(client.descriptor(), unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) unsent.erase(0, static_cast<std::size_t>(sent));
    const auto events = runner_->wait(base::Seconds(0.001));
    EXPECT_LE(events.size(), 2 * kReadAtOnce / 24);
    events_.insert(events_.end(), events.begin(), events.end());
  }
  EXPECT_EQ(all<Evaluation>().size(), 1u);
}

TEST_F(ChannelTest, WaitingForAnAnswerIsNoSilence) {
  Job job = shell("");
  job.limits.silence = base::Seconds(0.4);
  auto client = connect(start_patient_program(job));
  client.say(R"({"epoch": 1, "acc": 0.5})");
  const base::SystemClock clock;
  const auto began = clock.monotonic();
  while (clock.monotonic() < began + base::Seconds(0.6)) {
    for (auto& event : runner_->wait(base::Seconds(0.05))) events_.push_back(event);
  }
  EXPECT_TRUE(all<Exit>().empty());
  runner_->answer(7, Action::kContinue);
  EXPECT_EQ(trial::name(wait_for_exit().outcome), "timed-out");
}

TEST_F(ChannelTest, ARealProgramSpeaksTheProtocol) {
  Job job = shell("");
  job.command[2] = R"(exec python3 -S -E -c '
import json, os, socket
s = socket.socket(socket.AF_UNIX)
s.connect(os.environ["SM2_SOCKET"])
f = s.makefile("rw")
def say(m):
    print(json.dumps(m), file=f, flush=True)
say({"hello": 1, "steps_per_unit": 10})
hello = json.loads(f.readline())
assert hello["params"] == {"lr": 0.5}, hello
epoch = 0
while True:
    epoch += 1
    say({"epoch": epoch, "acc": float("nan") if epoch == 2 else 0.1 * epoch})
    if json.loads(f.readline())["action"] != "continue": break
say({"checkpoint": "final"})
')";
  job.configuration = {{"lr", 0.5}};
  job.limits.grace = base::Seconds(10);
  ASSERT_TRUE(runner_->start(job));
  for (std::size_t count = 1; count <= 3; ++count) {
    wait_until([&] { return all<Evaluation>().size() == count || !all<Exit>().empty(); });
    runner_->answer(7, count == 3 ? Action::kPause : Action::kContinue);
  }
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Paused{})) << content(folder_ / "trials/7/log");
  EXPECT_EQ(all<Checkpoint>().size(), 1u);
  EXPECT_TRUE(std::isnan(all<Evaluation>()[1].metrics.at("acc")));
}

}  // namespace
}  // namespace sm2::runner
