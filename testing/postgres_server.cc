#include "testing/postgres_server.h"

#include <fmt/format.h>
#include <spawn.h>
#include <unistd.h>

#include <array>

#include "journal/postgres.h"

namespace sm2::testing {
namespace {

constexpr const char* kScript = SM2_SOURCE_DIR "/tests/postgres/server";

std::string database_of(const std::string& url) {
  const auto begin = url.find("/sm2_") + 1;
  return url.substr(begin, url.find('?') - begin);
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() {
  std::array<int, 2> to{}, from{};
  if (pipe2(to.data(), O_CLOEXEC) != 0 || pipe2(from.data(), O_CLOEXEC) != 0) {
    absent_ = "no pipe for it";
    return;
  }
  const base::Descriptor theirs(to[0]), theirs_out(from[1]);
  input_ = base::Descriptor(to[1]);
  output_ = base::Descriptor(from[0]);
  posix_spawn_file_actions_t streams;
  posix_spawn_file_actions_init(&streams);
  posix_spawn_file_actions_adddup2(&streams, theirs.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&streams, theirs_out.get(), STDOUT_FILENO);
  std::string script = kScript;
  std::array<char*, 2> arguments{script.data(), nullptr};
  pid_t process = 0;
  const int failed = posix_spawn(&process, kScript, &streams, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&streams);
  if (failed != 0) {
    absent_ = fmt::format("{} cannot be started", kScript);
    return;
  }
  const std::string line = read_line();
  const auto space = line.find(" /");
  port_ = line.substr(0, space);
  folder_ = space == std::string::npos ? "" : line.substr(space + 1);
  if (port_.empty() || port_.find_first_not_of("0123456789") != std::string::npos) absent_ = line;
  if (!absent_.empty()) return;
  const auto store = journal::open_postgres(fresh_database(), journal::Access::kWrite);
  if (!store) absent_ = store.error().message;
}

std::string PostgresServer::fresh_database() {
  const std::string name = fmt::format("sm2_{}", databases_++);
  obey("database " + name);
  return fmt::format("postgresql://sm2@/{}?host={}&port={}", name, folder_, port_);
}

std::string PostgresServer::by_tcp(const std::string& url) const {
  return fmt::format("postgresql://sm2:secret@127.0.0.1:{}/{}", port_, database_of(url));
}

std::string PostgresServer::sql(const std::string& url, const std::string& statement) {
  return obey(fmt::format("sql {} {}", database_of(url), statement));
}

std::string PostgresServer::obey(const std::string& line) {
  const std::string whole = line + "\n";
  if (write(input_.get(), whole.data(), whole.size()) != static_cast<ssize_t>(whole.size())) return "";
  return read_line();
}

std::string PostgresServer::read_line() {
  std::string line;
  char next = 0;
  while (read(output_.get(), &next, 1) == 1 && next != '\n') line += next;
  return line;
}

}  // namespace sm2::testing
