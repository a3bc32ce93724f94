#include "sm2/tuner.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace sm2 {
namespace {

Space space() {
  Space made;
  made.add("learning_rate", log_range(1e-4, 1))
      .add("batch_size", choice({16, 32, 64}))
      .add("layers", integers(1, 4))
      .add("optimizer", choice({"sgd", "adam"}))
      .add("momentum", range(0.8, 0.99), when("optimizer", {"sgd"}))
      .add("nesterov", choice({true, false}), when("optimizer", {"sgd"}));
  return made;
}

std::string what(const std::function<void()>& mistaken) {
  try {
    mistaken();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Tuner, EveryTrialIsInTheSpace) {
  Tuner tuner(space(), {.strategy = "random", .trials = 40});
  int with_momentum = 0;
  while (auto trial = tuner.ask()) {
    EXPECT_GE(trial->number("learning_rate"), 1e-4);
    EXPECT_LE(trial->number("learning_rate"), 1);
    const auto batch_size = trial->integer("batch_size");
    EXPECT_TRUE(batch_size == 16 || batch_size == 32 || batch_size == 64);
    EXPECT_EQ(trial->number("layers"), static_cast<double>(trial->integer("layers")));
    EXPECT_EQ(trial->has("momentum"), trial->text("optimizer") == "sgd");
    EXPECT_EQ(trial->has("momentum"), trial->has("nesterov"));
    with_momentum += trial->has("momentum");
    tuner.tell(*trial, 1);
  }
  EXPECT_GT(with_momentum, 0);
  EXPECT_LT(with_momentum, 40);
  EXPECT_EQ(tuner.trials().size(), 40u);
}

TEST(Tuner, FindsTheBestInEitherDirection) {
  for (const bool maximize : {true, false}) {
    Tuner tuner(Space().add("x", choice({1, 2, 3})), {.strategy = "grid", .maximize = maximize});
    EXPECT_FALSE(tuner.best());
    while (auto trial = tuner.ask()) tuner.tell(*trial, trial->number("x"));
    EXPECT_TRUE(tuner.finished());
    ASSERT_TRUE(tuner.best());
    EXPECT_TRUE(tuner.best()->decided);
    EXPECT_EQ(tuner.best()->value, maximize ? 3 : 1);
    EXPECT_EQ(tuner.best()->parameters.at("x"), Value(std::int64_t{maximize ? 3 : 1}));
  }
}

TEST(Tuner, SameSeedSameTrials) {
  const auto all = [](std::uint64_t seed) {
    Tuner tuner(space(), {.strategy = "random", .seed = seed, .trials = 10});
    std::vector<Parameters> asked;
    while (auto trial = tuner.ask()) {
      asked.push_back(trial->parameters());
      tuner.tell(*trial, 1);
    }
    return asked;
  };
  EXPECT_EQ(all(7), all(7));
  EXPECT_NE(all(7), all(8));
}

TEST(Tuner, ATrialThatIsNeverToldHasFailed) {
  Tuner tuner(Space().add("x", choice({1, 2})), {.strategy = "grid"});
  tuner.ask();
  auto trial = tuner.ask();
  tuner.tell(*trial, 5);
  trial.reset();
  EXPECT_FALSE(tuner.ask());
  EXPECT_EQ(tuner.trials()[0].state, TrialState::kFailed);
  EXPECT_EQ(tuner.trials()[0].reason, "it was given up without being told");
  EXPECT_EQ(tuner.best()->id, 1);
}

TEST(Tuner, ATrialOutlivesItsTuner) {
  auto tuner = std::make_unique<Tuner>(Space().add("x", range(0, 1)), Settings{.strategy = "random"});
  auto trial = tuner->ask();
  tuner.reset();
  EXPECT_FALSE(trial->report(1, 0.5));
  EXPECT_LE(trial->number("x"), 1);
}

TEST(Tuner, JoulesDecideBetweenEqualValues) {
  Tuner tuner(Space().add("batch_size", choice({1, 2, 3, 4})),
              {.strategy = "sm2-classic", .resource_max = 4});
  while (auto trial = tuner.ask()) {
    tuner.tell(*trial, 0.9, {.joules = trial->number("batch_size") == 3 ? 10.0 : 20.0, .joules_error = 1});
  }
  EXPECT_EQ(tuner.best()->parameters.at("batch_size"), Value(std::int64_t{3}));
  EXPECT_EQ(tuner.best()->joules, 30);
}

TEST(Tuner, AssigningATrialGivesUpTheOneBefore) {
  Tuner tuner(Space().add("x", choice({1, 2})), {.strategy = "grid"});
  Tuner::Trial trial = *tuner.ask();
  trial = *tuner.ask();
  EXPECT_EQ(trial.id(), 1);
  EXPECT_EQ(tuner.trials()[0].state, TrialState::kFailed);
  EXPECT_EQ(tuner.trials()[1].state, TrialState::kRunning);
}

TEST(Tuner, MistakesSayWhatIsWrong) {
  EXPECT_EQ(what([] { Tuner tuner({}); }), "the space has no parameter; add at least one");
  EXPECT_NE(what([] { Tuner(Space().add("x", range(2, 1))); }).find("x"), std::string::npos);
  EXPECT_NE(what([] { Tuner(space(), {.strategy = "randon"}); }).find("did you mean 'random'?"),
            std::string::npos);
  EXPECT_EQ(what([] { Tuner(space(), {.trials = 0}); }), "trials: must be 1 or more");
  EXPECT_EQ(what([] { Tuner(space(), {.resource_min = 3, .resource_max = 2}); }),
            "resource_min: must be at most resource_max");
  EXPECT_EQ(what([] { Tuner(space(), {.energy = 1.5}); }), "energy: must be from 0 to 1");
  EXPECT_EQ(what([] { Tuner(space(), {.pruner = "mean"}); }), "pruner: must be \"none\" or \"median\"");
}

TEST(Tuner, MistakesWithATrialSayWhatIsWrong) {
  Tuner tuner(Space().add("rate", range(0, 1)).add("name", choice({"a", "b"})), {.strategy = "random"});
  auto trial = tuner.ask();
  EXPECT_EQ(what([&] { trial->number("rat"); }),
            "trial 0 has no parameter 'rat' (a number); did you mean 'rate'? it has name, rate");
  EXPECT_NE(what([&] { trial->number("name"); }).find(", not a number"), std::string::npos);
  EXPECT_NE(what([&] { trial->integer("rate", 3); }).find(", not an integer"), std::string::npos);
  EXPECT_EQ(trial->number("momentum", 0.9), 0.9);
  EXPECT_EQ(trial->text("other", "x"), "x");
  Tuner other(Space().add("rate", range(0, 1)), {.strategy = "random"});
  EXPECT_EQ(what([&] { other.tell(*trial, 1); }),
            "trial 0 is another tuner's; tell it to the one that was asked for it");
  tuner.tell(*trial, 1);
  EXPECT_EQ(what([&] { tuner.tell(*trial, 1); }), "trial 0 has been told already");
  EXPECT_EQ(what([&] { trial->report(1, 1); }), "trial 0 has been told already");
}

}  // namespace
}  // namespace sm2
