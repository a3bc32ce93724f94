// A candidate that diverges leaves before anything is normalised over its rung: however absurd its metric and its energy,
// the others' figures, who is kept, and who wins are as if it had never been there.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>

#include "strategy/strategy.h"

namespace sm2::strategy {
namespace {

struct Course {  // of one batch size; its energy grows with the resource
  double metric = 0;
  double joules = 0;
  double stability = 1;
};

struct Race {
  std::map<double, std::string> reasons;  // of those dropped, by batch size
  std::optional<double> winner;
  bool operator==(const Race&) const = default;
};

constexpr double kDiverging = 1;  // the batch size that does

trial::Stretch stretch_of(const Course& course, double until) {
  trial::Stretch stretch;
  stretch.outcome = trial::Paused{};
  stretch.reached = until;
  stretch.metric = course.metric;
  stretch.energy = {
      {"fake", "fake", trial::Quality::kReplayed, base::Joules(course.joules * until), {}, {}, {}, ""}};
  stretch.progress.stability = course.stability;
  return stretch;
}

Race run(const std::map<double, Course>& courses, const trial::Stretch& diverged) {
  space::Categorical domain;
  for (const auto& [batch_size, course] : courses) domain.values.emplace_back(batch_size);
  Options options;
  options.resource_max = 16;
  options.candidates = static_cast<int>(courses.size());
  const auto strategy = *make("sm2-classic", *space::Space::make({{"batch_size", domain, {}}}), options);
  Race race;
  while (true) {
    const trial::Decision decision = strategy->ask();
    if (const auto* train = std::get_if<trial::Train>(&decision)) {
      const double batch_size = space::as_number(train->configuration.at("batch_size"));
      trial::Stretch stretch = stretch_of(courses.at(batch_size), train->until);
      if (batch_size == kDiverging) stretch = diverged;
      strategy->tell(train->trial, stretch);
    } else if (const auto* drop = std::get_if<trial::Drop>(&decision)) {
      race.reasons[space::as_number(drop->configuration.at("batch_size"))] = drop->reason;
    } else if (const auto* finish = std::get_if<trial::Finish>(&decision)) {
      if (finish->winner) race.winner = *finish->winner;
      return race;
    }
  }
}

trial::Stretch any_divergence() {
  const double absurd = *rc::gen::element(-1e30, 1e30, 1e-9);
  trial::Stretch stretch = stretch_of({absurd, *rc::gen::element(1e-6, 1e12), 0}, 1);
  if (*rc::gen::arbitrary<bool>()) {
    stretch.outcome = trial::Diverged{"x"};
  } else {
    stretch.metric = *rc::gen::element(std::numeric_limits<double>::quiet_NaN(), -INFINITY, INFINITY);
  }
  if (*rc::gen::arbitrary<bool>()) stretch.energy.clear();
  return stretch;
}

RC_GTEST_PROP(DivergenceProperty, ShiftsNobody, ()) {
  std::map<double, Course> courses;
  const int count = *rc::gen::inRange(2, 9);
  for (int k = 0; k < count; ++k) {
    courses[2.0 + k] = {*rc::gen::inRange(0, 20) / 20.0, *rc::gen::inRange(1, 50) * 1.0,
                        *rc::gen::inRange(0, 11) / 10.0};
  }
  const Race without = run(courses, {});
  courses[kDiverging] = {};
  const trial::Stretch diverged = any_divergence();
  Race with = run(courses, diverged);
  RC_ASSERT(with.reasons.contains(kDiverging));
  with.reasons.erase(kDiverging);
  RC_ASSERT(with.reasons == without.reasons);
  RC_ASSERT(with.winner.has_value() && without.winner.has_value());
  RC_ASSERT(*with.winner == *without.winner + 1);  // trials are numbered by batch size here
}

}  // namespace
}  // namespace sm2::strategy
