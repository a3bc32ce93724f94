#include "journal/postgres_connection.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <regex>

#include "base/clock.h"

namespace sm2::journal {
namespace {

// What another session's lock may cost before the study, which can wait better, is told; that no setting of the server
// ends the session or changes what is read; and that a server whose client is gone without a word knows it soon. A name
// that the server does not know is left out.
constexpr const char* kSettings = R"(
  SELECT set_config(name, wanted.setting, false)
  FROM pg_catalog.pg_settings JOIN (VALUES
    ('lock_timeout', '2000'),
    ('statement_timeout', '0'),
    ('idle_session_timeout', '0'),
    ('search_path', 'pg_catalog'),
    ('extra_float_digits', '1'),
    ('default_transaction_isolation', 'read committed'),
    ('tcp_keepalives_idle', '10'),
    ('tcp_keepalives_interval', '5'),
    ('tcp_keepalives_count', '3'),
    ('synchronous_commit', 'on')
  ) AS wanted (name, setting) USING (name)
  WHERE NOT (name = 'synchronous_commit' AND pg_settings.setting = 'remote_apply'))";
constexpr const char* kReadOnly = "SET default_transaction_read_only = on";

void say_nothing(void*, const char*) {}

template <class Number>
Number parsed(const std::string& text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// libpq keeps the SQLSTATE of a refused connection to itself, but for its longest messages.
std::string state_in(const std::string& message) {
  static const std::regex kState(":  ([0-9A-Z]{5}): ");
  std::smatch found;
  return std::regex_search(message, found, kState) ? found.str(1) : "";
}

}  // namespace

std::string PostgresRows::text(int row, int column) const {
  return {libpq().PQgetvalue(result_.get(), row, column),
          static_cast<std::size_t>(libpq().PQgetlength(result_.get(), row, column))};
}

std::int64_t PostgresRows::integer(int row, int column) const {
  return parsed<std::int64_t>(text(row, column));
}

double PostgresRows::number(int row, int column) const { return parsed<double>(text(row, column)); }

bool PostgresRows::complete() const {
  const ExecStatusType status = libpq().PQresultStatus(result_.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

int PostgresRows::changed() const { return parsed<int>(libpq().PQcmdTuples(result_.get())); }

std::string array_of(const std::vector<std::string>& texts) {
  std::string all = "{";
  for (const std::string& text : texts) {
    all += all.size() > 1 ? ",\"" : "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') all += '\\';
      all += c;
    }
    all += '"';
  }
  return all + "}";
}

PostgresResult<PostgresConnection> PostgresConnection::open(const PostgresUrl& url, const std::string& name,
                                                            bool read_only) {
  // What the URL says, the "dbname" that is taken apart, goes before what stands ahead of it.
  const char* names[] = {"keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                         "dbname",          "application_name",    "client_encoding",  nullptr};
  const char* values[] = {"10", "5", "3", "10000", url.text.c_str(), name.c_str(), "UTF8", nullptr};
  PostgresConnection connection(libpq().PQconnectStartParams(names, values, 1), url.shown);
  if (auto connected = connection.connect(); !connected) return tl::unexpected(connected.error());
  if (auto set = connection.set_up(read_only); !set) return tl::unexpected(set.error());
  return connection;
}

PostgresResult<> PostgresConnection::connect() {
  PGconn* connection = connection_.get();
  libpq().PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  libpq().PQsetNoticeProcessor(connection, say_nothing, nullptr);
  const base::SystemClock clock;
  const base::Seconds until = clock.monotonic() + kPatience;
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;
       next = libpq().PQconnectPoll(connection)) {
    if (libpq().PQstatus(connection) == CONNECTION_BAD || next == PGRES_POLLING_FAILED)
      return tl::unexpected(failure(nullptr));
    if (!wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT) || clock.monotonic() > until)
      return tl::unexpected(silence());
  }
  libpq().PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
  libpq().PQsetnonblocking(connection, 1);
  return {};
}

PostgresResult<> PostgresConnection::set_up(bool read_only) {
  if (auto set = run(kSettings); !set) return tl::unexpected(set.error());
  if (!read_only) return {};
  if (auto set = run(kReadOnly); !set) return tl::unexpected(set.error());
  return {};
}

PostgresResult<PostgresRows> PostgresConnection::run(const std::string& statement,
                                                     const Parameters& parameters) {
  const auto name = prepared(statement);
  if (!name) return tl::unexpected(name.error());
  std::vector<const char*> values;
  for (const std::string& parameter : parameters) {
    if (parameter.find('\0') != std::string::npos)
      return tl::unexpected(explain("22021", "a text holds a NUL", store_));
    values.push_back(parameter.c_str());
  }
  const bool sent = libpq().PQsendQueryPrepared(
      connection_.get(), name->c_str(), static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0);
  return sent ? answer() : tl::unexpected(failure(nullptr));
}

bool PostgresConnection::notified() {
  bool any = false;
  while (PGnotify* notification = libpq().PQnotifies(connection_.get())) {
    libpq().PQfreemem(notification);
    any = true;
  }
  return any;
}

PostgresResult<std::string> PostgresConnection::prepared(const std::string& statement) {
  if (const auto known = prepared_.find(statement); known != prepared_.end()) return known->second;
  std::string name = fmt::format("sm2_{}", prepared_.size());
  if (!libpq().PQsendPrepare(connection_.get(), name.c_str(), statement.c_str(), 0, nullptr))
    return tl::unexpected(failure(nullptr));
  if (auto made = answer(); !made) return tl::unexpected(made.error());
  return prepared_[statement] = std::move(name);
}

// The server's, and that it is ready for the next statement.
PostgresResult<PostgresRows> PostgresConnection::answer() {
  if (auto sent = flush(); !sent) return tl::unexpected(sent.error());
  PostgresRows rows(nullptr);
  while (true) {
    if (auto heard = hear(); !heard) return tl::unexpected(heard.error());
    PGresult* next = libpq().PQgetResult(connection_.get());
    if (!next) break;
    rows = PostgresRows(next);
  }
  if (!rows.complete()) return tl::unexpected(failure(rows.get()));
  return rows;
}

// Until the next result is here.
PostgresResult<> PostgresConnection::hear() {
  while (libpq().PQisBusy(connection_.get())) {
    if (!wait(POLLIN)) return tl::unexpected(silence());
    if (!libpq().PQconsumeInput(connection_.get())) return tl::unexpected(failure(nullptr));
  }
  return {};
}

PostgresResult<> PostgresConnection::flush() {
  PGconn* connection = connection_.get();
  for (int left = libpq().PQflush(connection); left != 0; left = libpq().PQflush(connection)) {
    if (left < 0) return tl::unexpected(failure(nullptr));
    if (!wait(POLLIN | POLLOUT)) return tl::unexpected(silence());
    if (!libpq().PQconsumeInput(connection)) return tl::unexpected(failure(nullptr));
  }
  return {};
}

// Until the server takes or says something; false: it does neither.
bool PostgresConnection::wait(short events) const {
  const base::SystemClock clock;
  const base::Seconds until = clock.monotonic() + kPatience;
  pollfd watched{libpq().PQsocket(connection_.get()), events, 0};
  while (true) {
    const double left = std::max(0.0, (until - clock.monotonic()).value);
    const int ready = poll(&watched, 1, static_cast<int>(left * 1000));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

PostgresError PostgresConnection::failure(const PGresult* result) const {
  const char* state = result ? libpq().PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
  const char* said = result ? libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  const std::string message = libpq().PQerrorMessage(connection_.get());
  PostgresError error = explain(state ? state : state_in(message), said ? said : message, store_);
  error.lost = error.lost || libpq().PQstatus(connection_.get()) == CONNECTION_BAD;
  return error;
}

PostgresError PostgresConnection::silence() const {
  return explain("", fmt::format("it has not answered for {:g} s", kPatience.value), store_);
}

}  // namespace sm2::journal
