// What a server and the network can do to a store while it is open.
#include "journal/postgres.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <thread>

#include "base/random.h"
#include "journal/postgres_claim.h"
#include "journal/postgres_schema.h"
#include "journal/postgres_session.h"
#include "journal/stores.h"
#include "testing/lossy_link.h"
#include "testing/postgres_server.h"

namespace sm2::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LossyLink;
using ::testing::Not;
using testing::PostgresServer;

class PostgresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string& why = server().absent(); !why.empty())
      GTEST_SKIP() << "NOT TESTED ON POSTGRESQL: " << why;
    url_ = server().fresh_database();
    store_ = opened(url_);
    ASSERT_TRUE(store_->claim("x"));
    journal_ = store_->create("x").value();
    ASSERT_TRUE(append());
  }

  static PostgresServer& server() { return PostgresServer::shared(); }
  static std::unique_ptr<Store> opened(const std::string& url, Access access = Access::kWrite) {
    auto store = open_postgres(url, access);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(store).value();
  }
  std::string sql(const std::string& statement) const { return server().sql(url_, statement); }

  // The next trials, one an event.
  base::Result<> append(int count = 1) {
    std::vector<trial::Event> batch;
    for (int k = 0; k < count; ++k)
      batch.push_back({base::Seconds(1.7e9 + (next_ + k) / 7.0), trial::Launched{next_ + k, {}}});
    auto appended = journal_->append(batch);
    if (appended) next_ += count;
    return appended;
  }
  // As a study does: the same batch until it is taken.
  void insist(int count = 1) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (auto appended = append(count); !appended; appended = append(count)) {
      ASSERT_TRUE(journal_->transient()) << appended.error().message;
      ASSERT_LT(std::chrono::steady_clock::now(), until) << appended.error().message;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void fails_for_now(const std::string& says) {
    const auto refused = append();
    ASSERT_FALSE(refused);
    EXPECT_TRUE(journal_->transient()) << refused.error().message;
    EXPECT_THAT(refused.error().message, HasSubstr(says));
  }
  void fails_for_good(const std::string& says) {
    auto refused = append();
    if (!refused && journal_->transient()) refused = append();  // it knew of its connection first
    ASSERT_FALSE(refused);
    EXPECT_FALSE(journal_->transient()) << refused.error().message;
    EXPECT_THAT(refused.error().message, HasSubstr(says));
  }
  // Every trial is there, once and in order.
  void expect_whole() {
    std::vector<int> found;
    const auto events = opened(url_, Access::kRead)->open("x").value()->read().value();
    for (const trial::Event& event : events)
      found.push_back(static_cast<int>(std::get<trial::Launched>(event.body).trial));
    std::vector<int> wanted(static_cast<std::size_t>(next_));
    std::iota(wanted.begin(), wanted.end(), 0);
    EXPECT_EQ(found, wanted);
  }
  void end_sessions() const {
    sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'sm2 %'");
  }
  // Goes on over a network that can fail.
  std::unique_ptr<LossyLink> behind_a_link() {
    const std::string direct = server().by_tcp(url_);
    const auto colon = direct.rfind(':'), slash = direct.rfind('/');
    auto link = std::make_unique<LossyLink>(std::stoi(direct.substr(colon + 1, slash - colon - 1)));
    journal_.reset();
    store_.reset();
    store_ = opened(fmt::format("{}:{}{}", direct.substr(0, colon), link->port(), direct.substr(slash)));
    EXPECT_TRUE(store_->claim("x"));
    journal_ = store_->open("x").value();
    return link;
  }

  std::string url_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Journal> journal_;
  int next_ = 0;
};

TEST_F(PostgresTest, ASessionThatIsEndedPasses) {
  end_sessions();
  fails_for_now("it is out of reach");
  insist();
  expect_whole();
}

TEST_F(PostgresTest, ARestartOfTheServerPassesHoweverItComes) {
  for (const char* mode : {"fast", "immediate"}) {
    server().restart(mode);
    fails_for_now("it is out of reach");
    insist(3);
  }
  expect_whole();
}

TEST_F(PostgresTest, WhileTheServerIsGoneTheMessageStaysTheSame) {
  server().stop("fast");
  const auto first = append();
  ASSERT_FALSE(first);
  for (int tries = 0; tries < 3; ++tries) fails_for_now(first.error().message);
  server().start();
  insist();
  expect_whole();
}

TEST_F(PostgresTest, ABatchWhoseCommitWasNotHeardOfIsStoredOnce) {
  const auto link = behind_a_link();
  insist(2);
  link->fail(LossyLink::Fault::kCutAtAnswer);
  fails_for_now("it is out of reach");
  EXPECT_EQ(opened(url_)->open("x").value()->read()->size(), 4u) << "it got in, unheard of";
  insist();
  insist();
  expect_whole();
}

TEST_F(PostgresTest, ABatchThatNeverCameToTheServerIsStoredOnce) {
  const auto link = behind_a_link();
  insist(2);
  link->fail(LossyLink::Fault::kCutAtRequest);
  fails_for_now("it is out of reach");
  EXPECT_EQ(opened(url_)->open("x").value()->read()->size(), 3u);
  insist();
  expect_whole();
}

TEST_F(PostgresTest, CutsAtAnyMomentLoseAndDoubleNothing) {
  const auto link = behind_a_link();
  base::Random random(1);
  for (int round = 0; round < 300; ++round) {
    const bool answer = random.uniform() < 0.5;
    if (random.uniform() < 0.7)
      link->fail(answer ? LossyLink::Fault::kCutAtAnswer : LossyLink::Fault::kCutAtRequest);
    insist(1 + static_cast<int>(random.uniform() * 3));
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
  link->fail(LossyLink::Fault::kNone);
  expect_whole();
}

TEST_F(PostgresTest, CrashesOfTheServerAtAnyMomentLoseAndDoubleNothing) {
  std::jthread crashes([] {
    for (int k = 0; k < 5; ++k) {
      std::this_thread::sleep_for(std::chrono::milliseconds(150 + 37 * k));
      server().restart("immediate");
    }
  });
  for (int round = 0; round < 1500; ++round) {
    insist(1 + round % 3);
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
  crashes.join();
  expect_whole();
}

// The server has not noticed: the session that is cut off still holds the study, and is ended.
TEST_F(PostgresTest, ANetworkThatFallsSilentIsNoticedAndTheStudyTakenAgain) {
  const auto link = behind_a_link();
  link->fail(LossyLink::Fault::kSilence);
  const auto begun = std::chrono::steady_clock::now();
  fails_for_now("has not answered");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(7));
  insist();
  expect_whole();
}

TEST_F(PostgresTest, ALockOfAnotherSessionPasses) {
  auto other = PostgresConnection::open(PostgresUrl::parse(url_).value(), "another", false).value();
  ASSERT_TRUE(other.run("BEGIN"));
  ASSERT_TRUE(other.run("LOCK TABLE sm2.events"));
  fails_for_now("another session has locked it");
  ASSERT_TRUE(other.run("ROLLBACK"));
  insist();
  expect_whole();
}

TEST_F(PostgresTest, ADatabaseThatCannotBeWrittenForAWhilePasses) {
  const std::string alter = "ALTER DATABASE " + PostgresUrl::parse(url_)->database;
  sql(alter + " SET default_transaction_read_only = on");
  end_sessions();
  fails_for_now("it is out of reach");
  fails_for_now("it cannot be written");
  server().sql("/sm2_0", alter + " RESET default_transaction_read_only");
  end_sessions();
  insist();
  expect_whole();
}

TEST_F(PostgresTest, TablesOrADatabaseThatAreGoneEndTheStudy) {
  sql("DROP SCHEMA sm2 CASCADE");
  fails_for_good("its tables are gone");
  server().sql("/sm2_0", "DROP DATABASE " + PostgresUrl::parse(url_)->database + " WITH (FORCE)");
  fails_for_good("there is no such database");
}

TEST_F(PostgresTest, EventsThatAreGoneEndTheStudy) {
  ASSERT_TRUE(append(3));
  sql("DELETE FROM sm2.events WHERE seq > 2");
  end_sessions();
  fails_for_good("events that it had taken are gone");
}

TEST_F(PostgresTest, TheSecondTunerIsToldWhoTheFirstIs) {
  const auto refused = opened(url_)->claim("x");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("another sm2 tune works on this study already (process " +
                                                 std::to_string(getpid()) + " on "));
  EXPECT_TRUE(opened(url_)->claim("y"));
  const auto reader = opened(url_, Access::kRead);
  EXPECT_TRUE(reader->claimed("x"));
  EXPECT_FALSE(reader->claimed("y"));
  journal_.reset();
  store_.reset();
  EXPECT_TRUE(opened(url_)->claim("x")) << "it is free at once";
}

TEST_F(PostgresTest, AStudyThatIsAnotherTunersMeanwhileIsLeftToIt) {
  end_sessions();
  const auto other = opened(url_);
  ASSERT_TRUE(other->claim("x"));
  fails_for_good("another sm2 tune works on this study already");
  EXPECT_EQ(other->open("x").value()->read()->size(), 1u);
}

TEST_F(PostgresTest, AStudyThatAnotherTunerWentOnWithIsLeftAsItIs) {
  end_sessions();
  {
    const auto other = opened(url_);
    ASSERT_TRUE(other->claim("x"));
    const trial::Event event{base::Seconds(2e9), trial::Launched{0, {}}};
    ASSERT_TRUE(other->open("x").value()->append({&event, 1}));
  }
  fails_for_good("another sm2 tune has gone on with this study");
  EXPECT_EQ(opened(url_)->open("x").value()->read()->size(), 2u);
}

TEST_F(PostgresTest, EveryCommitIsOnDiskWhateverTheServersSettingIs) {
  const std::string database = PostgresUrl::parse(url_)->database;
  for (const char* setting : {"off", "local", "remote_apply"}) {
    sql("ALTER DATABASE " + database + " SET synchronous_commit = " + setting);
    const auto session = PostgresSession::open(PostgresUrl::parse(url_).value(), Access::kWrite).value();
    const std::string wanted = std::string(setting) == "remote_apply" ? setting : "on";
    EXPECT_EQ(session->ask("SHOW synchronous_commit")->text(0, 0), wanted);
  }
}

TEST_F(PostgresTest, ReadingChangesNothing) {
  const std::string empty = server().fresh_database();
  const auto refused = open_postgres(empty, Access::kRead);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("there is no store of sm2 in this database"));
  EXPECT_EQ(server().sql(empty, "SELECT count(*) FROM pg_namespace WHERE nspname = 'sm2'"), "0");
  EXPECT_FALSE(opened(url_, Access::kRead)->create("y"));
  EXPECT_THAT(*opened(url_)->studies(), ElementsAre("x"));
}

TEST_F(PostgresTest, ManyTunersMayMakeOneStore) {
  const std::string fresh = server().fresh_database();
  std::vector<std::jthread> tuners;
  for (int k = 0; k < 10; ++k)
    tuners.emplace_back([&, k] { EXPECT_TRUE(opened(fresh)->create(std::to_string(k))); });
  tuners.clear();
  EXPECT_EQ(opened(fresh)->studies()->size(), 10u);
}

TEST_F(PostgresTest, ADatabaseOfAnotherEncodingIsRefused) {
  server().sql(url_, "CREATE DATABASE sm2_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0 OWNER sm2");
  std::string latin = url_;
  latin.replace(latin.find("/sm2_"), latin.find('?') - latin.find("/sm2_"), "/sm2_latin");
  const auto refused = open_postgres(latin, Access::kWrite);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("has the encoding LATIN1"));
}

TEST_F(PostgresTest, AServerThatMayLoseWhatItHasConfirmedIsNamed) {
  EXPECT_TRUE(damage_of_postgres(url_)->empty());
  sql("ALTER SYSTEM SET fsync = off");
  sql("SELECT pg_reload_conf()");
  sql("SELECT pg_sleep(0.2)");
  EXPECT_THAT(*damage_of_postgres(url_), ElementsAre("fsync is off on its server"));
  sql("ALTER SYSTEM RESET fsync");
  sql("SELECT pg_reload_conf()");
}

TEST_F(PostgresTest, ABackupIsAnSqliteFileWithEveryStudy) {
  ASSERT_TRUE(append(5));
  ASSERT_TRUE(store_->create("empty"));
  const auto folder = TemporaryFolder::make().value();
  const std::filesystem::path copy = folder.path() / "copy.db";
  ASSERT_TRUE(back_up_store(url_, copy));
  const auto store = open_store(copy.string()).value();
  EXPECT_THAT(*store->studies(), ElementsAre("x", "empty"));
  EXPECT_EQ(store->open("x").value()->read()->size(), 6u);
  EXPECT_FALSE(back_up_store(url_, copy)) << "it is not overwritten";
}

PostgresResult<> add_column(PostgresConnection& connection) {
  const auto done = connection.run("ALTER TABLE sm2.events ADD COLUMN origin text");
  return done ? PostgresResult<>() : tl::unexpected(done.error());
}
PostgresResult<> rename_column(PostgresConnection& connection) {
  const auto done = connection.run("ALTER TABLE sm2.events RENAME COLUMN origin TO source");
  return done ? PostgresResult<>() : tl::unexpected(done.error());
}
PostgresResult<> fails_half_way(PostgresConnection& connection) {
  if (const auto done = connection.run("DELETE FROM sm2.events"); !done) return tl::unexpected(done.error());
  const auto done = connection.run("ALTER TABLE sm2.nothing ADD COLUMN origin text");
  return done ? PostgresResult<>() : tl::unexpected(done.error());
}

constexpr std::array<PostgresStep, 2> kSteps = {add_column, rename_column};
constexpr std::array<PostgresStep, 2> kBrokenSteps = {add_column, fails_half_way};
const PostgresSchema kThird{3, kSteps}, kBroken{3, kBrokenSteps};

class PostgresMigrationTest : public PostgresTest {
 protected:
  PostgresResult<> migrate(const PostgresSchema& schema) {
    auto connection = PostgresConnection::open(PostgresUrl::parse(url_).value(), "another", false).value();
    return prepare_to_write(connection, "the store", schema);
  }
  std::string version() const { return sql("SELECT version FROM sm2.store"); }
};

TEST_F(PostgresMigrationTest, LeadsThroughEveryVersion) {
  ASSERT_TRUE(migrate(kThird));
  EXPECT_EQ(version(), "3");
  EXPECT_EQ(sql("SELECT count(*) FROM sm2.events WHERE source IS NULL"), "1");
  EXPECT_TRUE(migrate(kThird)) << "what is of the wanted version is left alone";
}

TEST_F(PostgresMigrationTest, AStepThatFailsLeavesTheVersionBefore) {
  const auto failed = migrate(kBroken);
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("cannot be brought from version 2 to 3"));
  EXPECT_EQ(version(), "2");
  EXPECT_EQ(sql("SELECT count(*) FROM sm2.events"), "1");
  EXPECT_TRUE(migrate(kThird)) << "and can be gone on with";
}

TEST_F(PostgresMigrationTest, ANewerVersionIsRefusedByName) {
  ASSERT_TRUE(migrate(kThird));
  for (const Access access : {Access::kRead, Access::kWrite}) {
    const auto refused = open_postgres(url_, access);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("schema 3, this one knows 1"));
  }
}

TEST_F(PostgresMigrationTest, AnEarlierVersionIsReadOnlyAfterATunerOpenedIt) {
  auto connection = PostgresConnection::open(PostgresUrl::parse(url_).value(), "another", true).value();
  const auto refused = prepare_to_read(connection, "the store", kThird);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("sm2 tune brings it to this one"));
}

TEST_F(PostgresMigrationTest, ATunerOfTheVersionBeforeWritesNoMore) {
  ASSERT_TRUE(migrate({2, kSteps}));
  fails_for_good("another sm2 has brought it to its own version");
  EXPECT_EQ(sql("SELECT count(*) FROM sm2.events"), "1");
}

TEST(PostgresClaim, AHolderIsSaidToPeople) {
  EXPECT_EQ(readable("sm2 4711 0123abcd a-host"), "process 4711 on a-host");
  EXPECT_EQ(readable("psql"), "psql");
  EXPECT_EQ(readable(""), "a session without a name");
  EXPECT_THAT(readable(claimant()), HasSubstr(fmt::format("process {} on ", getpid())));
  EXPECT_THAT(claimant(), Not(claimant()));
}

}  // namespace
}  // namespace sm2::journal
