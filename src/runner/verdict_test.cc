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
    EXPECT_EQ(judge({.status = status, .over_limit = timed_out}), Outcome(timed_out));
  }
}

TEST(Verdict, TellsOutOfMemoryByTheLogOfAFailure) {
  for (const char* line :
       {"torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB", "MemoryError",
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 3 TiB",
        "terminate called after throwing an instance of 'std::bad_alloc'", "fork: Cannot allocate memory",
        "RuntimeError: HIP Out Of Memory", "CUDA_ERROR_OUT_OF_MEMORY",
        "cudaMalloc: cudaErrorMemoryAllocation",
        "RuntimeError: CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling",
        "RuntimeError: [enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried "
        "to",
        "RuntimeError: could not create a memory object",
        "XlaRuntimeError: RESOURCE_EXHAUSTED: Failed to allocate request for 8.00GiB",
        "errors_impl.ResourceExhaustedError: Graph execution error:",
        "OOM when allocating tensor with shape[512]",
        "XGBoostError: [12:00:00] Memory allocation error on worker 0", "lua: not enough memory",
        "slurmstepd: error: Detected 1 oom_kill event in StepId=7.0",
        "Error: cannot allocate vector of size 8.0 Gb", "memory allocation of 8589934592 bytes failed"}) {
    const std::string output = std::string("epoch 1\n") + line + "\nbye\n";
    EXPECT_EQ(judge({.status = exited(1), .output = output}), Outcome(trial::OutOfMemory{line}));
    EXPECT_EQ(judge({.status = SIGABRT, .output = output}), Outcome(trial::OutOfMemory{line}));
    EXPECT_EQ(judge({.status = exited(0), .output = output}), Outcome(trial::Completed{}));
  }
}

constexpr const char* kSurvived = "CUDA out of memory with 256, going on with 128\nepoch 1\n";

TEST(Verdict, WhatWasSurvivedIsNotWhatItDiedOf) {
  const std::string python =
      std::string(kSurvived) + "Traceback (most recent call last):\n  File \"t.py\"\nKeyError: 'labels'\n";
  EXPECT_EQ(judge({.status = exited(1), .output = python}), Outcome(trial::Failed{1, "KeyError: 'labels'"}));
  const std::string cpp =
      std::string(kSurvived) +
      "terminate called after throwing an instance of 'std::runtime_error'\n  what():  disk full\n";
  EXPECT_EQ(judge({.status = SIGABRT, .output = cpp}), Outcome(trial::Killed{SIGABRT, "what():  disk full"}));
}

TEST(Verdict, AnErrorThatCausedTheLastOneCounts) {
  for (const char* prefix : {"", "[rank0]: "}) {
    const std::string error = std::string(prefix) + "torch.cuda.OutOfMemoryError: CUDA out of memory.";
    const std::string output = "Traceback (most recent call last):\n" + error +
                               "\n\nDuring handling of the above exception, another exception occurred:\n\n"
                               "Traceback (most recent call last):\nChildFailedError: train.py\n";
    EXPECT_EQ(judge({.status = exited(1), .output = output}), Outcome(trial::OutOfMemory{error}));
  }
}

TEST(Verdict, WordsThatMeanSomethingElseAreNoOutOfMemory) {
  for (const char* line :
       {"Allocator (GPU_0_bfc) ran out of memory. The caller indicates that this is not a failure",
        "status = StatusCode.RESOURCE_EXHAUSTED, details = \"Received message larger than max\"",
        "memory: 3.2 GiB", "DataLoader keeps the set in memory"}) {
    const std::string output = std::string(line) + "\nno such file\n";
    EXPECT_EQ(judge({.status = exited(1), .output = output}), Outcome(trial::Failed{1, "no such file"}))
        << line;
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
