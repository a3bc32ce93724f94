// A store's way to its server: a connection, which is made anew after it was lost, and with it what hung on it, the claims
// on studies. What a journal knew of its study may have changed by then: each connection has a number.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "journal/access.h"
#include "journal/postgres_connection.h"

namespace sm2::journal {

class PostgresSession {
 public:
  // Fails as the first connection does, and where the store cannot be used.
  static PostgresResult<std::shared_ptr<PostgresSession>> open(PostgresUrl url, Access access);

  // One statement, on a new connection where the last one was lost. Fails without trying again: what changes something
  // may have been carried out.
  PostgresResult<PostgresRows> run(const std::string& statement, const Parameters& parameters = {});

  // The same for what changes nothing, and is tried again where the connection was found to be lost.
  PostgresResult<PostgresRows> ask(const std::string& statement, const Parameters& parameters = {});

  // Until the session ends, and again after a connection was lost; see Store::claim().
  PostgresResult<> claim(const std::string& study);

  // Fails where none can be made, and where a study is another tuner's meanwhile.
  PostgresResult<> connect();

  PostgresResult<bool> claimed(const std::string& study);

  bool notified() { return connection_ && connection_->notified(); }
  int descriptor() const {
    return connection_ ? connection_->descriptor() : -1;
  }  // readable when it may be so

  int connections() const { return connections_; }  // so far
  const std::string& name() const { return url_.shown; }

 private:
  PostgresSession(PostgresUrl url, Access access);

  PostgresUrl url_;
  Access access_;
  std::string claimant_;
  std::vector<std::string> claims_;
  std::optional<PostgresConnection> connection_;  // none: it was lost
  int connections_ = 0;
};

}  // namespace sm2::journal
