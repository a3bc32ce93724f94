#include "report/importance.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using Rate = std::function<double(double batch_size, double rate, double chance)>;

// Trials with random settings, each evaluated at 1 and 2 epochs; `energy` likewise.
Study study_of(int trials, const Rate& metric, const Rate& energy, std::uint64_t seed = 1) {
  testing::SampleStudy sample;
  base::Random random(seed);
  for (int id = 0; id < trials; ++id) {
    const std::int64_t batch_size = random.uniform() < 0.5 ? 64 : 512;
    const double rate = std::pow(10, -4 * random.uniform());
    const double chance = random.uniform();
    sample.train(id, testing::SampleStudy::configuration(batch_size, rate), 0, 2);
    const double size = static_cast<double>(batch_size);
    for (const double epoch : {1.0, 2.0})
      sample.evaluate(id, epoch, metric(size, rate, chance),
                      testing::SampleStudy::energy(epoch * energy(size, rate, chance)));
    sample.exit(id, trial::Completed{}, testing::SampleStudy::energy(100));
  }
  return {sample.spec.name, sample.spec, sample.state, false};
}

double by_rate(double, double rate, double) { return rate * rate; }
double by_size(double size, double, double chance) { return size + chance; }
double by_chance(double, double, double chance) { return chance; }

const Share& share(const Importance& found, const std::string& parameter) {
  return *std::ranges::find(found.shares, parameter, &Share::parameter);
}

TEST(ImportanceTest, FindsTheParameterThatDecides) {
  const Importance found = importance(study_of(200, by_rate, by_size));
  EXPECT_TRUE(found.enough);
  EXPECT_EQ(found.trials, 200);
  EXPECT_EQ(found.resource, 2);
  EXPECT_EQ(found.shares.front().parameter, "learning_rate");
  EXPECT_GT(*share(found, "learning_rate").of_metric, 0.95);
  EXPECT_TRUE(share(found, "learning_rate").metric_beyond_chance);
  EXPECT_LT(*share(found, "batch_size").of_metric, 0.05);
  EXPECT_GT(*share(found, "batch_size").of_energy, 0.7);
  EXPECT_TRUE(share(found, "batch_size").energy_beyond_chance);
  EXPECT_LT(*share(found, "learning_rate").of_energy, 0.1);
}

TEST(ImportanceTest, ChanceIsFarFromImportant) {
  int beyond = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Importance found = importance(study_of(60, by_chance, by_chance, seed));
    EXPECT_LT(*share(found, "learning_rate").of_metric, 0.45);
    beyond += share(found, "learning_rate").metric_beyond_chance;
  }
  EXPECT_LE(beyond, 15) << "5 of 100 are to be expected";
}

TEST(ImportanceTest, ScaleAndOutliersChangeNothing) {
  const Importance plain = importance(study_of(100, by_rate, by_size));
  const auto wild = [](double, double rate, double) { return rate > 0.5 ? 1e200 : std::exp(rate * rate); };
  const auto clipped = [](double, double rate, double) { return rate > 0.5 ? 2 : std::exp(rate * rate); };
  EXPECT_EQ(share(importance(study_of(100, wild, by_size)), "learning_rate").of_metric,
            share(importance(study_of(100, clipped, by_size)), "learning_rate").of_metric);
  EXPECT_NEAR(*share(importance(study_of(100, wild, by_size)), "learning_rate").of_metric,
              *share(plain, "learning_rate").of_metric, 0.1);
}

TEST(ImportanceTest, FewTrialsSayNothing) {
  const Importance found = importance(study_of(kFewestTrials - 1, by_rate, by_size));
  EXPECT_FALSE(found.enough);
  EXPECT_EQ(found.trials, kFewestTrials - 1);
  EXPECT_TRUE(found.shares.empty());
  EXPECT_FALSE(importance(study_of(0, by_rate, by_size)).enough);
}

TEST(ImportanceTest, WhereNothingDiffersThereIsNoShare) {
  const Importance found = importance(study_of(50, [](double, double, double) { return 1.0; }, by_size));
  EXPECT_TRUE(found.enough);
  EXPECT_FALSE(found.shares.front().of_metric);
}

TEST(ImportanceTest, TrialsAreComparedWhereFourInFiveHaveBeen) {
  testing::SampleStudy sample;
  for (int id = 0; id < 40; ++id) {
    sample.train(id, testing::SampleStudy::configuration(64, 0.01 * (id + 1)), 0, 1);
    sample.evaluate(id, 1, id, testing::SampleStudy::energy(10));
    if (id < 10) sample.evaluate(id, 5, 100, testing::SampleStudy::energy(50));
  }
  const Importance found = importance({sample.spec.name, sample.spec, sample.state, false});
  EXPECT_EQ(found.resource, 1);
  EXPECT_EQ(found.trials, 40);
  EXPECT_GT(*share(found, "learning_rate").of_metric, 0.9);
}

TEST(ImportanceTest, EnergyOfWhichSomeIsUnknownHasNoShare) {
  testing::SampleStudy sample;
  for (int id = 0; id < 30; ++id) {
    sample.train(id, testing::SampleStudy::configuration(id % 2 == 0 ? 64 : 512, 0.1), 0, 1);
    sample.evaluate(id, 1, id % 2,
                    id == 7 ? testing::SampleStudy::unknown_energy() : testing::SampleStudy::energy(id));
  }
  const Importance found = importance({sample.spec.name, sample.spec, sample.state, false});
  EXPECT_GT(*share(found, "batch_size").of_metric, 0.9);
  EXPECT_FALSE(share(found, "batch_size").of_energy);
}

}  // namespace
}  // namespace sm2::report
