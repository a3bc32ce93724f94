#include "runner/process_table.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace sm2::runner {
namespace {

TEST(ProcessTable, ReadsThisProcess) {
  Process self;
  ASSERT_TRUE(read_process(::getpid(), self));
  EXPECT_EQ(self.pid, ::getpid());
  EXPECT_EQ(self.parent, ::getppid());
  EXPECT_EQ(self.session, ::getsid(0));
  EXPECT_FALSE(self.zombie);
  EXPECT_FALSE(read_process(0x7ffffffe, self));
}

TEST(ProcessTable, FindsChildrenAndGrandchildren) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const pid_t grandchild = ::fork();
    if (grandchild > 0) (void)!::write(ready[1], &grandchild, sizeof grandchild);
    for (;;) ::pause();
  }
  pid_t grandchild = 0;
  ASSERT_EQ(::read(ready[0], &grandchild, sizeof grandchild), static_cast<ssize_t>(sizeof grandchild));
  const auto space = std::make_unique<Process[]>(kMostProcesses);
  const auto found = descendants(::getpid(), {space.get(), kMostProcesses});
  const auto contains = [&](pid_t pid) {
    return std::any_of(found.begin(), found.end(), [&](const Process& one) { return one.pid == pid; });
  };
  EXPECT_TRUE(contains(child));
  EXPECT_TRUE(contains(grandchild));
  EXPECT_FALSE(contains(::getpid()));
  EXPECT_FALSE(contains(::getppid()));
  for (const pid_t pid : {grandchild, child}) ::kill(pid, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(ProcessTable, CountsTicksAndTellsZombies) {
  const pid_t child = ::fork();
  if (child == 0) {
    while (::clock() < CLOCKS_PER_SEC / 20) {
    }
    ::_exit(0);
  }
  siginfo_t ended;
  ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT);
  Process zombie;
  ASSERT_TRUE(read_process(child, zombie));
  EXPECT_TRUE(zombie.zombie);
  EXPECT_GE(zombie.own_ticks, 3u);
  ::waitpid(child, nullptr, 0);
  Process self;
  ASSERT_TRUE(read_process(::getpid(), self));
  EXPECT_GE(self.reaped_ticks, zombie.own_ticks);
}

}  // namespace
}  // namespace sm2::runner
