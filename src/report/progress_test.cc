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

// What a terminal of so many columns shows in the end: enough of its control sequences for what is used here.
std::vector<std::string> screen_of(const std::string& bytes, std::size_t columns) {
  std::vector<std::string> rows(1);
  std::size_t row = 0, column = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (bytes[at] == '\r') {
      column = 0;
    } else if (bytes[at] == '\n') {
      column = 0;
      if (++row == rows.size()) rows.emplace_back();
    } else if (bytes[at] == '\x1b') {
      const std::size_t end = bytes.find_first_of("AJKm", at);
      const char what = bytes[end];
      if (what == 'A') row -= std::stoul(bytes.substr(at + 2, end - at - 2));
      if (what == 'J' || what == 'K') rows[row].resize(std::min(rows[row].size(), column));
      if (what == 'J') rows.resize(row + 1);
      at = end;
    } else {
      if (column == columns) {
        column = 0;
        if (++row == rows.size()) rows.emplace_back();
      }
      if (rows[row].size() <= column) rows[row].resize(column + 1, ' ');
      rows[row][column++] = bytes[at];
    }
  }
  return rows;
}

std::string joined(const std::vector<std::string>& rows) {
  std::string all;
  for (const std::string& row : rows) all += row + "\n";
  return all;
}

TEST(Progress, MeteredRefreshesWhatStandsOnly) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  Progress log(study.spec, {});
  Progress screen(study.spec, {true, false, 100});
  study.add(trial::Metered{0, SampleStudy::energy(7), base::Seconds(1)});
  EXPECT_EQ(log.render(study.events.back(), study.state), "");
  EXPECT_TRUE(has(screen.render(study.events.back(), study.state), "7.00 J"));
  study.add(trial::Metered{0, SampleStudy::energy(8), base::Seconds(1)}, 0.01);
  EXPECT_EQ(screen.render(study.events.back(), study.state), "") << "drawn again too soon";
  study.add(trial::Metered{0, SampleStudy::energy(9), base::Seconds(1)});
  const std::string again = screen.render(study.events.back(), study.state);
  EXPECT_TRUE(again.starts_with("\r\x1b[")) << "it is drawn over what stands";
  EXPECT_EQ(std::ranges::count(again, 'J'), 2) << "only what is below is cleared, not what is drawn over";
}

TEST(Progress, SaysWhatIsDrawnNowWhereThatIsKnown) {
  SampleStudy study;
  Progress screen(study.spec, {true, false, 100});
  const auto shown = [&](trial::EventBody body) {
    study.add(std::move(body));
    return screen.render(study.events.back(), study.state);
  };
  shown(trial::Decided{trial::Train{0, SampleStudy::configuration(64, 0.1), 0, 1, {}, {}}});
  EXPECT_FALSE(has(shown(trial::Launched{0, {}}), "W now"));
  EXPECT_TRUE(has(shown(trial::Metered{0, SampleStudy::energy(20), base::Seconds(2)}), "| 10.0 W now"));
  EXPECT_FALSE(has(shown(trial::Metered{0, SampleStudy::unknown_energy(), base::Seconds(4)}), "W now"));
}

TEST(Progress, LinesThatComeQuicklyKeepTheStatusThatIsThere) {
  SampleStudy study;
  Progress screen(study.spec, {true, false, 100});
  const auto starts = [&](int id, double seconds) {
    study.add(trial::Decided{trial::Train{id, SampleStudy::configuration(64, 0.1), 0, 1, {}, {}}}, seconds);
    return screen.render(study.events.back(), study.state);
  };
  EXPECT_TRUE(has(starts(0, 1), "trials   0 finished, 1 running"));
  EXPECT_TRUE(has(starts(1, 0.01), "trials   0 finished, 1 running"));
  EXPECT_TRUE(has(starts(2, 1), "trials   0 finished, 3 running"));
}

TEST(Progress, WhatStandsStaysBelowTheLinesAndFitsTheScreen) {
  SampleStudy study = testing::decided_study();
  study.events.pop_back();  // still running
  for (const std::size_t width : {20u, 40u, 80u, 200u}) {
    Progress progress(study.spec, {true, false, width});
    journal::StudyState state;
    std::string bytes;
    for (const trial::Event& event : study.events) {
      state.apply(event);
      bytes += progress.render(event, state);
    }
    const std::vector<std::string> rows = screen_of(bytes, width);
    const std::string all = joined(rows);
    const std::size_t begin = all.rfind("\ntrials ");
    ASSERT_NE(begin, std::string::npos) << all;
    EXPECT_EQ(all.find("\ntrials "), begin) << "once only\n" << all;
    EXPECT_TRUE(has(all.substr(begin), "\nenergy ")) << all;
    EXPECT_TRUE(has(all.substr(begin), "\nbest ")) << all;
    EXPECT_EQ(rows.back(), "") << "the cursor is on a line of its own";
    for (const std::string& row : rows) EXPECT_LE(row.size(), width);
    EXPECT_EQ(joined(screen_of(bytes + progress.clear(), width)), all.substr(0, begin) + "\n\n")
        << "clear() takes all of it away";
  }
}

TEST(Progress, ATerminalThatIsMadeNarrowerIsDrawnAnew) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  Progress progress(study.spec, {true, false, 100});
  const std::string wide = progress.render(study.events.back(), study.state);
  const auto lines = std::ranges::count(wide, '\n') - 1;  // of what stands, one is of the event
  progress.resize({true, false, 12});
  study.add(trial::Metered{0, SampleStudy::energy(9), base::Seconds(1)}, 0.01);
  const std::string narrow = progress.render(study.events.back(), study.state);
  ASSERT_TRUE(narrow.starts_with("\r\x1b[")) << "at once";
  EXPECT_GT(std::stol(narrow.substr(3)), lines) << "its lines take more rows than before";
}

TEST(Progress, WhatIsLeftIsNotDrawnOver) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  Progress progress(study.spec, {true, false, 100});
  progress.render(study.events.back(), study.state);
  progress.leave();
  study.add(trial::Metered{0, SampleStudy::energy(9), base::Seconds(1)}, 0.01);
  EXPECT_TRUE(
      progress.render(study.events.back(), study.state).starts_with("trials   0 finished, 1 running"));
}

TEST(Progress, AFlatTerminalHasRoomForTheFirstLines) {
  SampleStudy study = testing::decided_study();
  Progress progress(study.spec, {true, false, 100, 3});
  journal::StudyState state;
  state.apply(study.events[0]);
  const std::string shown = progress.render(study.events[0], state);
  EXPECT_TRUE(has(shown, "trials "));
  EXPECT_FALSE(has(shown, "energy "));
}

TEST(Progress, TheTerminalIsLeftAsItIs) {
  const std::string shown = watch(testing::decided_study(), {true, true, 80});
  EXPECT_FALSE(has(shown, "\x1b[?")) << "no mode is changed, the cursor never hidden";
}

TEST(Progress, ALogSaysNowAndThenHowItStands) {
  SampleStudy study;
  Progress log(study.spec, {});
  const auto metered = [&](double after) {
    study.add(trial::Metered{0, SampleStudy::energy(7), base::Seconds(1)}, after);
    return log.render(study.events.back(), study.state);
  };
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  EXPECT_EQ(metered(2), "");
  EXPECT_EQ(metered(200), "");
  EXPECT_TRUE(metered(200).starts_with("0 finished, 1 running, 0 dropped | rung 0 | "));
  EXPECT_EQ(metered(2), "");
}

TEST(Progress, ColourOnlyWhereAsked) {
  EXPECT_TRUE(has(watch(testing::decided_study(), {true, true, 100}), "\x1b[1;32m"));
  EXPECT_FALSE(has(watch(testing::decided_study(), {true, false, 100}), "\x1b[1;32m"));
}

TEST(Progress, UnknownEnergyIsNotShownAsZero) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(0, 1, 0.5, SampleStudy::unknown_energy());
  EXPECT_TRUE(has(watch(study, {}), "val_accuracy 0.5  unknown\n"));
}

TEST(Progress, WhatProgramsSayCannotSteerTheTerminal) {
  SampleStudy study;
  study.train(0, SampleStudy::configuration(64, 0.1), 0, 1);
  study.exit(0, trial::Failed{1, "\x1b[2Jbad\nnews"}, SampleStudy::energy(1));
  EXPECT_TRUE(has(watch(study, {}), "trial 0 failed with exit status 1: \\x1b[2Jbad news, 1.00 J"));
}

}  // namespace
}  // namespace sm2::report
