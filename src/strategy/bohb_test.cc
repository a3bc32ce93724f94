#include "strategy/bohb.h"

#include <gtest/gtest.h>

#include <set>

#include "strategy/hyperband.h"

namespace sm2::strategy {
namespace {

space::Space one_real() {
  return *space::Space::make({{"x", space::Real{0, 1, {}, space::Scale::kLinear}, {}}});
}

// Suggests 2 + id / 1000, which no random draw is, and knows what it was asked and told.
class Model final : public sampler::Sampler {
 public:
  struct Heard {
    std::set<int> asked, told;
  };
  explicit Model(Heard& heard) : heard_(heard) {}
  space::Configuration suggest(int id) override {
    heard_.asked.insert(id);
    return {{"x", 2 + 0.001 * id}};
  }
  void tell(int id, const sampler::Observation&) override { heard_.told.insert(id); }

 private:
  Heard& heard_;
};

TEST(Bohb, AThirdIsRandomAndTheModelHearsOfItsOwn) {
  Model::Heard heard;
  PartlyRandom sampler(one_real(), 1, std::make_unique<Model>(heard));
  int random = 0;
  for (int id = 0; id < 3000; ++id) {
    random += std::get<double>(sampler.suggest(id).at("x")) < 1;
    sampler.tell(id, {0.5, 1});
  }
  EXPECT_NEAR(random, 1000, 80);  // three standard deviations
  EXPECT_EQ(heard.asked.size(), static_cast<std::size_t>(3000 - random));
  EXPECT_EQ(heard.told, heard.asked);
}

TEST(Bohb, HyperbandTellsTheModelAtEveryRung) {
  Model::Heard heard;
  Options options;
  options.resource_max = 4;
  Hyperband strategy(one_real(),
                     std::make_unique<PartlyRandom>(one_real(), 1, std::make_unique<Model>(heard)), options);
  while (true) {
    const trial::Decision decision = strategy.ask();
    if (std::holds_alternative<trial::Finish>(decision)) break;
    const auto* train = std::get_if<trial::Train>(&decision);
    if (!train) continue;
    const double x = std::get<double>(train->configuration.at("x"));
    strategy.tell(train->trial, {trial::Paused{}, train->until, x, {}, {}, {}});
    EXPECT_EQ(heard.told.contains(train->trial), x >= 2);
  }
  EXPECT_EQ(heard.told, heard.asked);
  EXPECT_FALSE(heard.told.empty());
}

}  // namespace
}  // namespace sm2::strategy
