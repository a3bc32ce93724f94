#include "report/standing.h"

#include <gtest/gtest.h>

#include "report/printable.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string shown(const SampleStudy& study, const Live& live, std::size_t width, std::size_t most = 20) {
  std::string all;
  for (const StandingLine& line : standing(study.spec, study.state, live, width, most))
    all += line.label + line.text + "\n";
  return all;
}

TEST(Standing, SaysWhatIsLeftOfTheBudgetWhereEnergyComesFromAndTheBestSoFar) {
  SampleStudy study = testing::decided_study();
  study.spec.budget.energy = base::Joules(1800);
  const std::string line = status(study.spec, study.state, {});
  EXPECT_TRUE(has(line, "1 finished, 0 running, 1 dropped, 1 failed | rung 1 | ")) << line;
  EXPECT_TRUE(has(line, "300 J +- 150 (cpu-model, modelled) | 1.50 kJ left of 1.80 kJ | ")) << line;
  EXPECT_TRUE(has(line, "best val_accuracy 0.9 (trial 0: batch_size=64 learning_rate=0.01)")) << line;
}

TEST(Standing, UnknownEnergyIsNotShownAsZero) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  EXPECT_TRUE(has(status(study.spec, study.state, {}), "energy unknown"));
}

TEST(Standing, PowerIsShownWhileSomethingRuns) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 4);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(10));
  EXPECT_TRUE(has(shown(study, {base::Watts(23), {}, 1}, 100), "(cpu-model, modelled) | 23.0 W now\n"));
  study.exit(0, trial::Paused{}, SampleStudy::energy(12));
  EXPECT_FALSE(has(shown(study, {base::Watts(23), {}, 1}, 100), " now\n"));
}

TEST(Standing, SaysWhatRunsAndWhatIsAhead) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 4);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(10));
  const std::string all = shown(study, {}, 100);
  EXPECT_TRUE(has(all, "\nrunning  trial 0: 1 of 4 epochs, batch_size=64 learning_rate=0.1\n")) << all;
  EXPECT_TRUE(has(all, "\nahead    trial 0 to 4 epochs: about 30.0 J and 30.0 s, as its 1 epoch took\n"))
      << all;
}

TEST(Standing, FitsTheWidthInTwoLinesASubject) {
  SampleStudy study = testing::decided_study();
  study.spec.budget.energy = base::Joules(1800);
  for (const std::size_t width : {1u, 12u, 40u, 80u, 200u}) {
    const auto lines = standing(study.spec, study.state, {}, width, 20);
    EXPECT_LE(lines.size(), 10u);
    for (const StandingLine& line : lines) {
      EXPECT_EQ(line.label.size(), 9u);
      EXPECT_LE(columns(line.text), width > 9 ? width - 9 : 1) << line.text;
    }
  }
  EXPECT_EQ(standing(study.spec, study.state, {}, 80, 2).size(), 2u);
}

TEST(Standing, NamesCannotSteerTheTerminal) {
  SampleStudy study = testing::decided_study();
  study.spec.metric.name = "\x1b[2Jbad\nname";
  for (const StandingLine& line : standing(study.spec, study.state, {}, 80, 20))
    EXPECT_EQ(line.text.find_first_of("\x1b\n"), std::string::npos) << line.text;
}

}  // namespace
}  // namespace sm2::report
