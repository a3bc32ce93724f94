#include "study/ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "journal/memory.h"
#include "testing/unwell_journal.h"

namespace sm2::study {
namespace {

using base::Seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

trial::Event metered(trial::TrialId trial, double joules) {
  trial::Reading reading;
  reading.joules = base::Joules(joules);
  return {Seconds(0), trial::Metered{trial, {reading}, Seconds(1)}};
}

class LedgerTest : public ::testing::Test {
 protected:
  std::vector<std::string> kept() const {
    std::vector<std::string> kinds;
    const auto events = memory_->read().value();
    for (const trial::Event& event : events) kinds.push_back(journal::kind(event.body));
    return kinds;
  }
  bool commit(bool at_once = false) { return ledger_.commit(at_once).value(); }

  testing::FakeClock clock_;
  journal::MemoryStore store_;
  std::unique_ptr<journal::Journal> memory_ = *store_.create("test");
  testing::UnwellJournal journal_{*memory_, clock_};
  std::vector<std::string> said_;
  Ledger ledger_{journal_, clock_, [this](const std::string& line) { said_.push_back(line); }};
};

TEST_F(LedgerTest, WhatIsCommittedIsInTheJournal) {
  ledger_.add({Seconds(1), trial::Launched{1, {}}});
  EXPECT_TRUE(kept().empty());
  EXPECT_TRUE(commit());
  EXPECT_THAT(kept(), ElementsAre("launched"));
  EXPECT_TRUE(commit());
  EXPECT_EQ(journal_.tries, 1) << "an empty batch is not appended";
  EXPECT_TRUE(said_.empty());
}

TEST_F(LedgerTest, APauseIsSaidAtItsBeginningAndItsEnd) {
  journal_.fail_from(Seconds(0), Seconds(100));
  ledger_.add({Seconds(1), trial::Launched{1, {}}});
  while (!commit()) clock_.advance(Seconds(0.1));
  EXPECT_FALSE(ledger_.paused());
  ASSERT_EQ(said_.size(), 2u);
  EXPECT_THAT(said_[0], HasSubstr("no space is left for it; the study is paused"));
  EXPECT_THAT(said_[1], HasSubstr("the store is back after 1 min 4"));
  EXPECT_THAT(kept(), ElementsAre("launched"));
}

TEST_F(LedgerTest, TriesGrowRarerUpToEveryTenSeconds) {
  journal_.fail_from(Seconds(0), Seconds(1e9));
  ledger_.add({Seconds(1), trial::Launched{1, {}}});
  std::vector<double> intervals;
  for (int tries = 0; tries < 8; ++tries) {
    ASSERT_FALSE(commit());
    EXPECT_FALSE(commit()) << "too soon";
    intervals.push_back((*ledger_.next_try() - clock_.monotonic()).value);
    clock_.advance(*ledger_.next_try() - clock_.monotonic());
  }
  EXPECT_EQ(journal_.tries, 8);
  EXPECT_THAT(intervals, ElementsAre(0.25, 0.5, 1, 2, 4, 8, 10, 10));
}

TEST_F(LedgerTest, WhatCameLaterWaitsBehindWhatFailed) {
  journal_.fail_from(Seconds(0), Seconds(5));
  ledger_.add({Seconds(1), trial::Launched{1, {}}});
  EXPECT_FALSE(commit());
  ledger_.add({Seconds(2), trial::Checkpointed{1, "a", 1}});
  EXPECT_FALSE(commit(true));
  clock_.advance(Seconds(5));
  EXPECT_TRUE(commit());
  EXPECT_THAT(kept(), ElementsAre("launched", "checkpointed"));
}

TEST_F(LedgerTest, OfALongPauseEachTrialsLastReadingIsKept) {
  ledger_.add(metered(1, 1));
  journal_.fail_from(Seconds(0), Seconds(5));
  EXPECT_FALSE(commit());
  for (double joules = 2; joules < 1000; ++joules) {
    ledger_.add(metered(1, joules));
    ledger_.add(metered(2, joules));
  }
  clock_.advance(Seconds(5));
  EXPECT_TRUE(commit());
  const auto events = memory_->read().value();
  ASSERT_EQ(events.size(), 3u);
  for (std::size_t k : {1u, 2u}) {
    const auto& last = std::get<trial::Metered>(events[k].body);
    EXPECT_EQ(trial::total(last.energy), base::Joules(999));
  }
}

TEST_F(LedgerTest, AnotherReasonIsSaidToo) {
  journal_.fail_from(Seconds(0), Seconds(100));
  ledger_.add({Seconds(1), trial::Launched{1, {}}});
  EXPECT_FALSE(commit(true));
  EXPECT_FALSE(commit(true));
  journal_.fail_with("store: it cannot be written", true);
  EXPECT_FALSE(commit(true));
  ASSERT_EQ(said_.size(), 2u);
  EXPECT_THAT(said_[1], HasSubstr("store: it cannot be written"));
}

TEST_F(LedgerTest, WhatDoesNotPassIsAnError) {
  journal_.fail_from(Seconds(0), Seconds(100));
  ledger_.add({Seconds(1), trial::Launched{1, {}}});
  EXPECT_FALSE(commit());
  journal_.fail_with("store: it is damaged", false);
  const auto ended = ledger_.commit(true);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().message, "store: it is damaged");
}

}  // namespace
}  // namespace sm2::study
