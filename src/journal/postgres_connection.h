// One session with a PostgreSQL server. Texts go to it as parameters only. Nothing waits for long: a server that says
// nothing for kPatience, be it stopped, hung or behind a network that is gone, counts as lost. Not for several threads.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.h"
#include "journal/postgres_error.h"
#include "journal/postgres_library.h"
#include "journal/postgres_url.h"

namespace sm2::journal {

class PostgresRows {
 public:
  explicit PostgresRows(PGresult* result) : result_(result, libpq().PQclear) {}
  int size() const { return libpq().PQntuples(result_.get()); }
  bool known(int row, int column) const { return !libpq().PQgetisnull(result_.get(), row, column); }
  std::string text(int row, int column) const;
  std::int64_t integer(int row, int column) const;
  double number(int row, int column) const;
  bool truth(int row, int column) const { return text(row, column) == "t"; }
  int changed() const;    // rows
  bool complete() const;  // no failure
  const PGresult* get() const { return result_.get(); }

 private:
  std::shared_ptr<PGresult> result_;
};

using Parameters = std::vector<std::string>;

// An array of texts, as a parameter.
std::string array_of(const std::vector<std::string>& texts);

class PostgresConnection {
 public:
  static constexpr base::Seconds kPatience{5};

  // `name` is what the server's administrator sees. Every commit of the session is on disk when it returns.
  static PostgresResult<PostgresConnection> open(const PostgresUrl& url, const std::string& name,
                                                 bool read_only);

  // One statement, prepared when it first comes. Where the failure is `lost` the connection serves no more.
  PostgresResult<PostgresRows> run(const std::string& statement, const Parameters& parameters = {});

  // Whether the server has sent a notification since this was last asked, as far as run() has heard. Readable when there may
  // be one.
  bool notified();
  int descriptor() const { return libpq().PQsocket(connection_.get()); }

 private:
  PostgresConnection(PGconn* connection, std::string store)
      : connection_(connection, libpq().PQfinish), store_(std::move(store)) {}

  PostgresResult<> connect();
  PostgresResult<> set_up(bool read_only);
  PostgresResult<std::string> prepared(const std::string& statement);
  PostgresResult<PostgresRows> answer();
  PostgresResult<> hear();
  PostgresResult<> flush();
  bool wait(short events) const;
  PostgresError failure(const PGresult* result) const;
  PostgresError silence() const;

  std::unique_ptr<PGconn, decltype(Libpq::PQfinish)> connection_;
  std::string store_;
  std::map<std::string, std::string> prepared_;  // names, by statement
};

}  // namespace sm2::journal
