#include "sm2/client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "sm2/schedule.h"
#include "testing/comma_locale.h"

namespace sm2 {
namespace {

using nlohmann::json;

// Listens at SM2_SOCKET, answers the hello, and each evaluation (a message with "val_accuracy") with the next
// of `answers`; where none is left it closes the connection.
class FakeTuner {
 public:
  explicit FakeTuner(json hello, std::deque<std::string> answers = {}) : answers_(std::move(answers)) {
    std::string name = "/tmp/sm2-client-test-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    const std::string path = folder_ / "tuner";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    ::setenv("SM2_SOCKET", path.c_str(), 1);
    ::setenv("SM2_CHECKPOINT_DIR", folder_.c_str(), 1);
    thread_ = std::thread([this, hello = std::move(hello)] { serve(hello); });
  }

  ~FakeTuner() {
    hang_up();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(connection_);
    ::close(listener_);
    for (const char* name : {"SM2_SOCKET", "SM2_CHECKPOINT_DIR"}) ::unsetenv(name);
    std::filesystem::remove_all(folder_);
  }

  const std::filesystem::path& folder() const { return folder_; }

  void say(const std::string& text) {
    const std::string line = text + "\n";
    ASSERT_EQ(::send(connection_, line.data(), line.size(), MSG_NOSIGNAL), static_cast<ssize_t>(line.size()));
  }

  // Reads nothing more while the lock is held.
  std::unique_lock<std::mutex> deafen() { return std::unique_lock(hearing_); }

  void hang_up() { ::shutdown(connection_, SHUT_RDWR); }

  // The count-th message (the hello is the first), as soon as it has come.
  json heard(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(arrived_.wait_for(lock, std::chrono::seconds(10), [&] { return heard_.size() >= count; }));
    return heard_.size() >= count ? heard_[count - 1] : json();
  }

  std::size_t messages() {
    const std::lock_guard lock(mutex_);
    return heard_.size();
  }

 private:
  void serve(const json& hello) {
    connection_ = ::accept(listener_, nullptr, nullptr);
    std::string received;
    char bytes[4096];
    ssize_t got = 0;
    while ((got = ::recv(connection_, bytes, sizeof bytes, 0)) > 0) {
      const std::lock_guard hearing(hearing_);
      received.append(bytes, static_cast<std::size_t>(got));
      for (std::size_t end; (end = received.find('\n')) != std::string::npos; received.erase(0, end + 1)) {
        const json message = json::parse(received.substr(0, end));
        {
          const std::lock_guard lock(mutex_);
          heard_.push_back(message);
        }
        arrived_.notify_all();
        if (message.contains("hello")) {
          if (hello.is_null()) return hang_up();
          say(hello.dump());
        } else if (message.contains("val_accuracy")) {
          if (answers_.empty()) return hang_up();
          say(answers_.front());
          answers_.pop_front();
        }
      }
    }
  }

  std::filesystem::path folder_;
  std::deque<std::string> answers_;
  int listener_ = -1;
  std::atomic<int> connection_ = -1;
  std::thread thread_;
  std::mutex hearing_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<json> heard_;
};

const json kHello = {
    {"trial", 7},
    {"params", {{"batch_size", 64}, {"learning_rate", 0.01}, {"optimizer", "sgd"}, {"nesterov", true}}},
    {"resume", "epoch-1"},
    {"from", 1},
    {"until", 4},
    {"unit", "epoch"},
    {"learning_rate",
     {{"schedule", "triangular"}, {"low", 0.0}, {"high", 0.1}, {"first_step", 100}, {"cycle_steps", 400}}}};

json hello_with(const char* key, json value) {
  json hello = kHello;
  hello[key] = std::move(value);
  return hello;
}

// The tuner's unasked words come at no known time: reports until the trial has seen them.
Action report_until_asked(Trial& trial) {
  for (int step = 1; step < 10000 && trial.action() == Action::kContinue; ++step) {
    trial.report({step, step * 64});
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return trial.action();
}

TEST(TrialAlone, DoesNothing) {
  Trial trial = Trial::join({468});
  EXPECT_FALSE(trial.active());
  EXPECT_EQ(trial.number(), std::nullopt);
  EXPECT_EQ(trial.resume(), std::nullopt);
  EXPECT_EQ(trial.checkpoint_directory(), std::nullopt);
  EXPECT_EQ(trial.from(), 0);
  EXPECT_TRUE(std::isinf(trial.until()));
  EXPECT_EQ(trial.parameter("batch_size", 32), 32);
  EXPECT_EQ(trial.learning_rate(10, 0.3), 0.3);
  trial.report({1, 64, 0.1, NAN, 0.1});
  trial.checkpoint("epoch-1", 1);
  EXPECT_EQ(trial.evaluate(1, {{"val_accuracy", 0.5}}), Action::kContinue);
  EXPECT_EQ(trial.action(), Action::kContinue);
}

TEST(TrialAlone, TakesParametersFromTheEnvironment) {
  ::setenv("SM2_PARAMS", R"({"batch_size": 128, "momentum": null})", 1);
  const Trial trial = Trial::join();
  EXPECT_EQ(trial.parameter("batch_size", 32), 128);
  EXPECT_EQ(trial.parameter("momentum", 0.9), 0.9);
  ::setenv("SM2_PARAMS", "batch_size=128", 1);
  EXPECT_THROW(Trial::join(), JoinError);
  ::unsetenv("SM2_PARAMS");
}

TEST(TrialJoin, ReadsAndWritesDecimalPointsInAnyLocale) {
  const testing::CommaLocale commas;
  FakeTuner tuner(kHello, {R"({"action":"continue"})"});
  Trial trial = Trial::join({468.5});
  EXPECT_EQ(trial.parameter("learning_rate", 0.5), 0.01);
  EXPECT_EQ(trial.learning_rate(300, 0.3), 0.1);
  trial.report({1, 64, 0.25, 1.5, 0.125});
  trial.evaluate(1.5, {{"val_accuracy", 0.75}});
  EXPECT_EQ(tuner.heard(1)["steps_per_unit"], 468.5);
  EXPECT_EQ(tuner.heard(2)["loss"], 1.5);
  EXPECT_EQ(tuner.heard(3)["val_accuracy"], 0.75);
}

TEST(TrialJoin, SaysHelloAndTakesTheAnswer) {
  FakeTuner tuner(kHello);
  const Trial trial = Trial::join({468});
  EXPECT_EQ(
      tuner.heard(1),
      json(
          {{"hello", 1}, {"client", "c++/1.0"}, {"steps_per_unit", 468.0}, {"schedules", Schedule::kNames}}));
  EXPECT_TRUE(trial.active());
  EXPECT_EQ(trial.number(), 7);
  EXPECT_EQ(trial.resume(), tuner.folder() / "epoch-1");
  EXPECT_EQ(trial.checkpoint_directory(), tuner.folder());
  EXPECT_EQ(trial.from(), 1);
  EXPECT_EQ(trial.until(), 4);
  EXPECT_EQ(trial.unit(), "epoch");
  EXPECT_DOUBLE_EQ(trial.learning_rate(200, 0.5), 0.05);
  EXPECT_EQ(trial.action(), Action::kContinue);
}

TEST(TrialJoin, TakesNullsAsAbsent) {
  FakeTuner tuner(
      {{"trial", 1}, {"params", {}}, {"resume", nullptr}, {"until", nullptr}, {"learning_rate", nullptr}});
  const Trial trial = Trial::join();
  EXPECT_EQ(trial.resume(), std::nullopt);
  EXPECT_TRUE(std::isinf(trial.until()));
  EXPECT_EQ(trial.learning_rate(200, 0.5), 0.5);
  EXPECT_FALSE(tuner.heard(1).contains("steps_per_unit"));
}

TEST(TrialJoin, NamesATunerThatIsNotThereOrRefuses) {
  {
    FakeTuner tuner(nullptr);
    EXPECT_THROW(Trial::join(), JoinError);
  }
  for (const std::string& path : {std::string("/nonexistent/tuner"), std::string(200, 'x')}) {
    ::setenv("SM2_SOCKET", path.c_str(), 1);
    EXPECT_THROW(Trial::join(), JoinError);
  }
  ::unsetenv("SM2_SOCKET");
}

TEST(TrialParameter, IsTypedByItsDefault) {
  FakeTuner tuner(kHello);
  const Trial trial = Trial::join();
  EXPECT_EQ(trial.parameter("batch_size", 1), 64);
  EXPECT_EQ(trial.parameter("batch_size", 1.0), 64.0);
  EXPECT_EQ(trial.parameter("learning_rate", 1.0f), 0.01f);
  EXPECT_EQ(trial.parameter("optimizer", "adam"), "sgd");
  EXPECT_EQ(trial.parameter("nesterov", false), true);
  EXPECT_EQ(trial.parameter("width", std::int64_t{16}), 16);
  EXPECT_THROW(trial.parameter("learning_rate", 1), std::invalid_argument);
  EXPECT_THROW(trial.parameter("optimizer", 1.0), std::invalid_argument);
}

TEST(TrialReport, WritesOneLineAStep) {
  FakeTuner tuner(kHello);
  Trial trial = Trial::join();
  trial.report({128, 8192, 0.13, 1.91, 0.02});
  trial.report({129, 8256});
  trial.report({.step = 130, .samples = 8320, .noise_scale = 512.5});
  EXPECT_EQ(
      tuner.heard(2),
      json({{"step", 128}, {"samples", 8192}, {"epoch", 0.13}, {"loss", 1.91}, {"learning_rate", 0.02}}));
  EXPECT_EQ(tuner.heard(3), json({{"step", 129}, {"samples", 8256}}));
}

TEST(TrialReport, WritesNumbersThatAreNotFiniteAsText) {
  FakeTuner tuner(kHello, {R"({"action": "stop"})"});
  Trial trial = Trial::join();
  trial.report({1, 64, 0.1, NAN, -INFINITY});
  EXPECT_EQ(tuner.heard(2)["loss"], "nan");
  EXPECT_EQ(tuner.heard(2)["learning_rate"], "-inf");
  EXPECT_EQ(trial.evaluate(1, {{"val_accuracy", NAN}, {"val_loss", INFINITY}}), Action::kStop);
  EXPECT_EQ(tuner.heard(3), json({{"epoch", 1.0}, {"val_accuracy", "nan"}, {"val_loss", "inf"}}));
}

TEST(TrialReport, NamesTheResourceOnceWhenItIsTheStep) {
  FakeTuner tuner(hello_with("unit", "step"), {R"({"action": "continue"})"});
  Trial trial = Trial::join();
  trial.report({128, 8192, 128, 1.5});
  EXPECT_EQ(tuner.heard(2), json({{"step", 128}, {"samples", 8192}, {"loss", 1.5}}));
  trial.evaluate(200, {{"val_accuracy", 0.5}});
  EXPECT_EQ(tuner.heard(3), json({{"step", 200.0}, {"val_accuracy", 0.5}}));
}

TEST(TrialReport, LeavesReportsOutRatherThanWait) {
  FakeTuner tuner(kHello, {R"({"action": "continue"})"});
  Trial trial = Trial::join();
  constexpr std::size_t kSteps = 20000;
  auto deaf = tuner.deafen();
  for (std::size_t step = 1; step <= kSteps; ++step) {
    trial.report({static_cast<std::int64_t>(step), 64, 0.5, 1.0, 0.1});
  }
  deaf.unlock();
  EXPECT_EQ(trial.evaluate(1, {{"val_accuracy", 0.5}}), Action::kContinue);
  const std::size_t messages = tuner.messages();
  EXPECT_LT(messages, kSteps);  // each of them a whole line, or the fake would not have parsed it
  EXPECT_EQ(tuner.heard(messages)["val_accuracy"], 0.5);
}

TEST(TrialEvaluate, IsAnswered) {
  FakeTuner tuner(kHello, {R"({"action": "continue"})", "not JSON\n{\"note\": 1}\n{\"action\": \"pause\"}"});
  Trial trial = Trial::join();
  EXPECT_EQ(trial.evaluate(1, {{"val_accuracy", 0.83}, {"val_loss", 0.52}}), Action::kContinue);
  EXPECT_EQ(tuner.heard(2), json({{"epoch", 1.0}, {"val_accuracy", 0.83}, {"val_loss", 0.52}}));
  EXPECT_EQ(trial.evaluate(2, {{"val_accuracy", 0.85}}), Action::kPause);
  EXPECT_EQ(trial.action(), Action::kPause);
}

TEST(TrialAction, IsSeenUnaskedAndStays) {
  FakeTuner tuner(kHello, {R"({"action": "continue"})"});
  Trial trial = Trial::join();
  tuner.say(R"({"action": "pause"})");
  EXPECT_EQ(report_until_asked(trial), Action::kPause);
  EXPECT_EQ(trial.evaluate(1, {{"val_accuracy", 0.5}}), Action::kPause);
  tuner.say(R"({"action": "stop"})");
  for (int step = 0; step < 10000 && trial.action() != Action::kStop; ++step) {
    trial.report({step, step});
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(trial.action(), Action::kStop);
}

TEST(TrialCheckpoint, IsAnnouncedUnderASingleName) {
  FakeTuner tuner(kHello);
  Trial trial = Trial::join();
  trial.checkpoint("epoch-1", 1);
  trial.checkpoint("latest");
  EXPECT_EQ(tuner.heard(2), json({{"checkpoint", "epoch-1"}, {"epoch", 1.0}}));
  EXPECT_EQ(tuner.heard(3), json({{"checkpoint", "latest"}}));
  for (const char* name : {"", ".", "..", "a/b", "/etc"})
    EXPECT_THROW(trial.checkpoint(name), std::invalid_argument);
}

TEST(TrialWithoutItsTuner, StopsWithoutASignalOrAnException) {
  {
    FakeTuner tuner(kHello);  // has no answer: closes at the evaluation
    Trial trial = Trial::join();
    EXPECT_EQ(trial.evaluate(1, {{"val_accuracy", 0.5}}), Action::kStop);
    trial.checkpoint("epoch-1");
    trial.report({1, 64});
    EXPECT_EQ(trial.evaluate(2, {{"val_accuracy", 0.5}}), Action::kStop);
  }
  FakeTuner tuner(kHello);
  Trial trial = Trial::join();
  tuner.hang_up();
  EXPECT_EQ(report_until_asked(trial), Action::kStop);
}

}  // namespace
}  // namespace sm2
