#include "step.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "optimizer.h"
#include "order.h"
#include "out_of_memory.h"
#include "tiny_task.h"

namespace trainer {
namespace {

torch::Tensor first(std::int64_t count) { return torch::arange(count, torch::kLong); }

// The weights after two steps over 16 samples.
std::vector<torch::Tensor> trained(Settings settings, std::int64_t fits = 16, std::int64_t* pass = nullptr) {
  settings.batch_size = 16;
  FitTask task;
  task.fits = fits;
  const auto optimizer = make_optimizer(settings, task.model());
  Stepper stepper(settings, task, *optimizer, torch::kCPU);
  for (int step = 0; step < 2; ++step) stepper.take(first(16), 0.1, false);
  if (pass != nullptr) *pass = stepper.pass();
  return task.model().parameters();
}

void expect_close(const std::vector<torch::Tensor>& one, const std::vector<torch::Tensor>& other) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i)
    EXPECT_TRUE(torch::allclose(one[i], other[i], 1e-4, 1e-6)) << i;
}

TEST(Stepper, AccumulatedPassesTrainAsTheWholeBatchDoes) {
  Settings uneven;
  uneven.micro_batch = 5;
  expect_close(trained(Settings{}), trained(uneven));
}

TEST(Stepper, LossIsTheMeanOfTheBatchHoweverItIsCut) {
  Settings settings;
  settings.micro_batch = 5;
  FitTask task;
  const double whole = task.loss(first(16)).item<double>();
  const auto optimizer = make_optimizer(settings, task.model());
  Stepper stepper(settings, task, *optimizer, torch::kCPU);
  EXPECT_NEAR(stepper.take(first(16), 0.1, true).loss.item<double>(), whole, 1e-6);
}

TEST(Stepper, HalvesThePassWhereMemoryRunsOut) {
  Settings settings;
  settings.accumulate = true;
  std::int64_t pass = 0;
  expect_close(trained(Settings{}), trained(settings, 4, &pass));
  EXPECT_EQ(pass, 4);
}

TEST(Stepper, FailsWhereMemoryRunsOutAndNothingIsAccumulated) {
  try {
    trained(Settings{}, 4);
    FAIL() << "trained";
  } catch (const std::exception& error) {
    EXPECT_TRUE(is_out_of_memory(error));
  }
}

TEST(Stepper, FailsWhereOneSampleDoesNotFit) {
  Settings settings;
  settings.accumulate = true;
  EXPECT_THROW(trained(settings, 0), std::runtime_error);
}

TEST(Stepper, ClipsTheGradientsNorm) {
  Settings settings;
  settings.clip = 0.01;
  settings.momentum = 0;
  QuadraticTask task(16, 10, 5.0);
  const auto optimizer = make_optimizer(settings, task.model());
  Stepper(settings, task, *optimizer, torch::kCPU).take(first(16), 1.0, false);
  EXPECT_NEAR(task.model().parameters()[0].norm().item<double>(), 0.01, 1e-4);
}

// |G|^2 = 100 x 0.25, S = 100: a noise scale of 4 samples.
double measured_noise(std::int64_t micro_batch) {
  Settings settings;
  settings.batch_size = 32;
  settings.micro_batch = micro_batch;
  QuadraticTask task(4096, 100, 0.5);
  const auto optimizer = make_optimizer(settings, task.model());
  Stepper stepper(settings, task, *optimizer, torch::kCPU);
  NoiseScale noise;
  const torch::Tensor order = shuffled(task.size(), 1, 0);
  for (std::int64_t begin = 0; begin < task.size(); begin += 32) {
    noise.add(stepper.take(order.slice(0, begin, begin + 32), 0, true).norms.value());
  }
  return noise.samples().value();
}

TEST(Stepper, TwoHalvesOfABatchGiveTheNoiseScale) { EXPECT_NEAR(measured_noise(0), 4.0, 0.4); }

TEST(Stepper, PassesOfABatchGiveTheNoiseScale) { EXPECT_NEAR(measured_noise(12), 4.0, 0.4); }

TEST(Stepper, OneSampleHasNoNoiseScale) {
  Settings settings;
  QuadraticTask task(4, 10, 1.0);
  const auto optimizer = make_optimizer(settings, task.model());
  EXPECT_FALSE(Stepper(settings, task, *optimizer, torch::kCPU).take(first(1), 0.1, true).norms);
}

TEST(LossScaler, DividesGradientsByItsScale) {
  LossScaler scaler(true);
  torch::Tensor weight = torch::ones({2}, torch::requires_grad());
  (weight.sum() * scaler.scale()).backward();
  EXPECT_TRUE(scaler.unscale({weight}));
  EXPECT_TRUE(torch::equal(weight.grad(), torch::ones({2})));
}

TEST(LossScaler, HalvesItsScaleAndLeavesTheStepOutOnOverflow) {
  LossScaler scaler(true);
  const double before = scaler.scale();
  torch::Tensor weight = torch::ones({2}, torch::requires_grad());
  weight.mutable_grad() = torch::full({2}, std::numeric_limits<float>::infinity());
  EXPECT_FALSE(scaler.unscale({weight}));
  EXPECT_EQ(scaler.scale(), before / 2);
}

TEST(LossScaler, DoublesItsScaleAfterManyGoodSteps) {
  LossScaler scaler(true);
  scaler.restore(1024, 1999);
  torch::Tensor weight = torch::ones({2}, torch::requires_grad());
  weight.mutable_grad() = torch::ones({2});
  EXPECT_TRUE(scaler.unscale({weight}));
  EXPECT_EQ(scaler.scale(), 2048);
  EXPECT_EQ(scaler.good_steps(), 0);
}

TEST(Order, FollowsFromSeedAndEpoch) {
  EXPECT_TRUE(torch::equal(shuffled(100, 1, 2), shuffled(100, 1, 2)));
  EXPECT_FALSE(torch::equal(shuffled(100, 1, 2), shuffled(100, 1, 3)));
  EXPECT_FALSE(torch::equal(shuffled(100, 1, 2), shuffled(100, 2, 2)));
  EXPECT_TRUE(torch::equal(std::get<0>(shuffled(100, 1, 2).sort()), first(100)));
}

}  // namespace
}  // namespace trainer
