#include "runner/cgroup.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class CgroupTest : public testing::Test {
 protected:
  CgroupTest() {
    std::string pattern = (fs::temp_directory_path() / "sm2-cgroup-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  ~CgroupTest() override { fs::remove_all(root_); }

  void write(const fs::path& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  void layout(const std::string& mounts, const std::string& groups) {
    write("proc/self/mountinfo", mounts);
    write("proc/self/cgroup", groups);
  }

  fs::path root_;
};

TEST_F(CgroupTest, FindsThePlainHierarchy) {
  layout("25 1 0:22 / /proc rw - proc proc rw\n30 25 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
         "0::/user.slice/session-1.scope\n");
  EXPECT_EQ(own_cgroup(root_), root_ / "sys/fs/cgroup/user.slice/session-1.scope");
}

TEST_F(CgroupTest, FindsTheHybridHierarchy) {
  layout(
      "31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
      "40 30 0:37 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
      "4:memory:/a\n0::/\n");
  EXPECT_EQ(own_cgroup(root_), root_ / "sys/fs/cgroup/unified" / "");
}

TEST_F(CgroupTest, FindsAPartMountedIntoAContainer) {
  layout("40 30 0:37 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n", "0::/docker/abc/inner\n");
  EXPECT_EQ(own_cgroup(root_), root_ / "sys/fs/cgroup/inner");
}

TEST_F(CgroupTest, FindsNothingWhereThereIsNone) {
  EXPECT_FALSE(own_cgroup(root_));
  layout("31 30 0:28 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n", "1:cpu:/\n");
  EXPECT_FALSE(own_cgroup(root_));
  layout("40 30 0:37 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n", "0::/../outside\n");
  EXPECT_FALSE(own_cgroup(root_));
}

TEST_F(CgroupTest, APlainFolderIsNoGroupAndLeavesNoTrace) {
  EXPECT_FALSE(Cgroup::make(root_, "sm2-1-1"));
  EXPECT_FALSE(fs::exists(root_ / "sm2-1-1"));
}

TEST_F(CgroupTest, AMemoryLimitNeedsTheController) {
  EXPECT_FALSE(limit_memory(root_, 1 << 20));
  EXPECT_TRUE(fs::is_empty(root_));
  write("memory.oom.group", "0");
  write("memory.max", "max");
  EXPECT_TRUE(limit_memory(root_, 1 << 20));
  std::string killed, most;
  std::ifstream(root_ / "memory.oom.group") >> killed;
  std::ifstream(root_ / "memory.max") >> most;
  EXPECT_EQ(killed, "1");
  EXPECT_EQ(most, "1048576");
}

TEST_F(CgroupTest, RemovesGroupsOfDeadTunersOnly) {
  const pid_t dead = ::fork();
  if (dead == 0) ::_exit(0);
  ::waitpid(dead, nullptr, 0);
  const auto name = [](pid_t pid, const char* rest) { return "sm2-" + std::to_string(pid) + rest; };
  for (const auto& folder : {name(dead, "-1"), name(::getppid(), "-1"), name(dead, "-x"), name(dead, ""),
                             std::string("other"), name(dead, "-2"), name(::getpid(), "-9")}) {
    fs::create_directory(root_ / folder);
  }
  write(name(dead, "-2/cgroup.procs"), "0\n");
  remove_stale_cgroups(root_);
  EXPECT_FALSE(fs::exists(root_ / name(dead, "-1")));
  EXPECT_FALSE(fs::exists(root_ / name(::getpid(), "-9"))) << "left by an earlier process with this pid";
  EXPECT_TRUE(fs::exists(root_ / name(::getppid(), "-1")));
  EXPECT_TRUE(fs::exists(root_ / name(dead, "-x")));
  EXPECT_TRUE(fs::exists(root_ / name(dead, "-2"))) << "in use from another pid namespace";
  EXPECT_TRUE(fs::exists(root_ / "other"));
}

TEST(CgroupOfThisMachine, CountsAndKillsItsMembers) {
  const auto own = own_cgroup();
  auto group = own ? Cgroup::make(*own, cgroup_name(77)) : std::nullopt;
  if (!group) GTEST_SKIP() << "no control group can be made here";
  const fs::path members = *own / cgroup_name(77) / "cgroup.procs";
  const pid_t child = ::fork();
  if (child == 0) {
    std::ofstream(members) << "0" << std::flush;
    ::alarm(10);
    for (;;) ::getpid();
  }
  for (int tries = 0; tries < 500 && group->cpu_time()->value < 0.02; ++tries) ::usleep(2'000);
  EXPECT_GE(group->cpu_time()->value, 0.02);
  EXPECT_EQ(group->members(), std::vector<pid_t>{child});
  EXPECT_TRUE(group->holds(child));
  EXPECT_FALSE(group->holds(::getpid()));
  group->kill();
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, SIGKILL);
  group.reset();
  EXPECT_FALSE(fs::exists(*own / cgroup_name(77)));
}

}  // namespace
}  // namespace sm2::runner
