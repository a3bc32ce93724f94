#include "base/program_output.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/clock.h"

namespace sm2::base {
namespace {

constexpr Seconds kLong{30};

Result<std::string> shell(const std::string& script, Seconds timeout = kLong, std::size_t limit = 65536) {
  return program_output({"/bin/sh", "-c", script}, timeout, limit);
}

std::string error_of(const Result<std::string>& result) {
  return result ? "printed: " + *result : result.error().message;
}

std::size_t open_descriptors() {
  namespace fs = std::filesystem;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

// Killed processes may still be there for a moment, unless somebody waits for them.
bool gone(pid_t pid) {
  for (int tries = 0; tries < 2000; ++tries) {
    if (::kill(pid, 0) != 0) return true;
    ::usleep(1000);
  }
  return false;
}

TEST(ProgramOutputTest, IsWhatTheProgramPrints) {
  EXPECT_EQ(program_output({"echo", "12.5 W"}, kLong), "12.5 W\n");
  EXPECT_EQ(program_output({"printf", "%s|", "a b", "", "$HOME"}, kLong), "a b||$HOME|")
      << "there is no shell";
  EXPECT_EQ(shell("cat; echo noise >&2"), "") << "standard input is empty, standard error is apart";
}

TEST(ProgramOutputTest, WhatCannotBeStartedSaysWhy) {
  EXPECT_EQ(error_of(program_output({"no-such-meter"}, kLong)),
            "cannot start 'no-such-meter': No such file or directory");
  EXPECT_EQ(error_of(program_output({"/etc/passwd"}, kLong)),
            "cannot start '/etc/passwd': Permission denied");
  EXPECT_EQ(error_of(program_output({}, kLong)), "no program is named");
  EXPECT_FALSE(has_children());
}

TEST(ProgramOutputTest, AFailureHasItsStatusAndLastWords) {
  EXPECT_EQ(error_of(shell("echo 5 W; echo first >&2; echo '  no plug at port 3 ' >&2; exit 3")),
            "'/bin/sh' ended with status 3: no plug at port 3");
  EXPECT_EQ(error_of(shell("exit 3")), "'/bin/sh' ended with status 3");
  EXPECT_EQ(error_of(shell("kill -SEGV $$")), "'/bin/sh' was ended by signal 11 (Segmentation fault)");
}

TEST(ProgramOutputTest, WhatTakesTooLongIsKilledWithEverythingItStarted) {
  const std::string file = testing::TempDir() + "sm2-program-output-pid";
  const SystemClock clock;
  const Seconds start = clock.monotonic();
  EXPECT_EQ(error_of(shell("trap '' TERM; echo waiting >&2; sleep 60 & echo $! > " + file + "; wait",
                           Seconds(0.3))),
            "'/bin/sh' did not end within 0.3 s: waiting");
  EXPECT_LT((clock.monotonic() - start).value, 20);
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  ASSERT_GT(pid, 0);
  EXPECT_TRUE(gone(pid));
  EXPECT_FALSE(has_children());
}

TEST(ProgramOutputTest, AGrandchildThatKeepsThePipeOpenHoldsUpNobody) {
  const SystemClock clock;
  const Seconds start = clock.monotonic();
  const auto output = shell("sleep 60 & echo $!");
  EXPECT_LT((clock.monotonic() - start).value, 20);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_TRUE(gone(std::stoi(*output)));
}

TEST(ProgramOutputTest, AFloodIsAnError) {
  EXPECT_EQ(error_of(program_output({"yes"}, kLong, 1000)), "'yes' printed more than 1000 bytes");
  EXPECT_EQ(error_of(shell("head -c 1001 /dev/zero", kLong, 1000)), "'/bin/sh' printed more than 1000 bytes");
  EXPECT_EQ(shell("head -c 1000 /dev/zero", kLong, 1000)->size(), 1000u);
  EXPECT_EQ(shell("head -c 300000 /dev/zero >&2; echo 1 W", kLong, 1000), "1 W\n")
      << "of errors only the end is kept";
  EXPECT_FALSE(has_children());
}

TEST(ProgramOutputTest, TheProgramStartsWithCleanSignals) {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  const auto old = ::signal(SIGPIPE, SIG_IGN);
  const auto output = shell("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  ::signal(SIGPIPE, old);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(output) << output.error().message;
  EXPECT_NE(output->find("SigBlk:\t0000000000000000"), std::string::npos) << *output;
  // 32 and 33 are the C library's, which sigaction may not touch.
  const auto ignored = std::stoull(output->substr(output->find("SigIgn:") + 8), nullptr, 16);
  EXPECT_EQ(ignored & ~0x180000000ull, 0u) << *output;
}

TEST(ProgramOutputTest, TheProgramGetsNoneOfOurDescriptors) {
  int ours[2];
  ASSERT_EQ(::pipe(ours), 0);  // not close-on-exec
  EXPECT_EQ(shell("ls /proc/self/fd | tr '\\n' ' '"), "0 1 2 3 ") << "3 is the folder that ls reads";
  ::close(ours[0]);
  ::close(ours[1]);
}

TEST(ProgramOutputTest, NoProgramOutlivesThisProcess) {
  const std::string file = testing::TempDir() + "sm2-program-output-orphan";
  std::filesystem::remove(file);
  const pid_t reader = ::fork();
  if (reader == 0) {
    (void)shell("sleep 60 & echo $$ $! > " + file + ".new; mv " + file + ".new " + file + "; wait");
    ::_exit(0);
  }
  for (int tries = 0; tries < 20'000 && !std::filesystem::exists(file); ++tries) ::usleep(1000);
  pid_t program = 0, child = 0;
  std::ifstream(file) >> program >> child;
  ASSERT_GT(child, 0);
  ::kill(reader, SIGKILL);
  EXPECT_EQ(::waitpid(reader, nullptr, 0), reader);
  EXPECT_TRUE(gone(program));
  EXPECT_TRUE(gone(child));
}

TEST(ProgramOutputTest, ManyRunsLeaveNoChildAndNoDescriptor) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // so that what is left behind shows
  (void)program_output({"true"}, kLong);
  const std::size_t before = open_descriptors();
  for (int run = 0; run < 50; ++run) {
    ASSERT_EQ(shell("true & echo x"), "x\n");
    ASSERT_FALSE(program_output({"no-such-meter"}, kLong));
  }
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_FALSE(has_children());
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(ProgramOutputTest, RunsFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(8);
  for (int at = 0; at < 8; ++at) {
    threads.emplace_back([&wrong, at] {
      for (int run = 0; run < 10; ++run) {
        const std::string word = fmt::format("{}-{}", at, run);
        wrong[at] += program_output({"echo", word}, kLong) != word + "\n";
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(8));
}

TEST(SplitWordsTest, SplitsAsAShellWithoutExpanding) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(split_words(""), Words());
  EXPECT_EQ(split_words("  ./read-plug \t--port   3 "), (Words{"./read-plug", "--port", "3"}));
  EXPECT_EQ(split_words("sh -c 'echo $HOME | cat' \"a 'b'\" c\\ d ''"),
            (Words{"sh", "-c", "echo $HOME | cat", "a 'b'", "c d", ""}));
  EXPECT_EQ(split_words(R"("a\"b\n" x"y"'z')"), (Words{R"(a"b\n)", "xyz"}));
  EXPECT_EQ(split_words("a 'b").error().message, "a quote ' is not closed: a 'b");
  EXPECT_EQ(split_words("a\\").error().message, "a backslash at the end escapes nothing: a\\");
}

}  // namespace
}  // namespace sm2::base
