#include "journal/postgres_session.h"

#include "journal/postgres_claim.h"
#include "journal/postgres_schema.h"

namespace sm2::journal {

PostgresSession::PostgresSession(PostgresUrl url, Access access)
    : url_(std::move(url)), access_(access), claimant_(claimant()) {}

PostgresResult<std::shared_ptr<PostgresSession>> PostgresSession::open(PostgresUrl url, Access access) {
  std::shared_ptr<PostgresSession> session(new PostgresSession(std::move(url), access));
  if (auto connected = session->connect(); !connected) return tl::unexpected(connected.error());
  const auto prepare = access == Access::kWrite ? prepare_to_write : prepare_to_read;
  if (auto usable = prepare(*session->connection_, session->name(), kPostgresSchema); !usable)
    return tl::unexpected(usable.error());
  return session;
}

PostgresResult<> PostgresSession::connect() {
  if (connection_) return {};
  auto connection = PostgresConnection::open(url_, claimant_, access_ == Access::kRead);
  if (!connection) return tl::unexpected(connection.error());
  for (const std::string& study : claims_) {
    if (auto again = journal::claim(*connection, study, claimant_, name()); !again) return again;
  }
  connection_ = *std::move(connection);
  ++connections_;
  return {};
}

PostgresResult<PostgresRows> PostgresSession::run(const std::string& statement,
                                                  const Parameters& parameters) {
  if (auto connected = connect(); !connected) return tl::unexpected(connected.error());
  auto rows = connection_->run(statement, parameters);
  if (!rows && rows.error().lost) connection_.reset();
  return rows;
}

PostgresResult<PostgresRows> PostgresSession::ask(const std::string& statement,
                                                  const Parameters& parameters) {
  auto rows = run(statement, parameters);
  return rows || !rows.error().lost ? rows : run(statement, parameters);
}

PostgresResult<> PostgresSession::claim(const std::string& study) {
  if (auto connected = connect(); !connected) return connected;
  auto claimed = journal::claim(*connection_, study, claimant_, name());
  if (claimed) claims_.push_back(study);
  if (!claimed && claimed.error().lost) connection_.reset();
  return claimed;
}

PostgresResult<bool> PostgresSession::claimed(const std::string& study) {
  if (auto connected = connect(); !connected) return tl::unexpected(connected.error());
  return journal::claimed(*connection_, study);
}

}  // namespace sm2::journal
