#include "dashboard/studies.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <span>
#include <thread>

#include "dashboard/house_fixture.h"
#include "journal/sqlite.h"

namespace sm2::dashboard {
namespace {

using testing::SampleStudy;

class StudiesTest : public HouseTest {
 protected:
  std::size_t trials(const std::string& study = "s") {
    std::size_t count = 0;
    const auto seen =
        studies.see(study, [&](const Folded& folded) { count = folded.study.state.trials.size(); });
    EXPECT_TRUE(seen && seen->there);
    return count;
  }
};

TEST_F(StudiesTest, OnlyNewEventsAreRead) {
  SampleStudy sample = testing::decided_study();
  store(sample);
  EXPECT_EQ(trials(), 3u);
  const std::size_t first = watch.events_read;
  EXPECT_EQ(first, sample.events.size());
  EXPECT_EQ(trials(), 3u);
  EXPECT_EQ(watch.events_read, first);
  const std::size_t before = sample.events.size();
  sample.train(3, SampleStudy::configuration(64, 0.1), 0, 1);
  store(sample, "s", before);
  EXPECT_EQ(trials(), 4u);
  EXPECT_EQ(watch.events_read, first + 2);
}

TEST_F(StudiesTest, RowsAreOfAllStudiesThatHaveBegun) {
  store(testing::decided_study(), "second");
  store(SampleStudy(), "first");
  ASSERT_TRUE(watch.store.create("empty"));
  const auto rows = *studies.rows();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]->study, "second");
  EXPECT_EQ(rows[0]->state, "finished");
  EXPECT_EQ(rows[0]->best, 0.9);
  EXPECT_EQ(rows[0]->summary.total.joules, base::Joules(300));
  EXPECT_EQ(rows[1]->study, "first");
  EXPECT_EQ(rows[1]->state, "interrupted");
}

TEST_F(StudiesTest, ATunerThatComesOrGoesIsNoticedWithoutAnEvent) {
  store(SampleStudy());
  EXPECT_EQ((*studies.rows())[0]->state, "interrupted");
  running = "s";
  EXPECT_EQ((*studies.rows())[0]->state, "running");
  running = "";
  EXPECT_EQ((*studies.rows())[0]->state, "interrupted");
  std::string tag;
  ASSERT_TRUE(studies.see("s", [&](const Folded& folded) { tag = folded.tag(); }));
  running = "s";
  ASSERT_TRUE(studies.see("s", [&](const Folded& folded) { EXPECT_NE(folded.tag(), tag); }));
}

TEST_F(StudiesTest, AStudyThatCannotBeReadHasItsReasonAndHidesNoOther) {
  auto broken = *watch.store.create("broken");
  ASSERT_TRUE(broken->append(std::vector<trial::Event>{{base::Seconds(1), trial::Created{"nonsense"}}}));
  store(testing::decided_study(), "good");
  const auto rows = *studies.rows();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NE(rows[0]->trouble.find("broken"), std::string::npos) << rows[0]->trouble;
  EXPECT_EQ(rows[1]->trouble, "");
  const auto seen = studies.see("broken", [](const Folded&) { FAIL(); });
  EXPECT_EQ(seen->trouble, rows[0]->trouble);
}

TEST_F(StudiesTest, AStoreThatGoesAwayIsSaidAndReadOnWhenItIsBack) {
  store(testing::decided_study());
  EXPECT_EQ(trials(), 3u);
  const std::size_t read = watch.events_read;
  watch.out_of_reach = "the server is gone";
  EXPECT_EQ(studies.rows().error().message, "the server is gone");
  EXPECT_FALSE(studies.see("s", [](const Folded&) { FAIL(); }));
  watch.out_of_reach = "";
  EXPECT_EQ(trials(), 3u);
  EXPECT_EQ(watch.events_read, read);
  EXPECT_EQ(watch.opened, 1);
}

TEST_F(StudiesTest, AStoreThatFailedIsLeftAloneForAMoment) {
  Studies patient(
      {"", [this] { return testing::WatchedStore::open(watch); }, [](const auto&) { return false; }},
      {std::chrono::milliseconds(0), std::chrono::hours(1), {}, 32});
  watch.out_of_reach = "the server is gone";
  EXPECT_FALSE(patient.rows());
  watch.out_of_reach = "";
  EXPECT_FALSE(patient.rows());
}

TEST_F(StudiesTest, WhatWasJustReadIsNotReadAgain) {
  Studies lazy({"", [this] { return testing::WatchedStore::open(watch); }, [](const auto&) { return false; }},
               {std::chrono::hours(1), std::chrono::milliseconds(0), {}, 32});
  ASSERT_TRUE(lazy.rows());
  ASSERT_TRUE(lazy.rows());
  EXPECT_EQ(watch.looks, 1);
}

TEST_F(StudiesTest, AnotherStoreInItsPlaceIsReadAfresh) {
  store(testing::decided_study());
  EXPECT_EQ(trials(), 3u);
  watch.store = journal::MemoryStore();
  watch.current = false;
  EXPECT_TRUE(studies.rows()->empty());
  watch.current = true;
  EXPECT_EQ(watch.opened, 2);
}

TEST_F(StudiesTest, AStudyThatLostEventsIsReadAfresh) {
  store(testing::decided_study());
  EXPECT_EQ(trials(), 3u);
  watch.store = journal::MemoryStore();
  store(SampleStudy());
  EXPECT_EQ(trials(), 0u);
}

TEST_F(StudiesTest, FewAreHeldAndTheOthersReadWhenTheyAreLookedAt) {
  Studies few({"", [this] { return testing::WatchedStore::open(watch); }, [](const auto&) { return false; }},
              {std::chrono::milliseconds(0), std::chrono::milliseconds(0), {}, 2});
  for (const char* name : {"a", "b", "c", "d"}) store(testing::decided_study(), name);
  EXPECT_EQ(few.rows()->size(), 4u);
  const std::size_t all = watch.events_read;
  for (const char* name : {"c", "d", "c"}) ASSERT_TRUE(few.see(name, [](const Folded&) {})->there);
  EXPECT_EQ(watch.events_read, all);
  ASSERT_TRUE(few.see("a", [](const Folded& folded) { EXPECT_EQ(folded.study.state.trials.size(), 3u); }));
  EXPECT_EQ(watch.events_read, all + all / 4);
}

TEST(StudiesOfAFile, ManyLookWhileATunerWrites) {
  const auto file = std::filesystem::temp_directory_path() / fmt::format("sm2-studies-test-{}.db", getpid());
  auto store = *journal::open_sqlite(file, journal::Access::kWrite);
  auto journal = *store->create("s");
  SampleStudy sample = testing::decided_study();
  sample.events[0].body = trial::Created{study_text()};
  ASSERT_TRUE(journal->append(sample.events));
  Studies studies({"", [&] { return journal::open_sqlite(file, journal::Access::kRead); },
                   [](const auto&) { return true; }},
                  {std::chrono::milliseconds(0), std::chrono::milliseconds(0), {}, 32});
  std::atomic<bool> ends = false;
  const auto look = [&] {
    for (std::size_t most = 0; !ends;) {
      std::size_t trials = 0;
      const auto seen =
          studies.see("s", [&](const Folded& folded) { trials = folded.study.state.trials.size(); });
      EXPECT_TRUE(seen && seen->there && studies.rows());
      EXPECT_GE(trials, most);
      most = std::max(most, trials);
    }
  };
  std::vector<std::thread> threads;
  for (int count = 0; count < 6; ++count) threads.emplace_back(look);
  for (int trial = 3; trial < 53; ++trial) {
    const std::size_t before = sample.events.size();
    sample.train(trial, SampleStudy::configuration(64, 0.1), 0, 1);
    EXPECT_TRUE(journal->append(std::span(sample.events).subspan(before)));
  }
  ends = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(
      studies.see("s", [](const Folded& folded) { EXPECT_EQ(folded.study.state.trials.size(), 53u); }));
  journal.reset();
  store.reset();
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}

TEST(Folded, KnowsWhichTrialsChanged) {
  const SampleStudy sample = testing::decided_study();
  journal::MemoryStore store;
  auto journal = *store.create("s");
  auto events = sample.events;
  events[0].body = trial::Created{study_text()};
  ASSERT_TRUE(journal->append(events));
  Folded folded("s");
  ASSERT_TRUE(folded.read_on(*journal, "the store"));
  EXPECT_EQ(folded.changed_after(0).size(), 3u);
  EXPECT_EQ(folded.changed_after(events.size()).size(), 0u);
  const auto last = folded.changed_after(events.size() - 4);
  ASSERT_EQ(last.size(), 1u)
      << "the winner's last evaluation and its exit, a decision about none, and the end";
  EXPECT_EQ(last[0], (std::pair<std::size_t, trial::TrialId>{events.size() - 2, 0}));
}

}  // namespace
}  // namespace sm2::dashboard
