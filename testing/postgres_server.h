// A PostgreSQL server for the tests of one program, by tests/postgres/server, which ends it and removes its files whichever
// way the program ends.
#pragma once

#include <string>

#include "base/descriptor.h"

namespace sm2::testing {

class PostgresServer {
 public:
  // Started when it is first wanted.
  static PostgresServer& shared();

  // Why there is none; empty where it runs, and this sm2 can use it.
  const std::string& absent() const { return absent_; }

  // The URL of an empty database of user sm2's: by a socket, or by TCP with its password.
  std::string fresh_database();
  std::string by_tcp(const std::string& url) const;

  // As superuser, in the database of the URL; the last line of the output.
  std::string sql(const std::string& url, const std::string& statement);

  // "smart", "fast" or "immediate", which is a crash.
  void restart(const std::string& mode) { obey("restart " + mode); }
  void stop(const std::string& mode) { obey("stop " + mode); }
  void start() { obey("start"); }

 private:
  PostgresServer();
  std::string obey(const std::string& line);
  std::string read_line();

  base::Descriptor input_, output_;  // the script's
  std::string absent_, port_, folder_;
  int databases_ = 0;
};

}  // namespace sm2::testing
