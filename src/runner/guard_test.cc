#include "runner/guard.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "runner/process_runner_fixture.h"

namespace sm2::runner {
namespace {

class GuardTest : public testing::Test {
 protected:
  GuardTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sm2-guard-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~GuardTest() override { std::filesystem::remove_all(folder_); }

  Guard shell(const std::string& script) const {
    const base::Descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    auto guard = Guard::start(*prepare({"/bin/sh", "-c", script}, folder_, {}), {.output = null.get()}, -1);
    EXPECT_TRUE(guard);
    return std::move(*guard);
  }
  static Guard::End end_of(Guard& guard) {
    pollfd ready{guard.control(), POLLIN, 0};
    while (::poll(&ready, 1, 10'000) == 1) {
      if (guard.read()) break;
    }
    EXPECT_TRUE(guard.end());
    return guard.end().value_or(Guard::End{});
  }
  pid_t pid_in(const char* name) const {
    EXPECT_TRUE(within(10, [&] { return content(folder_ / name).ends_with('\n'); }));
    return std::stoi(content(folder_ / name));
  }

  std::filesystem::path folder_;
};

TEST_F(GuardTest, ReportsStatusCpuTimeAndWhatWasLeftBehind) {
  Guard guard = shell("i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; sleep 60 & sleep 60 & exit 4");
  EXPECT_EQ(::getpgid(guard.program()), guard.program());
  const auto end = end_of(guard);
  EXPECT_EQ(end.status, 4 << 8);
  EXPECT_GT(end.cpu.value, 0.005);
  EXPECT_EQ(end.left_behind, 2);
  EXPECT_FALSE(end.left_unkilled);
  EXPECT_EQ(guard.control(), -1);
  EXPECT_FALSE(alive(guard.pid()));
}

TEST_F(GuardTest, SignalsReachTheWholeProcessGroup) {
  Guard guard = shell("(trap 'echo > caught; exit' TERM; echo > ready; while :; do sleep 0.01; done) & wait");
  EXPECT_TRUE(within(10, [&] { return !content(folder_ / "ready").empty(); }));
  guard.signal(SIGTERM);
  EXPECT_EQ(end_of(guard).status, SIGTERM);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "caught"));
}

TEST_F(GuardTest, SigkillReachesTheWholeTree) {
  Guard guard = shell("trap '' TERM; setsid sleep 60 & echo $! > pid; wait");
  const pid_t pid = pid_in("pid");
  guard.signal(SIGKILL);
  const auto end = end_of(guard);
  EXPECT_EQ(end.status, SIGKILL);
  EXPECT_EQ(end.left_behind, 0) << "what was to be killed is not left behind";
  EXPECT_FALSE(alive(pid));
}

TEST_F(GuardTest, ItsDestructionEndsTheTree) {
  pid_t pid = 0;
  {
    const Guard guard = shell("setsid sleep 60 & echo $! > pid; wait");
    pid = pid_in("pid");
  }
  EXPECT_FALSE(alive(pid));
}

TEST_F(GuardTest, ReportsItsOwnDeathAsNoEnd) {
  Guard guard = shell("sleep 60");
  guard.give_up();
  EXPECT_TRUE(within(10, [&] { return guard.read(); }));
  EXPECT_FALSE(guard.end());
}

TEST_F(GuardTest, SignalsOfTheTerminalDoNotReachIt) {
  Guard guard = shell("sleep 60");
  EXPECT_NE(::getsid(guard.pid()), ::getsid(0));
  EXPECT_NE(::getpgid(guard.program()), ::getpgrp());
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::kill(guard.pid(), number);
  guard.signal(SIGUSR1);
  EXPECT_EQ(end_of(guard).status, SIGUSR1);
}

}  // namespace
}  // namespace sm2::runner
