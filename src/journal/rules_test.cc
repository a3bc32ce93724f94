#include "journal/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sm2::journal {
namespace {

using base::Joules;
using base::Seconds;
using ::testing::HasSubstr;

trial::Energy energy(double joules) {
  trial::Reading reading;
  reading.joules = Joules(joules);
  return {reading};
}

trial::EventBody evaluated(int trial, double resource, double joules, double seconds) {
  return trial::Evaluated{trial, {resource, {{"accuracy", 0.5}}, energy(joules), Seconds(seconds), {}}};
}

trial::EventBody exited(int trial, trial::Outcome outcome, double joules, double seconds) {
  return trial::Exited{trial, {std::move(outcome), 1, 0.5, energy(joules), Seconds(seconds), {}}, ""};
}

trial::EventBody train(int trial, std::optional<int> parent = {}) {
  trial::Train decided{trial, {}, 0, 4, {}, {}};
  decided.parent = parent;
  return trial::Decided{decided};
}

std::vector<Breach> breaches(const std::vector<trial::Event>& events) {
  std::vector<Breach> all;
  Inspection inspection;
  for (const trial::Event& event : events) {
    if (auto breach = inspection.next(event)) all.push_back(*std::move(breach));
  }
  EXPECT_EQ(inspection.state().events, events.size());
  return all;
}

std::vector<Breach> breaches_of(const std::vector<trial::EventBody>& bodies) {
  std::vector<trial::Event> events;
  for (const trial::EventBody& body : bodies)
    events.push_back({Seconds(static_cast<double>(events.size())), body});
  return breaches(events);
}

const std::vector<trial::EventBody> kBegun = {trial::Created{"file"}, trial::Opened{}, train(1),
                                              trial::Launched{1, {}}, evaluated(1, 1, 10, 5)};

std::vector<Breach> after_begun(std::vector<trial::EventBody> more) {
  std::vector<trial::EventBody> all = kBegun;
  all.insert(all.end(), more.begin(), more.end());
  return breaches_of(all);
}

TEST(Rules, WhatATunerWritesBreaksNone) {
  EXPECT_TRUE(breaches_of({}).empty());
  EXPECT_TRUE(after_begun({}).empty());
  const trial::EventBody killed = exited(1, trial::Interrupted{}, 10, 5);
  EXPECT_TRUE(after_begun({trial::Opened{}, killed, exited(1, trial::Stopped{"told so"}, 10, 5)}).empty())
      << "a stop that was killed is settled without a start";
  EXPECT_TRUE(
      after_begun({trial::Checkpointed{1, "a", 1}, exited(1, trial::Paused{}, 11, 6), train(2, 1),
                   exited(2, trial::OutOfMemory{"cannot fit"}, 0, 0), trial::Closed{"finished", "", 1}})
          .empty());
}

TEST(Rules, EachBreachIsNamedWithItsEvent) {
  const struct {
    std::vector<trial::EventBody> more;
    const char* says;
  } cases[] = {
      {{evaluated(1, 1, 11, 6)}, "trial 1 is evaluated at 1, and was at 1 already"},
      {{evaluated(1, 2, 9, 6)}, "trial 1 has used 9 J, and had used 10 J before"},
      {{trial::Metered{1, energy(11), Seconds(4)}}, "trial 1 has run 4 s, and had run 5 s before"},
      {{evaluated(2, 1, 1, 1)}, "trial 2 says something, and does not run"},
      {{trial::Launched{1, {}}}, "trial 1 is started, and its process before has not ended"},
      {{trial::Launched{3, {}}}, "trial 3 is started, and nothing had decided so"},
      {{exited(3, trial::Completed{}, 1, 1)}, "trial 3 ends, and had not begun"},
      {{train(1)}, "trial 1 is to be trained, and is being trained already"},
      {{train(2, 7)}, "trial 2 is to go on from trial 7, which there is not"},
      {{trial::Created{"again"}}, "created a second time"},
      {{trial::Decided{trial::Finish{7, "best"}}}, "trial 7 is to be the winner"},
      {{trial::Closed{"finished", "", 7}}, "trial 7 is to be the winner"},
  };
  for (const auto& tried : cases) {
    const auto found = after_begun(tried.more);
    ASSERT_EQ(found.size(), 1u) << tried.says;
    EXPECT_EQ(found[0].event, kBegun.size() + 1);
    EXPECT_THAT(found[0].what, HasSubstr(tried.says));
  }
  EXPECT_EQ(after_begun({trial::Closed{"interrupted", "", {}}, evaluated(1, 2, 11, 6)}).at(0).event,
            kBegun.size() + 2);
  EXPECT_THAT(breaches_of({trial::Opened{}}).at(0).what, HasSubstr("not the study's creation"));
}

TEST(Rules, TimeGoesForwardWithinASession) {
  const auto found = [](double opened, double decided) {
    return breaches({{Seconds(10), trial::Created{"file"}},
                     {Seconds(opened), trial::Opened{}},
                     {Seconds(decided), train(1)}});
  };
  EXPECT_TRUE(found(5, 5).empty()) << "between sessions a clock may be set back";
  EXPECT_EQ(found(11, 10).at(0).event, 3u);
}

}  // namespace
}  // namespace sm2::journal
