#include "checkpoint.h"

#include <gtest/gtest.h>
#include <torch/optim/adam.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <set>
#include <vector>

#include "optimizer.h"
#include "step.h"
#include "tiny_task.h"

namespace trainer {
namespace {

namespace fs = std::filesystem;

class Checkpoint : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "sm2-checkpoint-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.insert(entry.path().filename());
    return names;
  }

  fs::path folder_;
};

// One training of a network with dropout.
struct Training {
  explicit Training(const std::string& optimizer_name) {
    settings.optimizer = optimizer_name;
    settings.batch_size = 16;
    optimizer = make_optimizer(settings, task.model());
    stepper = std::make_unique<Stepper>(settings, task, *optimizer, torch::kCPU);
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) stepper->take(torch::arange(16, torch::kLong), 0.05, false);
  }

  Settings settings;
  FitTask task{true};
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  std::unique_ptr<Stepper> stepper;
};

class CheckpointOf : public Checkpoint, public testing::WithParamInterface<const char*> {};

TEST_P(CheckpointOf, GoesOnBitForBit) {
  Training whole(GetParam());
  whole.steps(3);
  save_checkpoint(folder_, "step-3", whole.task.model(), *whole.optimizer, torch::kCPU, {});
  whole.steps(3);

  Training resumed(GetParam());
  load_checkpoint(folder_ / "step-3", resumed.task.model(), *resumed.optimizer, torch::kCPU);
  resumed.steps(3);
  const auto expected = whole.task.model().parameters(), got = resumed.task.model().parameters();
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(torch::equal(expected[i], got[i])) << i;
}

INSTANTIATE_TEST_SUITE_P(Optimizers, CheckpointOf, testing::Values("sgd", "adam", "adamw"));

TEST_F(Checkpoint, KeepsThePosition) {
  Training training("sgd");
  const Position saved{11, 2, 3, 704, 64, 32, 5, 1024.0, 0.1, {0.25, 7.5}};
  save_checkpoint(folder_, "step-11", training.task.model(), *training.optimizer, torch::kCPU, saved);
  const Position got =
      load_checkpoint(folder_ / "step-11", training.task.model(), *training.optimizer, torch::kCPU);
  EXPECT_EQ(got.step, 11);
  EXPECT_EQ(got.epoch, 2);
  EXPECT_EQ(got.batch, 3);
  EXPECT_EQ(got.samples, 704);
  EXPECT_EQ(got.batch_size, 64);
  EXPECT_EQ(got.pass, 32);
  EXPECT_EQ(got.good_steps, 5);
  EXPECT_EQ(got.loss_scale, 1024.0);
  EXPECT_EQ(got.loss_sum, 0.1);
  EXPECT_EQ(got.noise.signal, 0.25);
  EXPECT_EQ(got.noise.variance, 7.5);
}

TEST_F(Checkpoint, OfAnotherTrialLeavesTheOptionsAsTheyAre) {
  Training from("adam");
  from.steps(1);
  save_checkpoint(folder_, "epoch-1", from.task.model(), *from.optimizer, torch::kCPU, {});
  FitTask task;
  Settings settings;
  settings.optimizer = "adam";
  settings.weight_decay = 0.125;
  const auto optimizer = make_optimizer(settings, task.model());
  load_checkpoint(folder_ / "epoch-1", task.model(), *optimizer, torch::kCPU);
  const auto& options = static_cast<torch::optim::AdamOptions&>(optimizer->param_groups()[0].options());
  EXPECT_EQ(options.weight_decay(), 0.125);
}

TEST_F(Checkpoint, LeavesNothingUnfinishedBehind) {
  Training training("sgd");
  save_checkpoint(folder_, "step-1", training.task.model(), *training.optimizer, torch::kCPU, {});
  EXPECT_EQ(files(), std::set<std::string>{"step-1"});
}

TEST_F(Checkpoint, FolderThatIsNotThereIsAnError) {
  Training training("sgd");
  EXPECT_THROW(save_checkpoint(folder_ / "none", "step-1", training.task.model(), *training.optimizer,
                               torch::kCPU, {}),
               std::exception);
}

TEST_F(Checkpoint, OldOnesAreDeletedAndOtherFilesAreNot) {
  for (const char* name : {"epoch-1", "step-9", "epoch-2", "step-14", "notes"})
    std::ofstream(folder_ / name) << name;
  delete_checkpoints_but(folder_, "step-14", "epoch-2");
  EXPECT_EQ(files(), (std::set<std::string>{"epoch-2", "step-14", "notes"}));
}

}  // namespace
}  // namespace trainer
