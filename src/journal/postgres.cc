#include "journal/postgres.h"

#include <algorithm>
#include <optional>

#include "journal/codec.h"
#include "journal/postgres_claim.h"
#include "journal/postgres_mailbox.h"
#include "journal/postgres_requests.h"
#include "journal/postgres_schema.h"
#include "journal/postgres_session.h"

namespace sm2::journal {
namespace {

using Session = std::shared_ptr<PostgresSession>;

constexpr int kRowsAtATime = 1024;  // of a long study, which is never in memory as a whole

// A store that has been brought to another version takes nothing.
constexpr const char* kInsert = R"(
  INSERT INTO sm2.events (study, seq, time, kind, body)
  SELECT $1::bigint, $2::bigint + place, time, kind, body
  FROM unnest($3::double precision[], $4::text[], $5::text[]) WITH ORDINALITY AS batch (time, kind, body, place)
  WHERE (SELECT version FROM sm2.store) = $6::integer)";
constexpr const char* kFrom =
    "SELECT seq, time, kind, body FROM sm2.events WHERE study = $1 AND seq >= $2 ORDER BY seq LIMIT $3";
constexpr const char* kLast = "SELECT seq, time FROM sm2.events WHERE study = $1 ORDER BY seq DESC LIMIT 1";

bool same(const PostgresRows& rows, int row, const trial::Event& event) {
  return rows.number(row, 1) == event.time.value && rows.text(row, 2) == kind(event.body) &&
         rows.text(row, 3) == encode(event.body);
}

class PostgresJournal final : public Journal {
 public:
  static base::Result<std::unique_ptr<Journal>> open(Session session, std::string study) {
    std::unique_ptr<PostgresJournal> journal(new PostgresJournal(std::move(session), std::move(study)));
    const auto last = journal->session_->ask(kLast, {journal->study_});
    if (!last) return plain(last.error());
    if (last->size() > 0) {
      journal->last_ = last->integer(0, 0);
      journal->last_time_ = last->number(0, 1);
    }
    journal->connection_ = journal->session_->connections();
    return journal;
  }

  base::Result<> append(std::span<const trial::Event> batch) override {
    transient_ = false;
    if (batch.empty()) return {};
    const auto appended = write(batch);
    if (!appended) return failed(appended.error());
    failure_.reset();
    last_ += static_cast<std::int64_t>(batch.size());
    last_time_ = batch.back().time.value;
    return {};
  }

  bool transient() const override { return transient_; }

  base::Result<> visit_from(std::size_t first, const Visitor& visitor) const override {
    for (auto next = static_cast<std::int64_t>(first);;) {
      const auto rows = session_->ask(kFrom, {study_, std::to_string(next), std::to_string(kRowsAtATime)});
      if (!rows) return plain(rows.error());
      for (int row = 0; row < rows->size(); ++row) {
        if (auto seen = show(*rows, row, next++, visitor); !seen) return seen;
      }
      if (rows->size() < kRowsAtATime) return {};
    }
  }

 private:
  PostgresJournal(Session session, std::string study)
      : session_(std::move(session)), study_(std::move(study)) {}

  base::Result<> show(const PostgresRows& rows, int row, std::int64_t number, const Visitor& visitor) const {
    if (rows.integer(row, 0) != number)
      return base::fail("store {}: event {} is missing", session_->name(), number);
    auto body = decode(rows.text(row, 2), rows.text(row, 3));
    if (!body) return base::fail("store {}: event {}: {}", session_->name(), number, body.error().message);
    return visitor({base::Seconds(rows.number(row, 1)), std::move(*body)});
  }

  PostgresResult<> write(std::span<const trial::Event> batch) {
    if (auto connected = session_->connect(); !connected) return connected;
    if (connection_ != session_->connections()) {
      const auto stored = is_stored(batch);
      if (!stored) return tl::unexpected(stored.error());
      connection_ = session_->connections();
      if (*stored) return {};
    }
    return insert(batch);
  }

  // On a new connection: whether the batch, under way when the last one was lost, has got in. Fails where the study is not
  // what we left behind.
  PostgresResult<bool> is_stored(std::span<const trial::Event> batch) {
    const int begin = last_ > 0 ? 1 : 0;
    const auto size = static_cast<int>(batch.size());
    const auto rows = session_->run(kFrom, {study_, std::to_string(last_), std::to_string(begin + size + 1)});
    if (!rows) return tl::unexpected(rows.error());
    const bool kept =
        begin == 0 || (rows->size() > 0 && rows->integer(0, 0) == last_ && rows->number(0, 1) == last_time_);
    if (!kept) {
      return refuse(
          "store {}: events that it had taken are gone since it was out of reach; was it restored, or did "
          "a standby take its place? Run the command again to go on from what is there",
          session_->name());
    }
    if (rows->size() == begin) return false;
    bool ours = rows->size() == begin + size;
    for (int at = 0; ours && at < size; ++at)
      ours = same(*rows, begin + at, batch[static_cast<std::size_t>(at)]);
    if (ours) return true;
    return refuse(
        "store {}: another sm2 tune has gone on with this study while it was out of reach of this one; "
        "run the command again to go on from there",
        session_->name());
  }

  PostgresResult<> insert(std::span<const trial::Event> batch) {
    std::vector<std::string> times, kinds, bodies;
    for (const trial::Event& event : batch) {
      times.push_back(fmt::format("{}", event.time.value));
      kinds.push_back(kind(event.body));
      bodies.push_back(encode(event.body));
    }
    const auto done = session_->run(kInsert, {study_, std::to_string(last_), array_of(times), array_of(kinds),
                                              array_of(bodies), std::to_string(kSchemaVersion)});
    if (!done) return tl::unexpected(done.error());
    if (done->changed() == static_cast<int>(batch.size())) return {};
    return refuse(
        "store {}: another sm2 has brought it to its own version while this one ran; go on with that one",
        session_->name());
  }

  // While the same thing is wrong the message stays the same, whatever the server and the network say of it.
  base::Result<> failed(const PostgresError& error) {
    transient_ = error.transient;
    const bool known = failure_ && !error.meaning.empty() && failure_->meaning == error.meaning;
    if (!known) failure_ = error;
    return plain(*failure_);
  }

  Session session_;
  std::string study_;   // its id
  int connection_ = 0;  // on which last_ was known to be so
  std::int64_t last_ = 0;
  double last_time_ = 0;  // of event last_
  std::optional<PostgresError> failure_;
  bool transient_ = false;
};

class PostgresStore final : public Store {
 public:
  PostgresStore(Session session, std::string url) : session_(std::move(session)), url_(std::move(url)) {}

  base::Result<std::vector<std::string>> studies() const override {
    const auto rows = session_->ask("SELECT name FROM sm2.studies ORDER BY id");
    if (!rows) return plain(rows.error());
    std::vector<std::string> names;
    for (int row = 0; row < rows->size(); ++row) names.push_back(rows->text(row, 0));
    return names;
  }

  base::Result<std::vector<Length>> lengths() const override {
    const auto rows = session_->ask(
        "SELECT name, coalesce((SELECT max(seq) FROM sm2.events WHERE study = id), 0) FROM sm2.studies ORDER "
        "BY id");
    if (!rows) return plain(rows.error());
    std::vector<Length> all;
    for (int row = 0; row < rows->size(); ++row)
      all.push_back({rows->text(row, 0), static_cast<std::size_t>(rows->integer(row, 1))});
    return all;
  }

  base::Result<std::unique_ptr<Journal>> create(std::string_view study) override {
    const auto rows =
        session_->run("INSERT INTO sm2.studies (name) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id",
                      {std::string(study)});
    if (!rows) return plain(rows.error());
    if (rows->size() == 0) return base::fail("study '{}' exists already", study);
    return PostgresJournal::open(session_, rows->text(0, 0));
  }

  base::Result<std::unique_ptr<Journal>> open(std::string_view study) override {
    const auto id = id_of(study);
    if (!id) return tl::unexpected(id.error());
    return PostgresJournal::open(session_, *id);
  }

  base::Result<std::unique_ptr<Requests>> requests(std::string_view study) override {
    auto id = id_of(study);
    if (!id) return tl::unexpected(id.error());
    auto requests = postgres_requests(session_, *std::move(id));
    if (!requests) return plain(requests.error());
    return *std::move(requests);
  }

  base::Result<> claim(std::string_view study) override {
    if (const auto claimed = session_->claim(std::string(study)); !claimed) return plain(claimed.error());
    return {};
  }

  bool claimed(std::string_view study) const override {
    return session_->claimed(std::string(study)).value_or(false);
  }

  base::Result<std::unique_ptr<Mailbox>> join(std::string_view study, Role role, std::string about) override {
    return join_postgres(url_, study, role, std::move(about));
  }

 private:
  base::Result<std::string> id_of(std::string_view study) const {
    const auto rows = session_->ask("SELECT id FROM sm2.studies WHERE name = $1", {std::string(study)});
    if (!rows) return plain(rows.error());
    if (rows->size() == 0) return base::fail("there is no study '{}'", study);
    return rows->text(0, 0);
  }

  Session session_;
  std::string url_;
};

base::Result<Session> session_of(std::string_view url, Access access) {
  auto place = PostgresUrl::parse(url);
  if (!place) return tl::unexpected(place.error());
  auto session = PostgresSession::open(*std::move(place), access);
  if (!session) return plain(session.error());
  return *std::move(session);
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_postgres(std::string_view url, Access access) {
  auto session = session_of(url, access);
  if (!session) return tl::unexpected(session.error());
  return std::make_unique<PostgresStore>(*std::move(session), std::string(url));
}

base::Result<> find_postgres(std::string_view url) {
  const auto place = PostgresUrl::parse(url);
  if (!place) return tl::unexpected(place.error());
  auto connection = PostgresConnection::open(*place, claimant(), true);
  const auto version = connection ? stored_version(*connection) : tl::unexpected(connection.error());
  if (!version) return plain(version.error());
  return *version == 0 ? plain(no_store(place->shown)) : base::Result<>();
}

std::string shown_postgres(std::string_view url) {
  const auto place = PostgresUrl::parse(url);
  return place ? place->shown : "postgresql://...";
}

std::filesystem::path trials_of_postgres(std::string_view url) {
  const auto place = PostgresUrl::parse(url);
  std::string name = place ? place->database : "";
  const auto plain_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  std::ranges::replace_if(name, [&](char c) { return !plain_letter(c); }, '_');
  return "./" + name + ".trials";
}

base::Result<std::vector<std::string>> damage_of_postgres(std::string_view url) {
  const auto session = session_of(url, Access::kRead);
  if (!session) return tl::unexpected(session.error());
  const auto rows = (*session)->ask(
      "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'");
  if (!rows) return plain(rows.error());
  std::vector<std::string> lines;
  for (int row = 0; row < rows->size(); ++row)
    lines.push_back(fmt::format("{} is off on its server", rows->text(row, 0)));
  return lines;
}

}  // namespace sm2::journal
