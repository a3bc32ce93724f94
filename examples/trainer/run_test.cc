#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "tiny_task.h"
#include "trainer.h"

namespace trainer {
namespace {

struct Ran {
  int status;
  std::string out, errors;
};

// Alone, without a tuner.
Ran ran(std::vector<std::string> flags, std::int64_t fits = 64) {
  flags.insert(flags.begin(), "tiny");
  std::vector<char*> argv;
  for (auto& flag : flags) argv.push_back(flag.data());
  CLI::App app("Fits a random function.", "tiny");
  Settings settings;
  const MakeTask make = [&](const Settings&, torch::Device) {
    auto task = std::make_unique<FitTask>();
    task->fits = fits;
    return task;
  };
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = run(app, settings, make, static_cast<int>(argv.size()), argv.data());
  return {status, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(Run, PrintsALineAnEpoch) {
  const Ran done = ran({"--epochs=2", "--batch-size=16", "--learning-rate=0.01"});
  EXPECT_EQ(done.status, 0) << done.errors;
  EXPECT_NE(done.out.find("epoch=1 train_loss="), std::string::npos) << done.out;
  EXPECT_NE(done.out.find("epoch=2 train_loss="), std::string::npos) << done.out;
  EXPECT_EQ(done.out.find("epoch=3"), std::string::npos) << done.out;
}

TEST(Run, OneSeedGivesOneCurve) {
  const auto losses = [](const Ran& done) { return done.out.substr(0, done.out.find(" seconds=")); };
  const std::vector<std::string> flags = {"--epochs=1", "--batch-size=8", "--optimizer=adam",
                                          "--precision=bfloat16"};
  EXPECT_EQ(losses(ran(flags)), losses(ran(flags)));
}

TEST(Run, SaysThatMemoryRanOut) {
  const Ran failed = ran({"--batch-size=16"}, 8);
  EXPECT_EQ(failed.status, 1);
  EXPECT_EQ(failed.errors.rfind("tiny: out of memory: ", 0), 0u) << failed.errors;
}

TEST(Run, GoesOnInSmallerPassesWhereItMay) {
  const Ran done = ran({"--epochs=1", "--batch-size=16", "--accumulate"}, 4);
  EXPECT_EQ(done.status, 0);
  EXPECT_NE(done.errors.find("passes of 4 samples"), std::string::npos) << done.errors;
}

TEST(Run, RefusesInOneLineWhatCannotBe) {
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{"--device=abacus"},
                                             {"--precision=float16"},
                                             {"--batch-size=8", "--micro-batch=9"},
                                             {"--batch-size=65"}}) {
    const Ran refused = ran(flags);
    EXPECT_EQ(refused.status, 2) << flags.back();
    EXPECT_EQ(std::count(refused.errors.begin(), refused.errors.end(), '\n'), 1) << refused.errors;
  }
  EXPECT_EQ(ran({"--epochs=0"}).status, 2);
  EXPECT_EQ(ran({"--optimizer=lion"}).status, 2);
}

}  // namespace
}  // namespace trainer
