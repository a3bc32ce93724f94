#include "runner/foreground.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "runner/process_runner_fixture.h"

namespace sm2::runner {
namespace {

using base::Seconds;

class ForegroundTest : public testing::Test {
 protected:
  ForegroundTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sm2-foreground-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ForegroundTest() override { std::filesystem::remove_all(folder_); }

  static std::unique_ptr<Foreground> shell(const std::string& script) {
    auto started = Foreground::start({"/bin/sh", "-c", script});
    EXPECT_TRUE(started);
    return std::move(*started);
  }
  std::string file(const char* name) const { return (folder_ / name).string(); }
  pid_t pid_in(const char* name) const {
    EXPECT_TRUE(within(10, [&] { return content(file(name)).ends_with('\n'); }));
    return std::stoi(content(file(name)));
  }

  std::filesystem::path folder_;
};

TEST_F(ForegroundTest, GivesTheWaitStatus) {
  EXPECT_EQ(shell("exit 3")->wait(Seconds(10)), 3 << 8);
  EXPECT_EQ(shell("kill -KILL $$")->wait(Seconds(10)), SIGKILL);
  const auto command = shell("sleep 0.3");
  EXPECT_FALSE(command->wait(Seconds(0.01)));
  EXPECT_EQ(command->wait(Seconds(10)), 0);
  EXPECT_EQ(command->wait(Seconds(0)), 0);
}

TEST_F(ForegroundTest, SaysWhyItCannotStart) {
  const auto none = Foreground::start({"/no/such/program"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "cannot start '/no/such/program': No such file or directory");
}

TEST_F(ForegroundTest, SharesStandardStreamsAndProcessGroup) {
  const auto command = shell("[ $(readlink /proc/$$/fd/1) = $(readlink /proc/" + std::to_string(::getpid()) +
                             "/fd/1) ] && [ $(ps -o pgid= $$) = " + std::to_string(::getpgrp()) + " ]");
  EXPECT_EQ(command->wait(Seconds(10)), 0);
}

TEST_F(ForegroundTest, CountsCpuTimeLiveAndAtTheEnd) {
  const auto command = shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done");
  EXPECT_EQ(command->wait(Seconds(20)), 0);
  const auto used = command->cpu_time();
  ASSERT_TRUE(used);
  EXPECT_GT(used->value, 0.01);
}

TEST_F(ForegroundTest, ForwardsSignals) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    const auto command =
        shell("trap 'exit 5' INT TERM HUP QUIT; echo > " + file("ready") + "; while :; do sleep 0.01; done");
    EXPECT_TRUE(within(10, [&] { return content(file("ready")) == "\n"; }));
    ::kill(::getpid(), signal);
    EXPECT_EQ(command->wait(Seconds(10)), 5 << 8) << signal;
    std::filesystem::remove(file("ready"));
  }
}

TEST_F(ForegroundTest, HandlersAreAsBeforeAfterwards) {
  shell("true")->wait(Seconds(10));
  struct sigaction action{};
  ::sigaction(SIGTERM, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

TEST_F(ForegroundTest, LeavesADaemonRunning) {
  shell("setsid sleep 60 >/dev/null 2>&1 & echo $! > " + file("pid"))->wait(Seconds(10));
  const pid_t daemon = pid_in("pid");
  ::usleep(300'000);
  EXPECT_TRUE(alive(daemon));
  ::kill(daemon, SIGKILL);
}

TEST_F(ForegroundTest, TheCommandDiesWithTheCaller) {
  const pid_t caller = ::fork();
  if (caller == 0) {
    const auto command =
        shell("setsid sleep 60 & echo $! > " + file("child") + "; echo $$ > " + file("main") + "; sleep 60");
    command->wait(Seconds(60));
    ::_exit(0);
  }
  const pid_t main = pid_in("main");
  const pid_t child = pid_in("child");
  EXPECT_TRUE(alive(main) && alive(child));
  ::kill(caller, SIGKILL);
  ::waitpid(caller, nullptr, 0);
  EXPECT_TRUE(within(1, [&] { return !alive(main) && !alive(child); }));
}

}  // namespace
}  // namespace sm2::runner
