#include "report/progress.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/printable.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

// Everything shown for the events of a study.
std::string watch(const SampleStudy& study, Screen screen) {
  Progress progress(study.spec, screen);
  journal::StudyState state;
  std::string all;
  for (const trial::Event& event : study.events) {
    state.apply(event);
    all += progress.render(event, state);
  }
  return all + progress.clear();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Progress, TellsAStudyInPlainLines) {
  const std::string log = watch(testing::decided_study(), {});
  for (const char* line :
       {"study fashion-cnn: strategy sm2-classic, metric val_accuracy\n",
        "trial 0 starts to 1 epoch: batch_size=64 learning_rate=0.01\n",
        "trial 0  1 epoch  val_accuracy 0.8  100 J +- 50\n", "trial 0 paused at 1 epoch, 102 J +- 51\n",
        "trial 2 diverged: loss is NaN at step 31, 20.0 J +- 10\n",
        "trial 1 dropped: rung 0: objective 0.81 against 0.12 of the last one kept (80.0 J +- 40)\n",
        "rung 0 finished: 2 of 3 trials dropped; energy so far 202 J +- 101\n",
        "trial 0 goes on to 2 epochs: batch_size=64 learning_rate=0.01\n",
        "trial 0 finished at 2 epochs, 200 J +- 100\n",
        "winner: trial 0 with batch_size=64 learning_rate=0.01, val_accuracy 0.9\n",
        "study finished: one is left; energy 300 J +- 150, 33 % of it in dropped trials\n"}) {
    EXPECT_TRUE(has(log, line)) << line << "\nis missing in\n" << log;
  }
  EXPECT_FALSE(has(log, "\x1b"));
  EXPECT_FALSE(has(log, "\r"));
}

TEST(Progress, AResumedStudySaysWhatItGoesOnFrom) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 4);
  study.evaluate(0, 1, 0.5, SampleStudy::energy(10));
  study.add(trial::Checkpointed{0, "epoch-1", 1});
  study.add(trial::Opened{"0.1.0", "host-a", 1, {}});
  study.add(trial::Launched{0, "epoch-1"});
  const std::string log = watch(study, {});
  EXPECT_TRUE(has(log, "study fashion-cnn goes on: trials 1: 1 interrupted; energy so far 10.0 J +- 5.0\n"))
      << log;
  EXPECT_TRUE(has(log, "trial 0 resumed from checkpoint epoch-1\n")) << log;
}

TEST(Progress, MeteredRefreshesTheStatusOnly) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  Progress log(study.spec, {});
  Progress screen(study.spec, {true, false, 100});
  study.add(trial::Metered{0, SampleStudy::energy(7), base::Seconds(1)});
  EXPECT_EQ(log.render(study.events.back(), study.state), "");
  const std::string shown = screen.render(study.events.back(), study.state);
  EXPECT_TRUE(has(shown, "7.00 J")) << shown;
  EXPECT_FALSE(has(shown, "\n"));
  study.add(trial::Metered{0, SampleStudy::energy(8), base::Seconds(1)}, 0.01);
  EXPECT_EQ(screen.render(study.events.back(), study.state), "") << "drawn again too soon";
}

TEST(Progress, LinesThatComeQuicklyKeepTheStatusThatIsThere) {
  SampleStudy study;
  Progress screen(study.spec, {true, false, 100});
  const auto starts = [&](int id, double seconds) {
    study.add(trial::Decided{trial::Train{id, SampleStudy::configuration(64, 0.1), 0, 1, {}, {}}}, seconds);
    return screen.render(study.events.back(), study.state);
  };
  EXPECT_TRUE(has(starts(0, 1), "\n0 finished, 1 running"));
  EXPECT_TRUE(has(starts(1, 0.01), "\n0 finished, 1 running"));
  EXPECT_TRUE(has(starts(2, 1), "\n0 finished, 3 running"));
}

TEST(Progress, TheStatusLineStaysAtTheBottomAndFitsTheScreen) {
  SampleStudy study = testing::decided_study();
  study.events.pop_back();  // still running
  const std::string shown = watch(study, {true, false, 60});
  const std::size_t last = shown.rfind("\r\x1b[K");
  EXPECT_EQ(last, shown.size() - 4) << "clear() takes the status line away";
  const std::size_t begin = shown.rfind("\x1b[K", last - 1) + 3;
  const std::string line = shown.substr(begin, last - begin);
  EXPECT_TRUE(line.starts_with("1 finished, 0 running")) << line;
  EXPECT_LE(columns(line), 59u);
}

TEST(Progress, ColourOnlyWhereAsked) {
  EXPECT_TRUE(has(watch(testing::decided_study(), {true, true, 100}), "\x1b[1;32m"));
  EXPECT_FALSE(has(watch(testing::decided_study(), {true, false, 100}), "\x1b[1;32m"));
}

TEST(Progress, UnknownEnergyIsNotShownAsZero) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  EXPECT_TRUE(has(status(study.spec, study.state), "energy unknown"));
  EXPECT_TRUE(has(watch(study, {}), "val_accuracy 0.5  unknown\n"));
}

TEST(Progress, WhatProgramsSayCannotSteerTheTerminal) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.exit(0, trial::Failed{1, "\x1b[2Jbad\nnews"}, SampleStudy::energy(1));
  EXPECT_TRUE(has(watch(study, {}), "trial 0 failed with exit status 1: \\x1b[2Jbad news, 1.00 J"));
}

TEST(Progress, TheStatusSaysWhatIsLeftOfTheBudgetAndTheBestSoFar) {
  SampleStudy study = testing::decided_study();
  study.spec.budget.energy = base::Joules(1800);
  const std::string line = status(study.spec, study.state);
  EXPECT_TRUE(has(line, "1 finished, 0 running, 1 dropped, 1 failed")) << line;
  EXPECT_TRUE(has(line, "300 J of 1.80 kJ, 1.50 kJ left")) << line;
  EXPECT_TRUE(has(line, "best 0.9 (trial 0: batch_size=64 learning_rate=0.01)")) << line;
}

}  // namespace
}  // namespace sm2::report
