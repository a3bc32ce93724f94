// What every mailbox must keep (journal/mailbox.h).
#include "journal/mailbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

#include "base/random.h"
#include "journal/stores.h"
#include "testing/fake_mailbox.h"
#include "testing/postgres_server.h"

namespace sm2::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::PostgresServer;

class Office {
 public:
  virtual ~Office() = default;
  virtual std::unique_ptr<Mailbox> join(Role role, std::string about = "") = 0;
  virtual std::string absent() { return ""; }
};

class FakeOffice final : public Office {
 public:
  std::unique_ptr<Mailbox> join(Role role, std::string about) override {
    return office_.join(role, std::move(about));
  }

 private:
  testing::PostOffice office_;
};

class PostgresOffice final : public Office {
 public:
  PostgresOffice() {
    if (!absent().empty()) return;
    url_ = PostgresServer::shared().fresh_database();
    EXPECT_TRUE(open_store(url_, Access::kWrite).value()->create("x"));
  }
  std::unique_ptr<Mailbox> join(Role role, std::string about) override {
    auto mailbox = open_store(url_, Access::kWrite).value()->join("x", role, std::move(about));
    EXPECT_TRUE(mailbox) << mailbox.error().message;
    return *std::move(mailbox);
  }
  std::string absent() override { return PostgresServer::shared().absent(); }

 private:
  std::string url_;
};

class MailboxTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (std::string(GetParam()) == "postgres") {
      office_ = std::make_unique<PostgresOffice>();
    } else {
      office_ = std::make_unique<FakeOffice>();
    }
    if (!office_->absent().empty()) GTEST_SKIP() << "NOT TESTED ON POSTGRESQL: " << office_->absent();
    tuner_ = office_->join(Role::kTuner, "decides");
    worker_ = office_->join(Role::kWorker, "trains");
  }

  static std::vector<std::string> texts(Mailbox& mailbox) {
    const auto mails = mailbox.exchange();
    EXPECT_TRUE(mails) << mails.error().message;
    std::vector<std::string> texts;
    for (const Mail& mail : *mails) texts.push_back(mail.text);
    return texts;
  }
  static void sent(Mailbox& from, const Mailbox& to, const std::string& text) {
    from.send(to.self(), text);
    ASSERT_TRUE(from.exchange());
  }

  std::unique_ptr<Office> office_;
  std::unique_ptr<Mailbox> tuner_, worker_;
};

TEST_P(MailboxTest, MessagesComeOnceAndInOrder) {
  for (const char* text : {"one", "two"}) worker_->send(tuner_->self(), text);
  ASSERT_TRUE(worker_->exchange());
  sent(*worker_, *tuner_, "three");
  const auto mails = tuner_->exchange().value();
  EXPECT_THAT(mails, ElementsAre(Mail{worker_->self(), "one"}, Mail{worker_->self(), "two"},
                                 Mail{worker_->self(), "three"}));
  EXPECT_THAT(texts(*tuner_), IsEmpty());
  EXPECT_THAT(texts(*worker_), IsEmpty());
}

TEST_P(MailboxTest, AnyTextIsPassedOnAsItIs) {
  const std::vector<std::string> all = {"", "\"quoted\" \\ {braces}, NULL",
                                        "äöü \n\t %s $1 '); DROP TABLE sm2.mail;", std::string(100'000, 'x')};
  for (const std::string& text : all) sent(*tuner_, *worker_, text);
  EXPECT_EQ(texts(*worker_), all);
}

TEST_P(MailboxTest, EachGetsItsOwn) {
  const auto other = office_->join(Role::kWorker);
  sent(*tuner_, *other, "for the other");
  sent(*tuner_, *worker_, "for the first");
  EXPECT_THAT(texts(*worker_), ElementsAre("for the first"));
  EXPECT_THAT(texts(*other), ElementsAre("for the other"));
}

TEST_P(MailboxTest, MembersSeeWhoIsThere) {
  EXPECT_THAT(worker_->present().value(), ElementsAre(Member{tuner_->self(), Role::kTuner, "decides"}));
  EXPECT_THAT(tuner_->present().value(), ElementsAre(Member{worker_->self(), Role::kWorker, "trains"}));
  worker_.reset();
  for (int tries = 0; tries < 100 && !tuner_->present().value().empty(); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_THAT(tuner_->present().value(), IsEmpty());
}

TEST_P(MailboxTest, WhoComesLaterIsSomebodyElseAndGetsNoOldMail) {
  const MemberId first = worker_->self();
  sent(*tuner_, *worker_, "too late");
  worker_ = office_->join(Role::kWorker, "again");
  EXPECT_NE(worker_->self(), first);
  EXPECT_THAT(texts(*worker_), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, MailboxTest, ::testing::Values("fake", "postgres"),
                         [](const auto& info) { return std::string(info.param); });

class PostgresMailboxTest : public MailboxTest {
 protected:
  // What is sent arrives, whatever the server goes through.
  static void exchange_until_it_works(Mailbox& mailbox, std::vector<std::string>& heard) {
    for (int tries = 0; tries < 1000; ++tries) {
      if (const auto mails = mailbox.exchange()) {
        for (const Mail& mail : *mails) heard.push_back(mail.text);
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL() << "the server does not come back";
  }
};

TEST_P(PostgresMailboxTest, TheDescriptorTellsOfMailWithoutAsking) {
  ASSERT_TRUE(worker_->exchange());
  pollfd watched{worker_->descriptor(), POLLIN, 0};
  EXPECT_EQ(poll(&watched, 1, 0), 0);
  sent(*tuner_, *worker_, "hello");
  EXPECT_EQ(poll(&watched, 1, 5'000), 1);
  EXPECT_THAT(texts(*worker_), ElementsAre("hello"));
  EXPECT_EQ(poll(&watched, 1, 0), 0);
}

TEST_P(PostgresMailboxTest, CrashesOfTheServerLoseAndDoubleNothing) {
  std::vector<std::string> expected, heard, ignored;
  base::Random random(1);
  for (int round = 0; round < 6; ++round) {
    for (int k = 0; k < 20; ++k) {
      expected.push_back(std::to_string(expected.size()));
      worker_->send(tuner_->self(), expected.back());
      if (random.uniform() < 0.5) exchange_until_it_works(*worker_, ignored);
      if (random.uniform() < 0.3) exchange_until_it_works(*tuner_, heard);
      if (k == 10) PostgresServer::shared().restart("immediate");
    }
  }
  exchange_until_it_works(*worker_, ignored);
  exchange_until_it_works(*tuner_, heard);
  EXPECT_EQ(heard, expected);
  EXPECT_THAT(tuner_->present().value(), ElementsAre(Member{worker_->self(), Role::kWorker, "trains"}));
}

TEST_P(PostgresMailboxTest, WhatWasSentBeforeARestartIsThereAlsoWhenSomebodyElseIsBackFirst) {
  sent(*worker_, *tuner_, "not yet read");
  PostgresServer::shared().restart("immediate");
  const auto first = office_->join(Role::kWorker);
  std::vector<std::string> heard;
  exchange_until_it_works(*tuner_, heard);
  EXPECT_THAT(heard, ElementsAre("not yet read"));
}

INSTANTIATE_TEST_SUITE_P(Postgres, PostgresMailboxTest, ::testing::Values("postgres"));

}  // namespace
}  // namespace sm2::journal
