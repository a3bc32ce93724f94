#include "workload/synthetic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "workload/synthetic_world.h"

namespace sm2::workload {
namespace {

Opened good(const std::string& name, const OpenOptions& options = {}) {
  auto opened = synthetic(name, options);
  EXPECT_TRUE(opened) << opened.error().message;
  return opened ? std::move(*opened) : Opened();
}

std::optional<int> units_to(const Training& training, double target) {
  for (int unit = 1; unit <= training.length(); ++unit)
    if (training.metric(unit) >= target) return unit;
  return {};
}

// Mean joules to the target over runs of a setting, those included that never get there.
double simulated(const Workload& workload, const space::Configuration& configuration, base::Watts limit,
                 int runs) {
  base::Random random(7);
  double joules = 0;
  int reached = 0;
  for (int run = 0; run < runs; ++run) {
    const auto training = workload.draw(configuration, random);
    const auto units = units_to(*training, *workload.job().target);
    joules += units.value_or(training->length()) * training->cost(1, limit).joules.value;
    reached += units.has_value();
  }
  return reached > 0 ? joules / reached : INFINITY;
}

TEST(Synthetic, NamesGiveWorlds) {
  const Opened one = good("batch-3");
  ASSERT_EQ(one.workloads.size(), 1u);
  EXPECT_EQ(one.workloads[0]->job().name, "batch-3");
  EXPECT_EQ(good("rate").workloads.at(0)->job().name, "rate-0");
  const Opened many = good("batch-2..4");
  ASSERT_EQ(many.workloads.size(), 3u);
  EXPECT_EQ(many.workloads[1]->job().name, "batch-3");
  EXPECT_EQ(many.workloads[1]->oracle().joules, one.workloads[0]->oracle().joules);
  EXPECT_NE(many.workloads[0]->oracle().joules, one.workloads[0]->oracle().joules);
}

TEST(Synthetic, OtherNamesAreRefused) {
  for (const auto* name :
       {"", "bowl", "batch-", "batch-x", "batch-1..", "batch-3..2", "batch--1", "batch-0..10000"})
    EXPECT_FALSE(synthetic(name, {})) << name;
  EXPECT_EQ(synthetic("bowl", {}).error().message,
            "'bowl' is not a synthetic workload; write batch-N, rate-N or large-N, or batch-0..9 for many "
            "(at most 10000)");
  EXPECT_FALSE(synthetic("batch", {.minimize = true, .target = {}}));
  EXPECT_TRUE(synthetic("batch", {.minimize = false, .target = {}}));
  EXPECT_FALSE(synthetic("batch", {.minimize = {}, .target = 2.0}));
  EXPECT_FALSE(synthetic("large", {.minimize = {}, .target = 2.0}));
  EXPECT_EQ(good("batch", {.minimize = {}, .target = 0.4}).workloads[0]->job().target, 0.4);
}

TEST(Synthetic, TheSameSeedDrawsTheSameRun) {
  const auto workload = std::move(good("rate-5").workloads[0]);
  base::Random first(3);
  base::Random second(3);
  const auto configuration = workload->oracle().configuration;
  const auto one = workload->draw(configuration, first);
  const auto other = workload->draw(configuration, second);
  const auto next = workload->draw(configuration, second);
  EXPECT_EQ(one->metric(5), other->metric(5));
  EXPECT_NE(one->metric(5), next->metric(5));
  EXPECT_EQ(one->metric(5), one->metric(5)) << "evaluating twice changes nothing";
}

TEST(Synthetic, TheOraclesEnergyIsWhatItsRunsTake) {
  for (const auto& workload : good("batch-0..9").workloads) {
    const Oracle& oracle = workload->oracle();
    EXPECT_NEAR(simulated(*workload, oracle.configuration, *oracle.limit, 400) / oracle.joules.value, 1, 0.05)
        << workload->job().name;
  }
}

TEST(Synthetic, NoBatchSizeOrLimitBeatsTheOracle) {
  for (const auto& workload : good("batch-10..12").workloads) {
    const auto& domain = workload->job().space.parameters()[0].domain;
    for (const auto& batch : std::get<space::Categorical>(domain).values)
      for (const base::Watts limit : workload->job().power_limits)
        EXPECT_GT(simulated(*workload, {{"batch_size", batch}}, limit, 20),
                  0.9 * workload->oracle().joules.value)
            << workload->job().name << " " << space::to_text(batch);
  }
}

TEST(Synthetic, NoLearningRateBeatsTheOracleByMuch) {
  const auto workload = std::move(good("rate-1").workloads[0]);
  base::Random random(5);
  for (int i = 0; i < 100; ++i) {
    const auto configuration = workload->job().space.sample(random);
    EXPECT_GT(simulated(*workload, configuration, *workload->oracle().limit, 10),
              0.9 * workload->oracle().joules.value)
        << space::describe(configuration);
  }
}

TEST(Synthetic, AtLeastThreeBatchSizesReachTheTarget) {
  for (const auto& workload : good("batch-0..9").workloads) {
    const Job& job = workload->job();
    int reaching = 0;
    for (const auto& batch : std::get<space::Categorical>(job.space.parameters()[0].domain).values)
      reaching += std::isfinite(simulated(*workload, {{"batch_size", batch}}, job.power_limits.back(), 5));
    EXPECT_GE(reaching, 3) << job.name;
  }
}

TEST(Synthetic, WorldsDiffer) {
  std::set<space::Configuration> settings;
  int failing = 0;
  int inner_limits = 0;
  for (const auto& workload : good("batch-20..39").workloads) {
    const Job& job = workload->job();
    settings.insert(workload->oracle().configuration);
    for (const auto& batch : std::get<space::Categorical>(job.space.parameters()[0].domain).values)
      failing += std::isinf(simulated(*workload, {{"batch_size", batch}}, job.power_limits.back(), 1));
    inner_limits += *workload->oracle().limit != job.power_limits.front();
  }
  EXPECT_GE(settings.size(), 4u) << "no batch size is good everywhere";
  EXPECT_GT(failing, 20) << "some batch sizes never reach the target";
  EXPECT_GT(inner_limits, 4) << "the lowest limit is not always the best";
}

TEST(Synthetic, LargeHasNoTargetAndNothingEndsBetterThanItsOracle) {
  const auto workload = std::move(good("large-2").workloads[0]);
  const Job& job = workload->job();
  EXPECT_FALSE(job.target);
  EXPECT_EQ(job.space.parameters().size(), 6u);
  EXPECT_TRUE(job.space.contains(workload->oracle().configuration));
  base::Random random(1);
  const double margin = 0.05;  // of luck
  int diverged = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto training = workload->draw(job.space.sample(random), random);
    const double end = training->metric(training->length()).value();
    diverged += std::isnan(end);
    EXPECT_FALSE(end > workload->oracle().metric + margin);
  }
  EXPECT_GT(diverged, 100);
  EXPECT_LT(diverged, 1500);
}

World plain() {
  base::Random random(1);
  World world = draw_world(random, 100);
  world.noise_batch = 256;
  world.half_batch = 32;
  world.floor = world.gap = world.evaluation = 0;
  return world;
}

TEST(SyntheticWorld, LargerBatchesNeedMoreEpochs) {
  const World world = plain();
  double before = 1;
  for (const double batch : {8, 64, 512, 4096}) {
    const double metric = metric_at(world, {.batch = batch}, {}, 20);
    EXPECT_LT(metric, before) << batch;
    before = metric;
  }
}

TEST(SyntheticWorld, ProgressSolvesItsEquation) {
  World world = plain();
  world.growth = 1e12;  // a constant B: n = p (1 + b / B)
  const double progress = 20 / (1 + 512.0 / 256);
  const double expected =
      world.top - (world.top - world.start) * std::pow(1 + progress / world.time_scale, -world.bend);
  EXPECT_NEAR(metric_at(world, {.batch = 512}, {}, 20), expected, 1e-6);
  world.growth = 30;
  const double end = metric_at(world, {.batch = 512}, {}, 20);
  const double p =
      world.time_scale * (std::pow((world.top - end) / (world.top - world.start), -1 / world.bend) - 1);
  EXPECT_NEAR(p + 512 * 30.0 / 256 * std::log1p(p / 30), 20, 1e-6);
}

TEST(SyntheticWorld, TheBestLearningRateIsBestAndTwiceItDiverges) {
  const World world = plain();
  const double best = metric_at(world, {.batch = 64, .rate = 1}, {}, 20);
  EXPECT_GT(best, metric_at(world, {.batch = 64, .rate = 0.5}, {}, 20));
  EXPECT_GT(best, metric_at(world, {.batch = 64, .rate = 1.5}, {}, 20));
  EXPECT_FALSE(std::isnan(metric_at(world, {.batch = 64, .rate = 2}, {}, 1)));
  EXPECT_TRUE(std::isnan(metric_at(world, {.batch = 64, .rate = 2}, {}, 20)));
  EXPECT_TRUE(std::isnan(metric_at(world, {.batch = 64, .rate = 100}, {}, 1)));
  EXPECT_LT(best_rate(world, 8), best_rate(world, 64));
  EXPECT_LT(best_rate(world, 1e9), 1.001 * world.best_rate);
}

TEST(SyntheticWorld, SmallBatchesEndLowerByTheirNoise) {
  World world = plain();
  world.floor = 1;
  EXPECT_LT(metric_at(world, {.batch = 4}, {}, 10000), world.top - 0.2);
  EXPECT_GT(metric_at(world, {.batch = 256}, {}, 10000), metric_at(world, {.batch = 4}, {}, 10000));
}

TEST(SyntheticWorld, EnergyFallsWithTheBatchAndIsLeastAtAnInnerLimit) {
  World world = plain();
  world.most = base::Watts(300);
  world.idle = base::Watts(110);
  world.clock_share = 0.9;
  world.slowest_clock = 0.3;
  EXPECT_GT(epoch_cost(world, {.batch = 8}, {}).joules, epoch_cost(world, {.batch = 64}, {}).joules);
  const auto joules = [&](double watts) {
    return epoch_cost(world, {.batch = 4096}, base::Watts(watts)).joules;
  };
  EXPECT_LT(joules(170), joules(300));
  EXPECT_LT(joules(170), joules(120));
  const auto seconds = [&](double watts) {
    return epoch_cost(world, {.batch = 4096}, base::Watts(watts)).seconds;
  };
  EXPECT_GT(seconds(170), seconds(300));
  EXPECT_EQ(epoch_cost(world, {.batch = 4096}, base::Watts(300)).seconds,
            epoch_cost(world, {.batch = 4096}, {}).seconds);
}

}  // namespace
}  // namespace sm2::workload
