#include "study/warm_start.h"

#include <gtest/gtest.h>

#include "config/study_file.h"
#include "journal/memory.h"
#include "study/experience.h"
#include "testing/sample_study.h"

namespace sm2::study {
namespace {

using strategy::Experience;
using testing::SampleStudy;

constexpr const char* kFile = R"(
[study]
name = "NAME"
command = ["train", "--batch={batch_size}"]
metric = { name = "loss", goal = "minimize" }
resource = { unit = "epoch", max = 8 }
[space]
batch_size = { values = [16, 32, 64] }
[strategy]
)";

std::string file(const std::string& name, const std::string& more = "") {
  std::string text = kFile;
  return text.replace(text.find("NAME"), 4, name) + more;
}

config::Spec spec_of(const std::string& text) { return config::parse_study(text, "s.toml").value(); }

space::Configuration batch(std::int64_t size) { return {{"batch_size", size}}; }

// Trial 0 is trained to 2 units, 1 fails, 2 is a copy of 0, 3 has a batch size that later studies have not.
std::vector<trial::Event> earlier_events(const std::string& name) {
  SampleStudy study(name);
  study.spec.metric = {"loss", config::Goal::kMinimize, {}};
  study.events[0] = {base::Seconds(1), trial::Created{file(name)}};
  study.train(0, batch(16), 0, 2);
  study.evaluate(0, 1, 0.8, SampleStudy::energy(100));
  study.evaluate(0, 1.5, std::nan(""), SampleStudy::energy(150));
  study.evaluate(0, 1.75, 0.6, SampleStudy::unknown_energy());
  study.evaluate(0, 2, 0.5, SampleStudy::energy(200));
  study.add(trial::Checkpointed{0, "two", 2});
  study.exit(0, trial::Paused{}, SampleStudy::energy(210));
  study.train(1, batch(32), 0, 1);
  study.exit(1, trial::OutOfMemory{"x"}, SampleStudy::energy(5));
  trial::Train child{2, batch(64), 0, 3, {}, {}};
  child.parent = 0;
  study.add(trial::Decided{child});
  study.exit(2, trial::Completed{}, SampleStudy::energy(50));
  study.train(3, batch(512), 0, 1);
  study.exit(3, trial::Completed{}, SampleStudy::energy(50));
  return study.events;
}

const std::vector<Experience> kLearnt = {
    {0,
     "cpu-model: CPU time times a power curve, modelled",
     batch(16),
     {{1, -0.8, 100}, {2, -0.5, 200}},
     2,
     210,
     false},
    {0, "cpu-model: CPU time times a power curve, modelled", batch(32), {}, 0, 5, true}};

class WarmStart : public ::testing::Test {
 protected:
  void keep(const std::string& name, const std::vector<trial::Event>& events) {
    ASSERT_TRUE((*store_.create(name))->append(events));
  }
  journal::MemoryStore store_;
};

TEST(Experience, IsEveryTrialsCurveAndFate) {
  const auto state = journal::fold(earlier_events("earlier"));
  auto all = experience_of(state, spec_of(file("earlier")), 0);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all.back().configuration, batch(512));
  all.pop_back();
  EXPECT_EQ(all, kLearnt);
}

TEST(Experience, ComesBackFromItsText) {
  EXPECT_EQ(decode_experience(encode(kLearnt)).value(), kLearnt);
  EXPECT_EQ(encode({}), "");
  EXPECT_TRUE(decode_experience("")->empty());
  EXPECT_FALSE(decode_experience("[{}]"));
  EXPECT_FALSE(decode_experience("["));
}

TEST_F(WarmStart, ANewStudyBeginsFromWhatEarlierOnesLearnt) {
  keep("earlier", earlier_events("earlier"));
  keep("later", earlier_events("later"));
  const auto spec = spec_of(file("new", "warm_start = [\"earlier\", \"later\"]\n"));
  const auto options = strategy_options(spec, {}, store_, {}).value();
  ASSERT_EQ(options.experience.size(), 4u);
  EXPECT_EQ(options.experience[0], kLearnt[0]);
  EXPECT_EQ(options.experience[1], kLearnt[1]);
  EXPECT_EQ(options.experience[2].study, 1);
}

TEST_F(WarmStart, AStudyThatGoesOnHasWhatItBeganWith) {
  auto spec = spec_of(file("new", "warm_start = [\"earlier\"]\n[budget]\nenergy = \"9 kJ\"\n"));
  const auto begun =
      journal::fold({{base::Seconds(1), trial::Created{spec.text, encode(kLearnt), base::Joules(7)}}});
  const auto options = strategy_options(spec, begun, store_, {}).value();
  EXPECT_EQ(options.experience, kLearnt) << "the earlier study is gone";
  EXPECT_EQ(options.energy, base::Joules(7)) << "whatever the budget has become";
  const auto cold = journal::fold({{base::Seconds(1), trial::Created{spec.text}}});
  EXPECT_TRUE(strategy_options(spec, cold, store_, {})->experience.empty());
  EXPECT_FALSE(strategy_options(spec, cold, store_, {})->energy);
}

TEST_F(WarmStart, ANewStudyMayCountOnItsBudget) {
  auto spec = spec_of(file("new", "[budget]\nenergy = \"9 kJ\"\n"));
  EXPECT_EQ(strategy_options(spec, {}, store_, {})->energy, base::Joules(9000));
  spec.budget.energy = base::Joules(4);
  EXPECT_EQ(strategy_options(spec, {}, store_, {})->energy, base::Joules(4));
}

TEST_F(WarmStart, AStudyThatIsNotThereOrOfAnotherJobIsNamed) {
  keep("earlier", earlier_events("earlier"));
  const auto complaint = [&](std::string text) {
    const auto options = strategy_options(spec_of(text), {}, store_, {});
    return options ? "accepted" : options.error().message;
  };
  EXPECT_EQ(complaint(file("new", "warm_start = [\"earliest\"]\n")),
            "there is no study 'earliest' in the store; there are: earlier");
  std::string other = file("new", "warm_start = [\"earlier\"]\n");
  other.replace(other.find("minimize"), 8, "maximize");
  EXPECT_EQ(complaint(other), "study 'earlier' is of another job: its goal for loss is the other one");
  other = file("new", "warm_start = [\"earlier\"]\n");
  other.replace(other.find("epoch"), 5, "step");
  EXPECT_EQ(complaint(other),
            "study 'earlier' is of another job: its unit of resource is 'epoch', not 'step'");
}

}  // namespace
}  // namespace sm2::study
