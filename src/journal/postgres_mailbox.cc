#include "journal/postgres_mailbox.h"

#include <map>
#include <utility>

#include "journal/postgres_session.h"
#include "journal/postgres_tables.h"

namespace sm2::journal {
namespace {

constexpr const char* kTables[] = {
    "CREATE TABLE IF NOT EXISTS sm2.members (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
    "study bigint NOT NULL REFERENCES sm2.studies (id), tuner boolean NOT NULL, about text NOT NULL)",
    "CREATE TABLE IF NOT EXISTS sm2.mail (recipient bigint NOT NULL, sender bigint NOT NULL, seq bigint NOT "
    "NULL, "
    "text text NOT NULL, sent timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (recipient, sender, seq))",
};
constexpr const char* kThere =
    "SELECT count(*) = 2 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace "
    "WHERE nspname = 'sm2' AND relname IN ('members', 'mail')";
constexpr const char* kJoin =
    "INSERT INTO sm2.members (study, tuner, about) VALUES ($1, $2, $3) RETURNING id";

// Of those whose session holds the lock that is named after them (postgres_claim.h).
constexpr const char* kPresent = R"(
  SELECT member.id, member.tuner, member.about
  FROM sm2.members AS member JOIN pg_locks AS lock
    ON (lock.classid::bigint << 32) | lock.objid::bigint = hashtextextended('member/' || member.id, 1936535041)
  WHERE member.study = $1 AND member.id <> $2 AND lock.locktype = 'advisory' AND lock.granted AND lock.objsubid = 1
    AND lock.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ORDER BY member.id)";
// What nobody has fetched for long. A member that the server does not know for the moment, as after its restart, still will.
constexpr const char* kForget = "DELETE FROM sm2.mail WHERE sent < now() - interval '1 day'";

// $1: who; $2 to $4: what is sent, to whom and with which number; $5 and $6: up to which number of each sender all was read.
constexpr const char* kExchange = R"(
  WITH
    sent AS (
      INSERT INTO sm2.mail (recipient, sender, seq, text)
      SELECT recipient, $1::bigint, seq, text
      FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS batch (recipient, seq, text)
      ON CONFLICT DO NOTHING
      RETURNING pg_notify('sm2_mail_' || recipient, '')),
    read AS (SELECT * FROM unnest($5::bigint[], $6::bigint[]) AS last (sender, seq)),
    gone AS (
      DELETE FROM sm2.mail USING read
      WHERE mail.recipient = $1::bigint AND mail.sender = read.sender AND mail.seq <= read.seq)
  SELECT sender, seq, text FROM sm2.mail
  WHERE recipient = $1::bigint AND NOT EXISTS (
    SELECT FROM read WHERE read.sender = mail.sender AND mail.seq <= read.seq)
  ORDER BY sender, seq)";

class PostgresMailbox final : public Mailbox {
 public:
  static PostgresResult<std::unique_ptr<Mailbox>> join(std::shared_ptr<PostgresSession> session,
                                                       std::string_view study, Role role, std::string about) {
    const auto found = session->ask("SELECT id FROM sm2.studies WHERE name = $1", {std::string(study)});
    if (!found) return tl::unexpected(found.error());
    if (found->size() == 0) return refuse("there is no study '{}' in {}", study, session->name());
    if (auto made = make_tables(*session, kThere, kTables); !made) return tl::unexpected(made.error());
    const std::string id = found->text(0, 0);
    const auto joined = session->run(kJoin, {id, role == Role::kTuner ? "true" : "false", std::move(about)});
    if (!joined) return tl::unexpected(joined.error());
    const std::string self = joined->text(0, 0);
    if (auto claimed = session->claim("member/" + self); !claimed) return tl::unexpected(claimed.error());
    if (const auto tidied = session->run(kForget); !tidied) return tl::unexpected(tidied.error());
    std::unique_ptr<PostgresMailbox> mailbox(new PostgresMailbox(std::move(session), id, self));
    if (auto heard = mailbox->listen(); !heard) return tl::unexpected(heard.error());
    return mailbox;
  }

  MemberId self() const override { return std::stoll(self_); }

  void send(MemberId to, std::string text) override {
    recipients_.push_back(std::to_string(to));
    numbers_.push_back(std::to_string(++sent_));
    texts_.push_back(std::move(text));
  }

  base::Result<std::vector<Mail>> exchange() override {
    std::vector<Mail> mails;
    do {
      if (auto heard = listen(); !heard) return failed(heard.error());
      if (auto read = exchange_once(mails); !read) return failed(read.error());
    } while (session_->notified());
    return mails;
  }

  base::Result<std::vector<Member>> present() override {
    const auto rows = session_->ask(kPresent, {study_, self_});
    if (!rows) return failed(rows.error());
    std::vector<Member> members;
    for (int row = 0; row < rows->size(); ++row) {
      const Role role = rows->truth(row, 1) ? Role::kTuner : Role::kWorker;
      members.push_back({rows->integer(row, 0), role, rows->text(row, 2)});
    }
    return members;
  }

  int descriptor() const override { return session_->descriptor(); }
  std::optional<base::Error> lasting() const override { return lasting_; }

 private:
  tl::unexpected<base::Error> failed(const PostgresError& error) {
    if (!error.transient) lasting_ = base::Error{error.message};
    return plain(error);
  }

  PostgresMailbox(std::shared_ptr<PostgresSession> session, std::string study, std::string self)
      : session_(std::move(session)), study_(std::move(study)), self_(std::move(self)) {}

  // Once on each connection.
  PostgresResult<> listen() {
    if (auto connected = session_->connect(); !connected) return connected;
    if (listening_ == session_->connections()) return {};
    if (const auto done = session_->run("LISTEN sm2_mail_" + self_); !done)
      return tl::unexpected(done.error());
    listening_ = session_->connections();
    return {};
  }

  // Where it is not known whether it was done it can be done again.
  PostgresResult<> exchange_once(std::vector<Mail>& mails) {
    std::vector<std::string> senders, last;
    for (const auto& [sender, number] : read_) {
      senders.push_back(std::to_string(sender));
      last.push_back(std::to_string(number));
    }
    const auto rows = session_->run(kExchange, {self_, array_of(recipients_), array_of(numbers_),
                                                array_of(texts_), array_of(senders), array_of(last)});
    if (!rows) return tl::unexpected(rows.error());
    recipients_.clear();
    numbers_.clear();
    texts_.clear();
    for (int row = 0; row < rows->size(); ++row) {
      read_[rows->integer(row, 0)] = rows->integer(row, 1);
      mails.push_back({rows->integer(row, 0), rows->text(row, 2)});
    }
    return {};
  }

  std::shared_ptr<PostgresSession> session_;
  std::string study_, self_;                               // their ids
  int listening_ = 0;                                      // the connection on which it does
  std::vector<std::string> recipients_, numbers_, texts_;  // to be sent
  std::int64_t sent_ = 0;
  std::optional<base::Error> lasting_;
  std::map<MemberId, std::int64_t> read_;  // the number of the last one, by sender
};

}  // namespace

base::Result<std::unique_ptr<Mailbox>> join_postgres(std::string_view url, std::string_view study, Role role,
                                                     std::string about) {
  auto place = PostgresUrl::parse(url);
  if (!place) return tl::unexpected(place.error());
  auto session = PostgresSession::open(*std::move(place), Access::kWrite);
  if (!session) return plain(session.error());
  auto mailbox = PostgresMailbox::join(*std::move(session), study, role, std::move(about));
  if (!mailbox) return plain(mailbox.error());
  return *std::move(mailbox);
}

}  // namespace sm2::journal
