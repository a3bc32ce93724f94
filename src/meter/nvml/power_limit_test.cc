#include "meter/nvml/power_limit.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

#include "testing/nvml/standin.h"

namespace sm2::meter::nvml {
namespace {

namespace fs = std::filesystem;

using base::Watts;
using sm2::testing::NvmlStandin;

constexpr const char* kUuid = "GPU-1";

class PowerLimitTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "sm2-limit-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    start("");
  }
  void TearDown() override {
    library_.reset();
    fs::remove_all(folder_);
  }
  void start(const std::string& more) {
    library_.reset();
    standin_ = std::make_unique<NvmlStandin>("limits-file " + (folder_ / "driver").string() +
                                             "\ngpu\n uuid GPU-1\n limits 100 400 300 350\n" + more);
    library_ = Library::open(NvmlStandin::kLibrary, standin_->clock()).value();
  }
  fs::path state() const { return folder_ / "state"; }
  fs::path file() const { return state() / "GPU-1.json"; }
  base::Result<PowerLimit> set(double watts) {
    return PowerLimit::set(library_, kUuid, Watts(watts), state());
  }
  unsigned limit() { return library_->power_limit_mw(library_->by_uuid(kUuid).value()).value() / 1000; }
  void set_behind_our_back(unsigned watts) {
    ASSERT_TRUE(library_->set_power_limit_mw(library_->by_uuid(kUuid).value(), watts * 1000));
  }
  std::vector<std::string> undo() { return undo_left_over(library_, state()); }

  // An owner that is killed while it holds a limit; what it had forked has its lock for so long.
  void kill_owner_of(double watts, unsigned forked_for_us = 0) {
    int ready[2];
    ASSERT_EQ(pipe(ready), 0);
    const pid_t owner = fork();
    if (owner == 0) {
      const auto held = set(watts);
      if (held && forked_for_us > 0 && fork() == 0) {
        usleep(forked_for_us);
        _exit(0);
      }
      if (!held || write(ready[1], "x", 1) != 1) _exit(1);
      for (;;) pause();
    }
    close(ready[1]);
    char byte = 0;
    ASSERT_EQ(read(ready[0], &byte, 1), 1) << "the owner could not set the limit";
    close(ready[0]);
    EXPECT_TRUE(undo().empty()) << "its owner lives";
    EXPECT_FALSE(set(200)) << "its owner lives";
    kill(owner, SIGKILL);
    waitpid(owner, nullptr, 0);
  }

  fs::path folder_;
  std::unique_ptr<NvmlStandin> standin_;
  std::shared_ptr<Library> library_;
};

TEST_F(PowerLimitTest, IsSetAndPutBackAtTheEnd) {
  {
    const auto held = set(200);
    ASSERT_TRUE(held) << held.error().message;
    EXPECT_EQ(limit(), 200u);
    EXPECT_EQ(held->previous(), Watts(350));
    struct stat status{};
    ASSERT_EQ(stat(file().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    ASSERT_EQ(stat(state().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
  }
  EXPECT_EQ(limit(), 350u);
  EXPECT_TRUE(fs::is_empty(state()));
}

TEST_F(PowerLimitTest, IsPutBackWhenAnExceptionUnwindsItsOwner) {
  try {
    const auto held = set(200);
    ASSERT_EQ(limit(), 200u);
    throw std::runtime_error("training failed");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(limit(), 350u);
}

TEST_F(PowerLimitTest, IsPutBackOnce) {
  auto held = set(200);
  ASSERT_TRUE(held);
  EXPECT_TRUE(held->restore());
  EXPECT_EQ(limit(), 350u);
  set_behind_our_back(123);
  EXPECT_TRUE(held->restore());
  EXPECT_EQ(limit(), 123u);
}

TEST_F(PowerLimitTest, ThatIsMovedIsPutBackByTheLastOwner) {
  auto first = set(200);
  {
    PowerLimit second = *std::move(first);
    first = base::fail("gone");
    EXPECT_EQ(limit(), 200u);
  }
  EXPECT_EQ(limit(), 350u);
}

TEST_F(PowerLimitTest, IsPutBackAtTheNextStartAfterAKill) {
  kill_owner_of(200);
  EXPECT_EQ(limit(), 200u);
  EXPECT_EQ(undo(), std::vector<std::string>{"GPU GPU-1: its power limit is 350 W again"});
  EXPECT_EQ(limit(), 350u);
  EXPECT_TRUE(fs::is_empty(state()));
  EXPECT_TRUE(undo().empty());
}

TEST_F(PowerLimitTest, IsPutBackAlsoWhereTheKilledOwnersLockOutlivesIt) {
  kill_owner_of(200, 300'000);
  EXPECT_EQ(undo(), std::vector<std::string>{"GPU GPU-1: its power limit is 350 W again"});
  kill_owner_of(200, 300'000);
  EXPECT_TRUE(set(250));
  EXPECT_EQ(limit(), 350u);
}

TEST_F(PowerLimitTest, SetAfterAKillStillKnowsTheLimitFromBefore) {
  kill_owner_of(200);
  {
    const auto held = set(150);
    ASSERT_TRUE(held) << held.error().message;
    EXPECT_EQ(held->previous(), Watts(350));
  }
  EXPECT_EQ(limit(), 350u);
}

TEST_F(PowerLimitTest, ThatSomebodyChangedSinceIsLeftAsItIs) {
  kill_owner_of(200);
  set_behind_our_back(250);
  const auto lines = undo();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("is 250 W, not the 200 W that was set: somebody has changed it"), std::string::npos)
      << lines[0];
  EXPECT_EQ(limit(), 250u);
  EXPECT_TRUE(undo().empty());

  auto held = set(200);
  set_behind_our_back(220);
  EXPECT_NE(held->restore().error().message.find("somebody has changed it"), std::string::npos);
  EXPECT_EQ(limit(), 220u);
}

TEST_F(PowerLimitTest, ASecondOwnerIsRefused) {
  const auto first = set(200);
  const auto second = set(250);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().message,
            "GPU GPU-1: another sm2 holds its power limit; wait for it, or end it first");
  EXPECT_EQ(limit(), 200u);
}

TEST_F(PowerLimitTest, OutsideWhatTheGpuAllowsIsAnErrorThatNamesBothEnds) {
  for (const double wrong : {99.0, 401.0}) {
    const auto held = set(wrong);
    ASSERT_FALSE(held);
    EXPECT_NE(held.error().message.find("it must be between 100 W and 400 W"), std::string::npos)
        << held.error().message;
  }
  EXPECT_FALSE(set(std::nan("")));
  EXPECT_FALSE(set(-5));
  EXPECT_EQ(limit(), 350u);
  EXPECT_FALSE(fs::exists(file()));
}

TEST_F(PowerLimitTest, WithoutPermissionSaysWhatToRunAndLeavesNothingBehind) {
  start(" set NO_PERMISSION\n");
  const auto held = set(200);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().message,
            "GPU GPU-1: its power limit cannot be set to 200 W: no permission; remedy: run as root, or: sudo "
            "nvidia-smi -i GPU-1 -pl 200");
  EXPECT_TRUE(fs::is_empty(state()));
}

TEST_F(PowerLimitTest, ThatCannotBePutBackNowIsPutBackAtTheNextStart) {
  {
    auto held = set(200);
    ASSERT_TRUE(held);
    start(" set GPU_IS_LOST\n");
    const auto done = held->restore();
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().message.find("the next start tries again"), std::string::npos)
        << done.error().message;
  }
  ASSERT_EQ(undo().size(), 1u);
  EXPECT_EQ(limit(), 200u);
  start("");
  EXPECT_EQ(undo(), std::vector<std::string>{"GPU GPU-1: its power limit is 350 W again"});
  EXPECT_EQ(limit(), 350u);
}

TEST_F(PowerLimitTest, ADamagedStateFileGivesOneLineAndTheDefaultLimit) {
  for (const char* text : {"{\"uuid\": \"GPU-1\", \"prev", "[]", "\xff\xfe",
                           "{\"uuid\":\"GPU-2\",\"previous_mw\":1000,\"set_mw\":1}",
                           "{\"uuid\":\"GPU-1\",\"previous_mw\":-350000,\"set_mw\":200000}"}) {
    fs::create_directory(state());
    fs::permissions(state(), fs::perms::owner_all);
    std::ofstream(file()) << text;
    set_behind_our_back(200);
    const auto lines = undo();
    ASSERT_EQ(lines.size(), 1u) << text;
    EXPECT_EQ(lines[0],
              "GPU GPU-1: " + file().string() + " is damaged; its power limit is its default now, 300 W");
    EXPECT_EQ(limit(), 300u);
    EXPECT_TRUE(fs::is_empty(state()));
  }
}

TEST_F(PowerLimitTest, AnEmptyStateFileIsOfAnOwnerThatSetNothing) {
  fs::create_directory(state());
  fs::permissions(state(), fs::perms::owner_all);
  std::ofstream(file()).flush();
  EXPECT_TRUE(undo().empty());
  EXPECT_EQ(limit(), 350u);
  EXPECT_TRUE(fs::is_empty(state()));
}

TEST_F(PowerLimitTest, AFolderThatOthersMayWriteToIsRefused) {
  fs::create_directory(state());
  fs::permissions(state(), fs::perms::all);
  const auto held = set(200);
  ASSERT_FALSE(held);
  EXPECT_NE(held.error().message.find("nobody else may write to"), std::string::npos) << held.error().message;
  EXPECT_EQ(limit(), 350u);
}

TEST_F(PowerLimitTest, OfAGpuThatIsNotHereIsAnError) {
  const auto held = PowerLimit::set(library_, "GPU-none", Watts(200), state());
  ASSERT_FALSE(held);
  EXPECT_NE(held.error().message.find("GPU-none: NVML does not find it"), std::string::npos)
      << held.error().message;
}

TEST(StateFolder, FollowsTheEnvironment) {
  const char* home = getenv("HOME");
  const std::string old_home = home ? home : "";
  setenv("XDG_STATE_HOME", "/x/state", 1);
  EXPECT_EQ(default_state_folder(), "/x/state/sm2");
  setenv("XDG_STATE_HOME", "relative", 1);
  setenv("HOME", "/home/me", 1);
  EXPECT_EQ(default_state_folder(), "/home/me/.local/state/sm2");
  unsetenv("HOME");
  unsetenv("XDG_STATE_HOME");
  EXPECT_EQ(default_state_folder(), "/var/tmp/sm2-" + std::to_string(geteuid()));
  if (home) setenv("HOME", old_home.c_str(), 1);
}

}  // namespace
}  // namespace sm2::meter::nvml
