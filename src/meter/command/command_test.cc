#include "meter/command/command.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "testing/fake_clock.h"

namespace sm2::meter::command {
namespace {

using base::Joules;
using base::Seconds;

// A meter of the test's: prints what the file says, and adds a line to "runs".
class CommandTest : public ::testing::Test {
 protected:
  CommandTest() {
    std::string name = std::filesystem::temp_directory_path() / "sm2-command-XXXXXX";
    folder_ = ::mkdtemp(name.data());
  }
  ~CommandTest() override { std::filesystem::remove_all(folder_); }

  void show(const std::string& line) { std::ofstream(folder_ / "shown") << line << '\n'; }
  std::string command() const {
    return fmt::format("sh -c 'echo >> {0}/runs; cat {0}/shown'", folder_.string());
  }
  long runs() const {
    std::ifstream file(folder_ / "runs");
    return std::count(std::istreambuf_iterator<char>(file), {}, '\n');
  }
  std::unique_ptr<Domain> domain() {
    auto found = discover({}, command(), clock_);
    EXPECT_EQ(found.domains.size(), 1u) << found.unusable.at(0).reason;
    return std::move(found.domains.at(0));
  }

  std::filesystem::path folder_;
  sm2::testing::FakeClock clock_;
};

TEST_F(CommandTest, APowerIsIntegrated) {
  show("100 W");
  const auto node = domain();
  EXPECT_EQ(node->info().name, "node");
  EXPECT_EQ(node->info().part, kNode);
  EXPECT_EQ(node->info().source, "command");
  EXPECT_EQ(node->info().method, "power");
  EXPECT_EQ(node->info().id, command());
  EXPECT_NE(node->info().description.find("5 % is assumed"), std::string::npos) << node->info().description;
  ASSERT_NE(node->sampled(), nullptr);
  const auto window = node->open({});
  for (int second = 0; second < 30; ++second) {
    clock_.advance(Seconds(1));
    node->sampled()->sample();
  }
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_NEAR(reading.joules->value, 3000, 1e-6);
  EXPECT_GE(reading.error.value, 0.05 * 3000 + 100) << "assumed, and a second at both ends";
  EXPECT_EQ(reading.note, "");
  EXPECT_EQ(reading.quality, trial::Quality::kMeasured);
}

TEST_F(CommandTest, TheProgramRunsNoMoreOftenThanOnceASecond) {
  show("100 W");
  const auto node = domain();
  const auto window = node->open({});
  for (int tenth = 0; tenth < 50; ++tenth) {
    clock_.advance(Seconds(0.1));
    node->sampled()->sample();
    (void)window->read();
  }
  EXPECT_LE(runs(), 6);
  EXPECT_GE(runs(), 4);
}

TEST_F(CommandTest, ACounterIsRead) {
  show("1.200 kWh");
  const auto node = domain();
  EXPECT_EQ(node->info().method, "counter");
  EXPECT_EQ(node->sampled(), nullptr);
  EXPECT_EQ(node->read_within(), std::nullopt) << "it never wraps";
  const auto window = node->open({});
  clock_.advance(Seconds(360));
  show("1.250 kWh");
  const trial::Reading reading = window->read();
  ASSERT_TRUE(reading.joules) << reading.note;
  EXPECT_NEAR(reading.joules->value, 180'000, 1e-6);
  EXPECT_GE(reading.error.value, 0.05 * 180'000 + 3600) << "assumed, and the last digit";
}

TEST_F(CommandTest, ACoarseCounterStepsWithoutSurprise) {
  show("7 kWh");
  const auto node = domain();
  const auto window = node->open({});
  clock_.advance(Seconds(1));
  show("8 kWh");
  EXPECT_EQ(window->read().joules, Joules(3.6e6));
  EXPECT_GE(window->read().error.value, 3.6e6);
}

TEST_F(CommandTest, ACounterThatRunsBackwardsWasReset) {
  show("4512 J");
  const auto window_of = domain();
  const auto window = window_of->open({});
  clock_.advance(Seconds(10));
  show("12 J");
  const trial::Reading reading = window->read();
  EXPECT_EQ(reading.joules, std::nullopt);
  EXPECT_NE(reading.note.find("it was reset"), std::string::npos) << reading.note;
}

TEST_F(CommandTest, FailuresMakeTheEnergyUnknownWithTheReason) {
  show("100 W");
  const auto node = domain();
  const auto window = node->open({});
  for (const auto& [shown, reason] : {std::pair("-5 W", "printed a negative power"),
                                      {"nan W", "printed 'nan W'"},
                                      {"100", "printed '100'"},
                                      {"2 MW", "printed '2 MW'"},
                                      {"2000 kW", "not plausible"}}) {
    clock_.advance(Seconds(2));
    show(shown);
    const trial::Reading reading = window->read();
    EXPECT_EQ(reading.joules, std::nullopt) << shown;
    EXPECT_NE(reading.note.find(reason), std::string::npos) << reading.note;
  }
  clock_.advance(Seconds(2));
  std::filesystem::remove(folder_ / "shown");
  EXPECT_NE(window->read().note.find("'sh' ended with status 1: cat: "), std::string::npos)
      << window->read().note;
}

TEST_F(CommandTest, WhatCannotBeUsedSaysWhyAndWhatWouldBeRight) {
  const auto reason = [this](const std::string& argument) {
    const auto found = discover({}, argument, clock_);
    EXPECT_TRUE(found.domains.empty());
    EXPECT_FALSE(found.unusable.at(0).remedy.empty());
    return found.unusable.at(0).reason;
  };
  EXPECT_EQ(reason("  "), "no program is named; write for example \"command:./read-plug --port 3\"");
  EXPECT_EQ(reason("a 'b"), "a quote ' is not closed: a 'b");
  EXPECT_EQ(reason("./no-such-meter"), "cannot start './no-such-meter': No such file or directory");
  EXPECT_EQ(reason("sh -c 'echo no plug >&2; exit 4'"), "'sh' ended with status 4: no plug");
  EXPECT_TRUE(reason("echo 12").starts_with("'echo' printed '12'; it has to print one line"));
}

}  // namespace
}  // namespace sm2::meter::command
