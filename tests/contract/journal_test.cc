// What every store must keep: the contract in journal/journal.h.
#include "journal/journal.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <memory>

#include "journal/codec.h"
#include "journal/memory.h"
#include "journal/postgres.h"
#include "journal/sqlite.h"
#include "journal/state.h"
#include "testing/postgres_server.h"

namespace sm2::journal {
namespace {

using base::Joules;
using base::Seconds;

// One event of each kind, with everything in it that can be hard to keep.
std::vector<trial::Event> every_event() {
  const space::Configuration configuration = {{"batch_size", std::int64_t{64}},
                                              {"rate", 0.1 + 0.2},
                                              {"name", std::string("ü\n\"'; DROP TABLE events; --")},
                                              {"flag", true}};
  const trial::Energy energy = {{"cpu", "cpu-model", trial::Quality::kModelled, Joules(1.0 / 3), Joules(0.1),
                                 Joules(0.5), Joules(1e-9), "a note"},
                                {"dram", "rapl", trial::Quality::kMeasured, {}, {}, {}, {}, "vanished"}};
  trial::Progress progress;
  progress.loss = 1.9;
  progress.stability = 0.97;
  progress.stable_rates = trial::RateBounds{1e-3, 0.1};
  trial::Evaluation evaluation{
      1.5,
      {{"acc", 0.5}, {"nan", std::nan("")}, {"inf", -std::numeric_limits<double>::infinity()}},
      energy,
      Seconds(2),
      progress};
  const trial::Schedule schedule{trial::Schedule::Kind::kTriangular, 1e-3, 1, 2, 0.5};
  std::vector<trial::EventBody> bodies = {
      trial::Created{"[study]\nname = \"x\"\n"},
      trial::Opened{"0.1.0", "host", 4711, {"cpu-model: ..."}},
      trial::Decided{trial::Train{3, configuration, 1, 2.5, schedule, Seconds(2)}},
      trial::Decided{trial::Train{4, {}, 0, 1, {}, {}}},
      trial::Launched{3, "epoch-1"},
      trial::Launched{4, {}},
      trial::Launched{4, {}, trial::Devices{}},
      trial::Launched{
          4, "epoch-1",
          trial::Devices{{"gpu-0/mig-1", "MIG-a", trial::Vendor::kNvidia, "gpu 0000:01:00.0/mig-1"},
                         {"amdgpu-0", "GPU-0b", trial::Vendor::kAmd, "gpu 0000:c1:00.0"}}},
      trial::Evaluated{3, evaluation},
      trial::Checkpointed{3, "epoch-1", 1},
      trial::Metered{3, energy, Seconds(7.25)},
      trial::Requested{3, trial::Wish::kPause},
      trial::Requested{3, trial::Wish::kResume},
      trial::Requested{4, trial::Wish::kStop},
      trial::Decided{trial::Drop{4, configuration, "a <reason>"}},
      trial::Decided{trial::Finish{3, "best"}},
      trial::Decided{trial::Finish{{}, "none"}},
      trial::Closed{"finished", "best", 3},
      trial::Opened{"0.1.0",
                    "host",
                    4711,
                    {},
                    footprint::Grid{344.5, "Germany 2024, Ember"},
                    footprint::Price{0.1 + 0.2, "EUR"},
                    {{"gpu-0", base::Watts(60)}, {"cpu", base::Watts(1.0 / 3)}}},
  };
  for (const trial::Outcome& outcome : std::initializer_list<trial::Outcome>{
           trial::Completed{}, trial::Paused{}, trial::Stopped{"why"}, trial::Interrupted{},
           trial::Failed{3, "last line"}, trial::Killed{9, "x"}, trial::OutOfMemory{"cuda"},
           trial::TimedOut{"wall", Seconds(3)}, trial::Diverged{"nan"}, trial::Exceeded{"energy", "12 kJ"},
           trial::Withdrawn{}}) {
    bodies.push_back(trial::Exited{3, {outcome, 1.5, 0.5, energy, Seconds(2), progress}, "note"});
  }
  std::vector<trial::Event> events;
  for (std::size_t k = 0; k < bodies.size(); ++k)
    events.push_back({Seconds(1.7e9 + static_cast<double>(k) / 7), bodies[k]});
  return events;
}

// Events compare by their stored form; every_event() and the codec are checked against each other below.
std::vector<std::string> stored(const std::vector<trial::Event>& events) {
  std::vector<std::string> all;
  for (const trial::Event& event : events) {
    all.push_back(fmt::format("{} {} {}", event.time.value, kind(event.body), encode(event.body)));
  }
  return all;
}

struct Backing {
  std::string name;
  std::function<std::unique_ptr<Store>(const std::filesystem::path& folder)> open;
  bool lasts;  // beyond the object
  bool on_server = false;
};

Backing sqlite() {
  return {"sqlite", [](const auto& folder) { return *open_sqlite(folder / "store.db", Access::kWrite); },
          true};
}

// A database for each folder, so for each test.
Backing postgresql() {
  const auto open = [](const std::filesystem::path& folder) {
    const std::filesystem::path known = folder / "url";
    if (!std::filesystem::exists(known))
      std::ofstream(known) << testing::PostgresServer::shared().fresh_database();
    std::string url;
    std::getline(std::ifstream(known), url);
    return *open_postgres(url, Access::kWrite);
  };
  return {"postgresql", open, true, true};
}

class JournalContract : public ::testing::TestWithParam<Backing> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("sm2-journal-test-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
    if (!GetParam().on_server) return;
    if (const std::string& why = testing::PostgresServer::shared().absent(); !why.empty())
      GTEST_SKIP() << "NOT TESTED ON POSTGRESQL: " << why;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<Store> open() const { return GetParam().open(folder_); }

  std::filesystem::path folder_;
};

TEST_P(JournalContract, GivesBackWhatWasAppendedInOrder) {
  auto store = open();
  auto journal = *store->create("a study");
  const auto events = every_event();
  ASSERT_TRUE(journal->append(std::span(events).first(3)));
  ASSERT_TRUE(journal->append({}));
  ASSERT_TRUE(journal->append(std::span(events).subspan(3)));
  EXPECT_EQ(stored(*journal->read()), stored(events));
  if (!GetParam().lasts) return;
  journal.reset();
  store = open();
  EXPECT_EQ(stored(*(*store->open("a study"))->read()), stored(events));
}

TEST_P(JournalContract, IsReadFromAnyEventOn) {
  const auto store = open();
  auto journal = *store->create("a study");
  const auto events = every_event();
  ASSERT_TRUE(journal->append(events));
  for (const std::size_t first : {std::size_t{1}, std::size_t{2}, events.size(), events.size() + 1}) {
    std::vector<trial::Event> seen;
    const auto keep = [&](const trial::Event& event) -> base::Result<> {
      seen.push_back(event);
      return {};
    };
    ASSERT_TRUE(journal->visit_from(first, keep));
    EXPECT_EQ(stored(seen), stored({events.begin() + static_cast<std::ptrdiff_t>(first) - 1, events.end()}));
  }
}

TEST_P(JournalContract, AReaderThatIsFinishedHoldsNothingUp) {
  const auto store = open();
  auto journal = *store->create("a study");
  const auto events = every_event();
  ASSERT_TRUE(journal->append(std::span(events).first(3)));
  const auto enough = [](const trial::Event&) -> base::Result<> { return base::fail("enough"); };
  EXPECT_EQ(journal->visit_from(2, enough).error().message, "enough");
  ASSERT_TRUE(journal->append(std::span(events).subspan(3)));
  EXPECT_EQ(journal->read()->size(), events.size());
}

TEST_P(JournalContract, TellsHowLongEachStudyIs) {
  const auto store = open();
  EXPECT_TRUE(store->lengths()->empty());
  auto second = *store->create("second");
  ASSERT_TRUE(store->create("first"));
  const auto events = every_event();
  ASSERT_TRUE(second->append(std::span(events).first(3)));
  EXPECT_EQ(*store->lengths(), (std::vector<Length>{{"second", 3}, {"first", 0}}));
  EXPECT_TRUE(store->current());
}

TEST_P(JournalContract, StudiesAreApartAndListedInOrder) {
  const auto store = open();
  EXPECT_TRUE(store->studies()->empty());
  auto second = *store->create("second");
  auto first = *store->create("first");
  const auto events = every_event();
  ASSERT_TRUE(second->append(events));
  EXPECT_TRUE(first->read()->empty());
  EXPECT_EQ(*store->studies(), (std::vector<std::string>{"second", "first"}));
}

TEST_P(JournalContract, NamesAreTakenOnceAndUnknownOnesRefused) {
  const auto store = open();
  ASSERT_TRUE(store->create("x'; DROP TABLE studies; --"));
  EXPECT_FALSE(store->create("x'; DROP TABLE studies; --"));
  EXPECT_FALSE(store->open("y"));
  EXPECT_TRUE(store->open("x'; DROP TABLE studies; --"));
}

INSTANTIATE_TEST_SUITE_P(
    EveryStore, JournalContract,
    ::testing::Values(Backing{"memory", [](const auto&) { return std::make_unique<MemoryStore>(); }, false},
                      sqlite(), postgresql()),
    [](const auto& tested) { return tested.param.name; });

// What lasts may be written to by another process.
class LastingJournal : public JournalContract {};

TEST_P(LastingJournal, ASecondWriterOfOneStudyIsToldNotMixedIn) {
  const auto store = open();
  auto mine = *store->create("x");
  auto theirs = *open()->open("x");
  const auto events = every_event();
  ASSERT_TRUE(mine->append(std::span(events).first(1)));
  EXPECT_FALSE(theirs->append(std::span(events).first(1)));
  EXPECT_EQ(mine->read()->size(), 1u);
}

TEST_P(LastingJournal, AnyTextIsGivenBackAsItWas) {
  std::string all;
  for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
  const std::vector<std::string> texts = {all,
                                          "{}",
                                          "{\"a\",NULL}",
                                          "NULL",
                                          "\\",
                                          "\\\"",
                                          "\"",
                                          "$1",
                                          "'; DROP TABLE sm2.events; --",
                                          "ünïcödé \U0001F600",
                                          std::string("a\0b", 3),
                                          std::string(2'000'000, 'x'),
                                          ""};
  const auto store = open();
  auto journal = *store->create("x");
  std::vector<trial::Event> events;
  for (const std::string& text : texts) events.push_back({Seconds(1), trial::Created{text}});
  ASSERT_TRUE(journal->append(events));
  EXPECT_EQ(stored(*journal->read()), stored(events));
}

TEST_P(LastingJournal, ALongStudyIsReadWhole) {
  const auto store = open();
  auto journal = *store->create("x");
  std::vector<trial::Event> events;
  for (int k = 0; k < 10'000; ++k) events.push_back({Seconds(k / 3.0), trial::Launched{k, {}}});
  ASSERT_TRUE(journal->append(events));
  EXPECT_EQ(stored(*journal->read()), stored(events));
}

INSTANTIATE_TEST_SUITE_P(EveryLastingStore, LastingJournal, ::testing::Values(sqlite(), postgresql()),
                         [](const auto& tested) { return tested.param.name; });

class Sqlite : public JournalContract {};

TEST_P(Sqlite, TheFileIsItsOwners) {
  open();
  EXPECT_EQ(std::filesystem::status(folder_ / "store.db").permissions() & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_P(Sqlite, RefusesWhatIsNoStore) {
  EXPECT_FALSE(open_sqlite(folder_ / "missing.db", Access::kRead));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "missing.db"));
  std::ofstream(folder_ / "text.db")
      << "this is no database, and long enough to be looked at as one by SQLite, which reads "
         "a header of a hundred bytes";
  EXPECT_FALSE(open_sqlite(folder_ / "text.db", Access::kWrite));
  EXPECT_FALSE(open_sqlite(folder_ / "no" / "folder.db", Access::kWrite));
}

TEST_P(Sqlite, IsNotCurrentWhenItsFileIsGoneOrAnother) {
  open();
  const auto reader = *open_sqlite(folder_ / "store.db", Access::kRead);
  EXPECT_TRUE(reader->current());
  std::filesystem::remove(folder_ / "store.db");
  EXPECT_FALSE(reader->current());
  open();
  EXPECT_FALSE(reader->current());
  EXPECT_TRUE((*open_sqlite(folder_ / "store.db", Access::kRead))->current());
}

INSTANTIATE_TEST_SUITE_P(Store, Sqlite, ::testing::Values(sqlite()));

TEST(Codec, EveryEventSurvivesItsStoredForm) {
  for (const trial::Event& event : every_event()) {
    const auto body = decode(kind(event.body), encode(event.body));
    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(encode(*body), encode(event.body));
    EXPECT_EQ(body->index(), event.body.index());
  }
  const auto all = every_event();
  const auto evaluated = std::ranges::find_if(
      all, [](const trial::Event& event) { return std::holds_alternative<trial::Evaluated>(event.body); });
  const auto body = decode("evaluated", encode(evaluated->body)).value();
  const auto& evaluation = std::get<trial::Evaluated>(body).evaluation;
  EXPECT_TRUE(std::isnan(evaluation.metrics.at("nan")));
  EXPECT_EQ(evaluation.metrics.at("inf"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(evaluation.energy[0].joules, Joules(1.0 / 3));
  EXPECT_EQ(evaluation.energy[1].joules, std::nullopt);
}

TEST(Codec, ASessionOfAnOlderVersionHadNoGridAndNoPrice) {
  const auto body =
      decode("opened", R"({"version":"0.1.0","host":"h","process":1,"sources":["cpu-model: x"]})");
  ASSERT_TRUE(body) << body.error().message;
  const auto& opened = std::get<trial::Opened>(*body);
  EXPECT_FALSE(opened.grid);
  EXPECT_FALSE(opened.price);
  EXPECT_TRUE(opened.idle.empty());
}

TEST(Codec, TheRatesOfASessionSurviveTheirStoredForm) {
  for (const trial::Event& event : every_event()) {
    const auto* opened = std::get_if<trial::Opened>(&event.body);
    if (!opened) continue;
    const auto again = std::get<trial::Opened>(*decode("opened", encode(event.body)));
    EXPECT_EQ(again.grid, opened->grid);
    EXPECT_EQ(again.price, opened->price);
    EXPECT_EQ(again.idle, opened->idle);
  }
  EXPECT_FALSE(
      decode("opened", R"({"version":"","host":"","process":1,"sources":[],"grid":{"origin":"x"}})"));
  EXPECT_FALSE(decode("opened", R"({"version":"","host":"","process":1,"sources":[],"price":3})"));
}

TEST(Codec, DamagedEventsAreErrorsNotCrashes) {
  for (const char* text : {"", "{", "[]", "null", "{\"trial\": \"x\"}", "{\"trial\": 1}"}) {
    for (const char* named : {"created", "decided", "evaluated", "exited", "closed", "sung"})
      EXPECT_FALSE(decode(named, text));
  }
}

}  // namespace
}  // namespace sm2::journal
