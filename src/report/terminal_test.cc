#include "report/terminal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "report/printable.h"
#include "report/trial_listing.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

Study study_of(const SampleStudy& sample) { return {sample.spec.name, sample.spec, sample.state, false}; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void expect_fit_for_a_terminal(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(columns(line), kWidth) << line;
    EXPECT_TRUE(std::ranges::none_of(line, [](unsigned char c) { return c < 0x20 || c == 0x7f; })) << line;
  }
}

TEST(Terminal, ShowAnswersWhatItCost) {
  const std::string text = show_text(study_of(testing::decided_study()));
  EXPECT_TRUE(has(text, "finished: one is left")) << text;
  EXPECT_TRUE(has(text, "3: 1 finished, 1 stopped, 1 failed")) << text;
  EXPECT_TRUE(has(text, "300 J +- 150 (cpu-model, modelled)")) << text;
  EXPECT_TRUE(has(text, "dropped   100 J +- 50, 33 %: dropped and failed trials")) << text;
  EXPECT_TRUE(has(text, "./train --batch-size=64 --lr=0.01")) << text;
  expect_fit_for_a_terminal(text);
}

TEST(Terminal, TheListSaysWhereEnergyComesFrom) {
  const std::string list = list_text({study_of(testing::decided_study()), study_of(SampleStudy("new"))});
  EXPECT_TRUE(has(list, "300 J +- 150  modelled")) << list;
  EXPECT_TRUE(has(list, "0 J  -  ")) << "nothing was read yet: " << list;
}

TEST(Terminal, UnknownEnergyIsNeverZero) {
  SampleStudy sample;
  sample.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  sample.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  sample.exit(0, trial::Paused{}, SampleStudy::unknown_energy());
  const Study study = study_of(sample);
  for (const std::string& text :
       {list_text({study}), show_text(study), trials_text(study), best_text(study)}) {
    EXPECT_TRUE(has(text, "unknown")) << text;
    EXPECT_FALSE(has(text, " 0.00 J")) << text;
  }
  EXPECT_TRUE(has(show_text(study), "permission denied"));
}

TEST(Terminal, TrialsHaveAColumnForEachParameterAndTheReasonBelow) {
  const std::string text = trials_text(study_of(testing::decided_study()));
  EXPECT_TRUE(has(text, "TRIAL  STATE"));
  EXPECT_TRUE(has(text, "batch_size"));
  EXPECT_TRUE(has(text, "\n       rung 0: objective 0.81 against 0.12 of the last one kept\n")) << text;
  EXPECT_TRUE(has(text, "not a number"));
  expect_fit_for_a_terminal(text);
}

TEST(Terminal, HostileTextDoesNotReachTheTerminal) {
  SampleStudy sample("evil \x1b]0;title\x07 name");
  sample.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  sample.exit(0, trial::Failed{1, "\x1b[2J\r\ntrace " + std::string(300, 'x')}, SampleStudy::energy(1));
  sample.train(1, {{"batch_size", std::string("\x1b[31m") + std::string(200, 'y')}}, 0, 1);
  sample.evaluate(1, 1, 0.5, SampleStudy::energy(1));
  const Study study = study_of(sample);
  EXPECT_FALSE(has(list_text({study}) + show_text(study) + trials_text(study) + best_text(study), "\x1b"));
  expect_fit_for_a_terminal(list_text({study}));
}

TEST(Terminal, EmptyStoreAndStudySaySo) {
  EXPECT_TRUE(has(list_text({}), "no studies yet"));
  const Study study = study_of(SampleStudy());
  EXPECT_EQ(trials_text(study), "no trials yet\n");
  EXPECT_TRUE(has(show_text(study), "nothing spent yet"));
  EXPECT_EQ(best_text(study), "");
}

}  // namespace
}  // namespace sm2::report
