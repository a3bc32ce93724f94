#include "runner/leftovers.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <string>

#include "runner/guard_process.h"

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

class LeftoversTest : public testing::Test {
 protected:
  LeftoversTest() {
    std::string pattern = "/tmp/sm2test-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~LeftoversTest() override { fs::remove_all(folder_); }

  // A program whose trial has that folder for its checkpoints, and that ignores what can be ignored.
  static pid_t program(const fs::path& checkpoints) {
    const std::string variable = "SM2_CHECKPOINT_DIR=" + checkpoints.string();
    const std::array<const char*, 4> arguments = {"/bin/sh", "-c", "trap '' TERM INT HUP; sleep 60 & wait",
                                                  nullptr};
    const std::array<const char*, 3> environment = {"PATH=/usr/bin:/bin", variable.c_str(), nullptr};
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::setsid();
      ::execve(arguments[0], const_cast<char**>(arguments.data()), const_cast<char**>(environment.data()));
      ::_exit(127);
    }
    std::string name;
    while (name != "sh") std::ifstream("/proc/" + std::to_string(pid) + "/comm") >> name;
    return pid;
  }

  static bool killed(pid_t pid) {
    int status = 0;
    return ::waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }

  fs::path folder_;
};

TEST_F(LeftoversTest, EndsWhatTrainsInTheStudysFolderAndNothingElse) {
  const pid_t ours = program(folder_ / "s" / "3" / "checkpoints");
  const pid_t of_another_study = program(folder_ / "s2" / "3" / "checkpoints");
  const pid_t of_the_parent = program(folder_);
  end_leftovers(folder_ / "s");
  EXPECT_TRUE(killed(ours));
  for (const pid_t other : {of_another_study, of_the_parent}) {
    EXPECT_EQ(::kill(other, 0), 0);
    ::killpg(other, SIGKILL);
    EXPECT_EQ(::waitpid(other, nullptr, 0), other);
  }
}

TEST_F(LeftoversTest, AGuardThatWasStoppedIsToldByItsFolder) {
  const auto guard = [](const fs::path& folder) {
    fs::create_directories(folder);
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_NAME, kGuardName);
      if (::chdir(folder.c_str()) == 0) ::raise(SIGSTOP);
      ::_exit(0);
    }
    ::waitpid(pid, nullptr, WUNTRACED);
    return pid;
  };
  const pid_t ours = guard(folder_ / "s" / "3");
  const pid_t of_another_study = guard(folder_ / "s2" / "3");
  end_leftovers(folder_ / "s");
  EXPECT_TRUE(killed(ours));
  EXPECT_EQ(::waitpid(of_another_study, nullptr, WNOHANG), 0);
  ::kill(of_another_study, SIGKILL);
  EXPECT_TRUE(killed(of_another_study));
}

TEST_F(LeftoversTest, AStudyWithoutAnyIsNoMatter) { end_leftovers(folder_ / "nothing"); }

}  // namespace
}  // namespace sm2::runner
