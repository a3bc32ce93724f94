#include "runner/verdict.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace sm2::runner {
namespace {

using trial::Action;
using trial::Outcome;

constexpr int exited(int code) { return code << 8; }

TEST(Verdict, ExitZeroIsCompletedOrWhatWasAskedFor) {
  EXPECT_EQ(judge({.status = exited(0)}), Outcome(trial::Completed{}));
  EXPECT_EQ(judge({.status = exited(0), .asked = Action::kPause}), Outcome(trial::Paused{}));
  EXPECT_EQ(judge({.status = exited(0), .asked = Action::kStop}), Outcome(trial::Stopped{}));
}

TEST(Verdict, EndingByOurSignalIsWhatWasAskedFor) {
  for (const int status : {SIGTERM, exited(143)}) {
    Observed observed{.status = status, .asked = Action::kPause, .terminated = true};
    EXPECT_EQ(judge(observed), Outcome(trial::Paused{}));
    observed.terminated = false;
    EXPECT_FALSE(trial::usable(judge(observed))) << "somebody else's signal";
  }
  EXPECT_EQ(judge({.status = SIGKILL, .asked = Action::kStop, .terminated = true, .killed = true}),
            Outcome(trial::Stopped{}));
  EXPECT_EQ(judge({.status = SIGKILL, .asked = Action::kStop, .terminated = true}),
            Outcome(trial::Killed{SIGKILL, ""}));
}

TEST(Verdict, AnotherStatusIsAFailureThoughItWasAskedToEnd) {
  EXPECT_EQ(
      judge({.status = exited(1), .asked = Action::kPause, .terminated = true, .output = "disk full\n"}),
      Outcome(trial::Failed{1, "disk full"}));
}

TEST(Verdict, FailuresCarryTheLastLine) {
  EXPECT_EQ(judge({.status = exited(3), .output = "a\nno such file\n\n"}),
            Outcome(trial::Failed{3, "no such file"}));
  EXPECT_EQ(judge({.status = SIGSEGV, .output = "working"}), Outcome(trial::Killed{SIGSEGV, "working"}));
}

TEST(Verdict, ATimeOutIsATimeOutHoweverTheProgramTookIt) {
  const trial::TimedOut timed_out{"wall", base::Seconds(5)};
  for (const int status : {SIGTERM, SIGKILL, exited(0), exited(1)}) {
    EXPECT_EQ(judge({.status = status, .timed_out = timed_out}), Outcome(timed_out));
  }
}

TEST(Verdict, TellsOutOfMemoryByTheLogOfAFailure) {
  for (const char* line :
       {"torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB", "MemoryError",
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 3 TiB",
        "terminate called after throwing an instance of 'std::bad_alloc'", "fork: Cannot allocate memory",
        "RuntimeError: HIP Out Of Memory"}) {
    const std::string output = std::string("epoch 1\n") + line + "\nbye\n";
    EXPECT_EQ(judge({.status = exited(1), .output = output}), Outcome(trial::OutOfMemory{line}));
    EXPECT_EQ(judge({.status = SIGABRT, .output = output}), Outcome(trial::OutOfMemory{line}));
    EXPECT_EQ(judge({.status = exited(0), .output = output}), Outcome(trial::Completed{}));
  }
}

TEST(Verdict, TellsOutOfMemoryByTheKernel) {
  const Outcome memory = trial::OutOfMemory{"killed by the kernel"};
  EXPECT_EQ(judge({.status = SIGKILL, .oom_kill = true}), memory);
  EXPECT_EQ(judge({.status = exited(137), .oom_kill = true}), memory);
  EXPECT_EQ(judge({.status = exited(1), .own_oom_kill = true}), memory);
  EXPECT_EQ(judge({.status = exited(1), .oom_kill = true}), Outcome(trial::Failed{1, ""}))
      << "another process of the machine was killed";
  EXPECT_EQ(judge({.status = exited(0), .oom_kill = true, .own_oom_kill = true}),
            Outcome(trial::Completed{}));
}

}  // namespace
}  // namespace sm2::runner
