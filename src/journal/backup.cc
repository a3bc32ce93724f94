#include "journal/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>

#include "base/descriptor.h"
#include "journal/sqlite_error.h"

namespace sm2::journal {
namespace {

namespace fs = std::filesystem;

base::Result<> sync(const fs::path& path) {
  const base::Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file && fsync(file.get()) == 0) return {};
  return base::fail("{}: cannot be brought to disk: {}", path.string(), strerror(errno));
}

base::Result<> write(SQLite::Database& database, const fs::path& copy) {
  try {
    SQLite::Statement into(database, "VACUUM INTO ?");
    into.bind(1, copy.string());
    into.exec();
    SQLite::Database written(copy.string());
    if (const auto wrong = damage(written); !wrong.empty())
      return base::fail("{}: the copy is damaged: {}", copy.string(), wrong.front());
    return {};
  } catch (const SQLite::Exception& error) {
    const bool of_store = error.getErrorCode() == SQLITE_CORRUPT || error.getErrorCode() == SQLITE_BUSY;
    return tl::unexpected(explain(error, of_store ? database.getFilename() : copy.string()));
  }
}

// Some at a time: a long study is never in memory as a whole.
base::Result<> copy_events(const Journal& from, Journal& to) {
  constexpr std::size_t kAtATime = 1024;
  std::vector<trial::Event> batch;
  const auto append = [&]() -> base::Result<> {
    auto appended = to.append(batch);
    batch.clear();
    return appended;
  };
  auto copied = from.visit([&](const trial::Event& event) {
    batch.push_back(event);
    return batch.size() < kAtATime ? base::Result<>() : append();
  });
  return copied ? append() : copied;
}

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : "."; }

}  // namespace

base::Result<> back_up(SQLite::Database& database, const fs::path& destination) {
  std::error_code error;
  if (fs::symlink_status(destination, error).type() != fs::file_type::not_found)
    return base::fail("{}: exists already, and is not overwritten; choose another name",
                      destination.string());
  fs::path unfinished = destination;
  unfinished += ".new";
  const base::Descriptor made(open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made && errno == EEXIST)
    return base::fail("{}: exists already: another backup is being made, or did not end; remove it then",
                      unfinished.string());
  if (!made) return base::fail("{}: cannot be made: {}", unfinished.string(), strerror(errno));
  auto done = write(database, unfinished);
  if (done) done = sync(unfinished);
  if (done) {
    fs::rename(unfinished, destination, error);
    if (error) done = base::fail("{}: {}", destination.string(), error.message());
  }
  if (done) return sync(folder_of(destination));
  fs::remove(unfinished, error);
  return done;
}

base::Result<> copy_studies(Store& from, Store& to) {
  const auto names = from.studies();
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    const auto source = from.open(name);
    if (!source) return tl::unexpected(source.error());
    const auto copy = to.create(name);
    if (!copy) return tl::unexpected(copy.error());
    if (auto copied = copy_events(**source, **copy); !copied) return copied;
  }
  return {};
}

std::vector<std::string> damage(SQLite::Database& database) {
  SQLite::Statement rows(database, "PRAGMA integrity_check");
  std::vector<std::string> lines;
  while (rows.executeStep()) lines.push_back(rows.getColumn(0).getString());
  if (lines == std::vector<std::string>{"ok"}) lines.clear();
  return lines;
}

}  // namespace sm2::journal
