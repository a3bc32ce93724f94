#include "runner/cpu_time.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace sm2::runner {
namespace {

using base::Seconds;

// A stand-in for a guard: waits for one busy child and keeps another one busy.
TEST(CpuTime, AddsTheReapedAndTheRunningAndLeavesTheGuardOut) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t guard = ::fork();
  if (guard == 0) {
    const auto burn = [] {
      while (::clock() < CLOCKS_PER_SEC / 10) {
      }
    };
    const pid_t first = ::fork();
    if (first == 0) return burn(), ::_exit(0);
    ::waitpid(first, nullptr, 0);
    if (::fork() == 0) {
      burn();
      const pid_t self = ::getpid();
      (void)!::write(ready[1], &self, sizeof self);
      ::alarm(60);
      for (;;) ::pause();
    }
    for (;;) ::pause();
  }
  pid_t second = 0;
  ASSERT_EQ(::read(ready[0], &second, sizeof second), static_cast<ssize_t>(sizeof second));
  CpuTime cpu_time(guard);
  const auto used = cpu_time.read(nullptr);
  ASSERT_TRUE(used);
  EXPECT_NEAR(used->value, 0.2, 0.05);

  ::kill(second, SIGKILL);
  ::kill(guard, SIGKILL);
  ::waitpid(guard, nullptr, 0);
  EXPECT_EQ(cpu_time.read(nullptr), used) << "never less than before";
  EXPECT_EQ(cpu_time.finish(nullptr, Seconds(0.1)), *used);
  EXPECT_EQ(cpu_time.finish(nullptr, Seconds(9)), Seconds(9));
  EXPECT_EQ(cpu_time.read(nullptr), Seconds(9));
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(CpuTime, IsUnknownWithoutAGuard) { EXPECT_FALSE(CpuTime(0x7ffffffe).read(nullptr)); }

}  // namespace
}  // namespace sm2::runner
