#include "runner/process_runner.h"

#include <sys/wait.h>

#include "runner/process_runner_fixture.h"

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;
using trial::Action;
using trial::Outcome;

std::size_t open_descriptors() {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

TEST_F(ProcessRunnerTest, ExitZeroIsCompleted) {
  const auto exit = run(shell("echo done"));
  EXPECT_EQ(exit.trial, 7);
  EXPECT_EQ(exit.outcome, Outcome(trial::Completed{}));
  EXPECT_EQ(exit.note, "");
  EXPECT_EQ(content(folder_ / "trials/7/log"), "done\n");
}

TEST_F(ProcessRunnerTest, AFailureHasItsStatusAndLastLine) {
  EXPECT_EQ(run(shell("echo first; echo '  no such dataset  ' >&2; exit 3")).outcome,
            Outcome(trial::Failed{3, "no such dataset"}));
}

TEST_F(ProcessRunnerTest, ASignalIsToldFromAFailure) {
  EXPECT_EQ(run(shell("kill -SEGV $$")).outcome, Outcome(trial::Killed{SIGSEGV, ""}));
}

TEST_F(ProcessRunnerTest, OutOfMemoryIsToldByItsMessage) {
  EXPECT_EQ(run(shell("echo 'RuntimeError: CUDA out of memory. Tried' >&2; exit 1")).outcome,
            Outcome(trial::OutOfMemory{"RuntimeError: CUDA out of memory. Tried"}));
}

TEST_F(ProcessRunnerTest, ACommandThatCannotBeStartedFailsAtOnce) {
  Job job = shell("");
  job.command = {"./train"};
  auto started = runner_->start(job);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message,
            "cannot start './train': No such file or directory (looked for in " + folder_.string() + ")");
  job.command = {"/bin/true"};
  job.directory = folder_ / "missing";
  started = runner_->start(job);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("missing': No such file"), std::string::npos);
  job.directory.reset();
  EXPECT_EQ(run(job).outcome, Outcome(trial::Completed{})) << "the trial may be started after all";
}

TEST_F(ProcessRunnerTest, ARunningTrialIsNotStartedTwice) {
  ASSERT_TRUE(runner_->start(shell("sleep 60")));
  EXPECT_FALSE(runner_->start(shell("sleep 60")));
}

TEST_F(ProcessRunnerTest, TheProgramFindsItsSurroundings) {
  Job job = shell(
      "echo $SM2_TRIAL; echo $SM2_PARAMS; echo $SM2_CHECKPOINT_DIR; test -S $SM2_SOCKET && echo socket; pwd; "
      "stat -c %a $SM2_CHECKPOINT_DIR $SM2_CHECKPOINT_DIR/..; cat; echo $(ls /proc/self/fd); "
      "grep ^SigBlk /proc/self/status; grep ^SigIgn /proc/self/status >ignored");
  job.configuration = {{"lr", 0.5}};
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  ::signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(run(job).outcome, Outcome(trial::Completed{}));
  ::signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  const std::string checkpoints = (folder_ / "trials/7/checkpoints").string();
  EXPECT_EQ(content(folder_ / "trials/7/log"), "7\n{\"lr\":0.5}\n" + checkpoints + "\nsocket\n" +
                                                   folder_.string() +
                                                   "\n700\n700\n0 1 2 3\nSigBlk:\t0000000000000000\n");
  // 32 and 33 are the C library's: posix_spawn of whoever ran this test leaves them ignored, and sigaction may not
  // touch them.
  constexpr std::uint64_t kOfTheLibrary = 0x180000000;
  EXPECT_EQ(std::stoull(content(folder_ / "ignored").substr(8), nullptr, 16) & ~kOfTheLibrary, 0u);
}

TEST_F(ProcessRunnerTest, ADaemonisedGrandchildIsEnded) {
  const auto exit = run(shell("setsid sh -c '(sleep 60 & echo $! > pid) &'; while [ ! -s pid ]; do :; done"));
  EXPECT_EQ(exit.outcome, Outcome(trial::Completed{}));
  EXPECT_EQ(exit.note, "left 1 process behind, ended");
  EXPECT_FALSE(alive(pid_in("pid")));
}

TEST_F(ProcessRunnerTest, HelpersThatEndByThemselvesAreNotLeftBehind) {
  EXPECT_EQ(run(shell("sleep 0.05 & exit 0")).note, "");
}

TEST_F(ProcessRunnerTest, AProgramWithoutClientIsTerminatedAtOnce) {
  for (const auto& [action, outcome] : {std::pair(Action::kPause, Outcome(trial::Paused{})),
                                        std::pair(Action::kStop, Outcome(trial::Stopped{}))}) {
    events_.clear();
    ASSERT_TRUE(runner_->start(shell("sleep 60")));
    runner_->end(7, action);
    const auto exit = wait_for_exit();
    EXPECT_EQ(exit.outcome, outcome);
    EXPECT_EQ(exit.note, "");
  }
}

TEST_F(ProcessRunnerTest, IgnoringSigtermHelpsUntilTheGracePeriodIsOver) {
  ASSERT_TRUE(runner_->start(shell("trap '' TERM; echo > ready; while :; do sleep 0.01; done")));
  wait_for_file("ready");
  runner_->end(7, Action::kPause);
  const auto exit = wait_for_exit();
  EXPECT_EQ(exit.outcome, Outcome(trial::Paused{}));
  EXPECT_NE(exit.note.find("after SIGTERM, killed"), std::string::npos) << exit.note;
}

TEST_F(ProcessRunnerTest, AHangIsEndedByTheSilenceLimit) {
  Job job = shell("for i in 1 2 3 4 5 6; do echo $i; sleep 0.06; done; sleep 60");
  job.limits.silence = base::Seconds(0.3);
  const auto exit = run(job);
  const auto* timed_out = std::get_if<trial::TimedOut>(&exit.outcome);
  ASSERT_TRUE(timed_out) << trial::describe(exit.outcome);
  EXPECT_EQ(timed_out->limit, "silence");
  EXPECT_GT(timed_out->after.value, 0.5) << "output is no silence";
}

TEST_F(ProcessRunnerTest, WhatIsSaidWhileNobodyListensIsNoSilence) {
  Job job = shell("echo > ready; until [ -e heard ]; do echo x; sleep 0.1; done");
  job.limits.silence = base::Seconds(3);
  ASSERT_TRUE(runner_->start(job));
  wait_for_file("ready");
  ::usleep(3'500'000);  // as a tuner whose store is slow
  std::ofstream(folder_ / "heard").put('x');
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Completed{}));
}

TEST_F(ProcessRunnerTest, TheWallLimitHoldsForTalkersToo) {
  Job job = shell("trap '' TERM; while :; do echo x; sleep 0.01; done");
  job.limits.wall = base::Seconds(0.2);
  const auto exit = run(job);
  const auto* timed_out = std::get_if<trial::TimedOut>(&exit.outcome);
  ASSERT_TRUE(timed_out) << trial::describe(exit.outcome);
  EXPECT_EQ(timed_out->limit, "wall");
}

TEST_F(ProcessRunnerTest, AProgramThatStoppedItselfHearsOfItsEnd) {
  Job job = shell("trap 'echo ended; exit' TERM; echo $$ > main; kill -STOP $$");
  job.limits.silence = base::Seconds(0.3);
  job.limits.grace = base::Seconds(20);
  const auto exit = run(job);
  EXPECT_TRUE(std::holds_alternative<trial::TimedOut>(exit.outcome)) << trial::describe(exit.outcome);
  EXPECT_TRUE(exit.by_limit);
  EXPECT_EQ(exit.note, "");
  EXPECT_EQ(content(folder_ / "trials/7/log"), "ended\n");
}

TEST_F(ProcessRunnerTest, AStoppedProgramThatHearsOfNothingIsKilled) {
  Job job = shell("trap '' TERM; while :; do kill -STOP $$; done");
  job.limits.silence = base::Seconds(0.3);
  const auto exit = run(job);
  EXPECT_TRUE(std::holds_alternative<trial::TimedOut>(exit.outcome)) << trial::describe(exit.outcome);
  EXPECT_NE(exit.note.find("after SIGTERM, killed"), std::string::npos) << exit.note;
}

TEST_F(ProcessRunnerTest, MemoryOverItsLimitEndsTheWholeTreeAtOnce) {
  // A shell's variable doubles until it holds 64 MiB, in a child; the program itself holds next to nothing.
  Job job = shell(
      "trap '' TERM; (trap '' TERM; x=0123456789abcdef; for i in $(seq 22); do x=$x$x; done; echo > held; "
      "while :; do sleep 0.05; done) & wait");
  job.limits.memory = 48 << 20;
  job.limits.grace = base::Seconds(60);
  const auto exit = run(job);
  const auto* memory = std::get_if<trial::OutOfMemory>(&exit.outcome);
  ASSERT_TRUE(memory) << trial::describe(exit.outcome);
  EXPECT_EQ(memory->detail.substr(0, 14), "limit memory: ");
  EXPECT_TRUE(exit.by_limit);
  EXPECT_EQ(exit.note, "");
}

TEST_F(ProcessRunnerTest, AFolderOverItsLimitEndsTheTrial) {
  Job job = shell("head -c 9000000 /dev/zero > $SM2_CHECKPOINT_DIR/weights; sleep 60");
  job.limits.disk = 4 << 20;
  const auto exit = run(job);
  const auto* exceeded = std::get_if<trial::Exceeded>(&exit.outcome);
  ASSERT_TRUE(exceeded) << trial::describe(exit.outcome);
  EXPECT_EQ(exceeded->limit, "disk");
  EXPECT_TRUE(exit.by_limit);
}

TEST_F(ProcessRunnerTest, TrialsAtOnceGetProcessorsOfTheirOwn) {
  const std::size_t usable = may_use().size();
  if (usable < 2) GTEST_SKIP() << "one processor";
  for (const TrialId trial : {1, 2}) {
    Job job = shell("nproc > processors" + std::to_string(trial) + "; sh -c 'taskset -p $$' > set" +
                    std::to_string(trial) + "; sleep 60");
    job.trial = trial;
    job.folder = folder_ / "trials" / std::to_string(trial);
    job.limits.cpu = 1;
    ASSERT_TRUE(runner_->start(job));
    wait_for_file("set" + std::to_string(trial));
    EXPECT_EQ(content(folder_ / ("processors" + std::to_string(trial))), "1\n");
  }
  const auto mask = [&](const char* file) {
    return content(folder_ / file).substr(content(folder_ / file).rfind(' '));
  };
  EXPECT_NE(mask("set1"), mask("set2"));
}

TEST_F(ProcessRunnerTest, ATrialGoesBeforeTheTunerWhenMemoryRunsOut) {
  run(shell("cat /proc/self/oom_score_adj > score"));
  EXPECT_GE(std::stoi(content(folder_ / "score")), 300);
}

TEST_F(ProcessRunnerTest, AFloodOfPrintedEvaluationsWaits) {
  Job job = shell("yes acc=0.5");
  job.pattern = Pattern{R"(acc=(?P<acc>\S+))", "acc", "epoch"};
  job.limits.silence = base::Seconds(0.3);
  ASSERT_TRUE(runner_->start(job));
  wait_until([&] { return all<Evaluation>().size() > kDurableAtOnce; });
  const std::size_t before = all<Evaluation>().size();
  const base::SystemClock clock;
  const auto begun = clock.monotonic();
  wait_until([&] { return clock.monotonic() - begun > base::Seconds(1); });
  EXPECT_LT(all<Evaluation>().size(), before + 2'000) << "where it was ten thousand at once";
  EXPECT_TRUE(all<Exit>().empty()) << "and are not silent meanwhile";
  runner_->end(7, Action::kStop);
  const auto exit = wait_for_exit();
  EXPECT_EQ(exit.outcome, Outcome(trial::Stopped{}));
  EXPECT_NE(exit.note.find("more than 100 evaluations and checkpoints a second"), std::string::npos)
      << exit.note;
}

TEST_F(ProcessRunnerTest, AFloodOfOutputIsBounded) {
  Job job = shell("yes | head -c 30000000; echo the end");
  job.limits.log_bytes = 10'000;
  const auto exit = run(job);
  EXPECT_EQ(exit.outcome, Outcome(trial::Completed{}));
  const std::string log = content(folder_ / "trials/7/log");
  EXPECT_LT(log.size(), 10'100u);
  EXPECT_TRUE(log.ends_with("the end\n"));
  EXPECT_NE(exit.note.find("left out of the log"), std::string::npos);
}

TEST_F(ProcessRunnerTest, AFloodHoldsUpNobodyElse) {
  Job flood = shell("yes");
  flood.trial = 1;
  flood.folder = folder_ / "trials" / "1";
  ASSERT_TRUE(runner_->start(flood));
  EXPECT_EQ(run(shell("exit 0")).trial, 7);
}

TEST_F(ProcessRunnerTest, ReadsEvaluationsFromPlainOutput) {
  Job job = shell("echo epoch 1 acc=0.5; echo noise; echo epoch 2 acc=nan; printf 'epoch 3 acc=0.75'");
  job.pattern = Pattern{R"(epoch (?P<epoch>\d+) acc=(?P<acc>\S+))", "acc", "epoch"};
  EXPECT_EQ(run(job).outcome, Outcome(trial::Completed{}));
  const auto evaluations = all<Evaluation>();
  ASSERT_EQ(evaluations.size(), 3u);
  EXPECT_EQ(evaluations[0].resource, 1);
  EXPECT_EQ(evaluations[2].metrics.at("acc"), 0.75);
  EXPECT_TRUE(std::holds_alternative<Exit>(events_.back()));
}

TEST_F(ProcessRunnerTest, AnAnswerToPlainOutputIsASignal) {
  Job job = shell("echo ${SM2_SOCKET:-none}; echo acc=0.5; sleep 60");
  job.pattern = Pattern{R"(acc=(?P<acc>\S+))", "acc", "epoch"};
  ASSERT_TRUE(runner_->start(job));
  wait_until([&] { return !all<Evaluation>().empty(); });
  runner_->answer(7, Action::kContinue);
  runner_->answer(7, Action::kStop);
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Stopped{}));
  EXPECT_EQ(content(folder_ / "trials/7/log"), "none\nacc=0.5\n");
}

TEST_F(ProcessRunnerTest, ABrokenPatternIsAnErrorOfTheStart) {
  Job job = shell("true");
  job.pattern = Pattern{"(", "acc", "epoch"};
  EXPECT_FALSE(runner_->start(job));
}

TEST_F(ProcessRunnerTest, KnowsItsProcesses) {
  ASSERT_TRUE(runner_->start(shell("sleep 60 & echo $! >child; wait")));
  wait_for_file("child");
  wait_until([&] { return runner_->processes(7).size() == 2; });
  const auto processes = runner_->processes(7);
  EXPECT_NE(std::ranges::find(processes, pid_in("child")), processes.end());
  EXPECT_TRUE(runner_->processes(8).empty()) << "never started";
  runner_->end(7, Action::kStop);
  wait_for_exit();
  EXPECT_TRUE(runner_->processes(7).empty());
}

TEST_F(ProcessRunnerTest, CountsCpuTimeOfTheWholeTree) {
  const char* burn = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
  ASSERT_TRUE(
      runner_->start(shell(std::string("(") + burn + ") & " + burn + "; wait; echo > burnt; sleep 60")));
  wait_for_file("burnt");
  const auto live = runner_->cpu_time(7);
  ASSERT_TRUE(live);
  EXPECT_GT(live->value, 0.02);
  runner_->end(7, Action::kStop);
  wait_for_exit();
  const auto last = runner_->cpu_time(7);
  ASSERT_TRUE(last);
  EXPECT_GE(*last, *live);
  EXPECT_LT(last->value, live->value + 1);
  EXPECT_EQ(runner_->cpu_time(8), base::Seconds(0)) << "never started";
}

TEST_F(ProcessRunnerTest, IsWokenByADescriptor) {
  int wake[2];
  ASSERT_EQ(::pipe(wake), 0);
  auto runner = std::move(*ProcessRunner::make(wake[0]));
  EXPECT_TRUE(runner->wait(base::Seconds(0)).empty());
  (void)!::write(wake[1], "x", 1);
  const auto events = runner->wait(base::Seconds(10));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Woken>(events[0]));
  ::close(wake[0]);
  ::close(wake[1]);
}

TEST_F(ProcessRunnerTest, HundredsOfTrialsLeaveNothingOpen) {
  Job job = shell("");
  job.command = {"/bin/true"};
  run(job);
  const std::size_t before = open_descriptors();
  const std::size_t children_before = children();
  for (int round = 0; round < 20; ++round) {
    events_.clear();
    for (job.trial = 0; job.trial < 10; ++job.trial) ASSERT_TRUE(runner_->start(job));
    wait_until([&] { return all<Exit>().size() == 10; });
    for (const auto& exit : all<Exit>()) ASSERT_EQ(exit.outcome, Outcome(trial::Completed{}));
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(children(), children_before);
}

TEST_F(ProcessRunnerTest, NothingOutlivesTheRunner) {
  ASSERT_TRUE(runner_->start(shell("setsid sleep 60 & echo $! > pid; sleep 60")));
  const pid_t pid = pid_in("pid");
  EXPECT_TRUE(alive(pid));
  runner_.reset();
  EXPECT_FALSE(alive(pid));
}

// Where no control group can be made, /proc and the guards have to do.
class WithoutCgroupsTest : public ProcessRunnerTest {
 protected:
  WithoutCgroupsTest() { make_runner(false); }
};

TEST_F(WithoutCgroupsTest, ADaemonisedGrandchildIsEnded) {
  const auto exit = run(shell("setsid sh -c '(sleep 60 & echo $! > pid) &'; while [ ! -s pid ]; do :; done"));
  EXPECT_EQ(exit.note, "left 1 process behind, ended");
  EXPECT_FALSE(alive(pid_in("pid")));
}

TEST_F(WithoutCgroupsTest, ATreeThatKeepsForkingIsEnded) {
  ASSERT_TRUE(
      runner_->start(shell("trap '' TERM; echo 'echo > forks; setsid sh ./again & exit' > again; "
                           "setsid sh ./again & sleep 60")));
  wait_for_file("forks");
  runner_->end(7, Action::kStop);
  const auto exit = wait_for_exit();
  EXPECT_EQ(exit.outcome, Outcome(trial::Stopped{}));
  fs::remove(folder_ / "forks");
  ::usleep(100'000);
  EXPECT_FALSE(fs::exists(folder_ / "forks")) << exit.note;
}

TEST_F(WithoutCgroupsTest, NothingOutlivesAKilledGuard) {
  ASSERT_TRUE(
      runner_->start(shell("echo $PPID > guard; setsid sh -c '(sleep 60 & echo $! > deep) &'; sleep 60")));
  const pid_t guard = pid_in("guard");
  const pid_t deep = pid_in("deep");
  const pid_t other = ::fork();  // a child of another room is none of the runner's business
  if (other == 0) {
    ::alarm(60);
    for (;;) ::pause();
  }
  ::kill(guard, SIGKILL);
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Killed{SIGKILL, ""}));
  EXPECT_FALSE(alive(deep));
  EXPECT_TRUE(alive(other));
  ::kill(other, SIGKILL);
  EXPECT_EQ(::waitpid(other, nullptr, 0), other);
}

TEST_F(WithoutCgroupsTest, CountsCpuTimeOfRunningAndEndedProcesses) {
  const char* burn = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
  ASSERT_TRUE(runner_->start(
      shell(std::string("setsid sh -c '") + burn + "; echo > burnt; sleep 60' & " + burn + "; wait")));
  wait_for_file("burnt");
  wait_until([&] { return runner_->cpu_time(7).value_or(base::Seconds(0)).value > 0.02; });
  const auto live = runner_->cpu_time(7);
  runner_->end(7, Action::kStop);
  wait_for_exit();
  EXPECT_GE(runner_->cpu_time(7), live);
}

TEST_F(ProcessRunnerTest, AProgramSeesTheDevicesThatItHoldsAndNoOthers) {
  const trial::Devices all = {{"gpu-0", "GPU-a", trial::Vendor::kNvidia, ""},
                              {"gpu-1", "GPU-b", trial::Vendor::kNvidia, ""}};
  runner_ = std::move(*ProcessRunner::make(-1, true, DevicePool(all, {1, false, {trial::Vendor::kNvidia}})));
  Job job = shell("echo $CUDA_VISIBLE_DEVICES $CUDA_DEVICE_ORDER $SM2_DEVICES > seen");
  ASSERT_TRUE(runner_->room());
  runner_->hold(6, {});
  job.devices = runner_->hold(job.trial, {});
  EXPECT_FALSE(runner_->room());
  run(job);
  EXPECT_EQ(content(folder_ / "seen"), "GPU-b PCI_BUS_ID [{\"name\":\"gpu-1\",\"id\":\"GPU-b\"}]\n");
  EXPECT_FALSE(runner_->room()) << "held until it is released";
  runner_->release(job.trial);
  EXPECT_TRUE(runner_->room());
}

TEST_F(ProcessRunnerTest, WithoutDevicesAProgramSeesWhatTheTunerDoes) {
  ::setenv("CUDA_VISIBLE_DEVICES", "5", 1);
  ::setenv("SM2_DEVICES", "[]", 1);
  Job job = shell("echo $CUDA_VISIBLE_DEVICES $SM2_DEVICES > seen");
  EXPECT_TRUE(runner_->room());
  job.devices = runner_->hold(job.trial, {});
  EXPECT_EQ(job.devices, std::nullopt);
  run(job);
  ::unsetenv("CUDA_VISIBLE_DEVICES");
  ::unsetenv("SM2_DEVICES");
  EXPECT_EQ(content(folder_ / "seen"), "5\n");
}

// A tuner of its own, to be killed: starts the script, and waits.
pid_t fork_tuner(const Job& job) {
  const pid_t tuner = ::fork();
  if (tuner != 0) return tuner;
  auto runner = std::move(*ProcessRunner::make());
  if (!runner->start(job)) ::_exit(1);
  for (;;) runner->wait(base::Seconds(1));
}

TEST_F(ProcessRunnerTest, NothingOutlivesAKilledTuner) {
  const pid_t tuner =
      fork_tuner(shell("echo $PPID > guard; echo $$ > main; setsid sh -c '(sleep 60 & echo $! > deep) &'; "
                       "trap '' TERM INT HUP; "
                       "while :; do sleep 0.01; done"));
  const pid_t guard = pid_in("guard");
  const pid_t main = pid_in("main");
  const pid_t deep = pid_in("deep");
  EXPECT_TRUE(alive(main) && alive(deep));
  EXPECT_EQ(content("/proc/" + std::to_string(guard) + "/comm"), "trial-guard\n")
      << "pkill sm2 would end it too";
  ::kill(tuner, SIGKILL);
  ::waitpid(tuner, nullptr, 0);
  EXPECT_TRUE(within(1, [&] { return !alive(main) && !alive(deep); }));
  EXPECT_EQ(::waitpid(guard, nullptr, 0), guard) << "nor does its guard, which came to the next subreaper";
}

TEST_F(ProcessRunnerTest, NothingOutlivesAKilledGuard) {
  const std::size_t children_before = children();
  // $PPID of the program is its guard.
  ASSERT_TRUE(
      runner_->start(shell("echo $PPID > guard; echo $$ > main; "
                           "setsid sh -c '(sleep 60 & echo $! > deep) &'; sleep 60")));
  const pid_t guard = pid_in("guard");
  const pid_t main = pid_in("main");
  const pid_t deep = pid_in("deep");
  ::usleep(100'000);  // for the guard to reap what has ended already
  ::kill(guard, SIGKILL);
  const auto exit = wait_for_exit();
  EXPECT_EQ(exit.outcome, Outcome(trial::Killed{SIGKILL, ""}));
  EXPECT_EQ(exit.note, "its guard process was killed");
  EXPECT_FALSE(alive(main));
  EXPECT_FALSE(alive(deep));
  EXPECT_EQ(children(), children_before);
}

TEST_F(ProcessRunnerTest, AStoppedGuardIsGivenUp) {
  ASSERT_TRUE(runner_->start(shell("echo $PPID > guard; echo $$ > main; sleep 60")));
  const pid_t guard = pid_in("guard");
  const pid_t main = pid_in("main");
  ::kill(guard, SIGSTOP);
  runner_->end(7, Action::kStop);
  EXPECT_EQ(wait_for_exit().outcome, Outcome(trial::Stopped{}));
  EXPECT_FALSE(alive(main));
}

}  // namespace
}  // namespace sm2::runner
