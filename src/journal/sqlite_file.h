// A store's SQLite file, opened. To read what lies where nothing can be written (SQLite needs two files beside a store that
// has a log), or what an earlier version wrote, a copy in a temporary folder of one's own is opened instead: reading never
// changes a store.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "journal/access.h"
#include "journal/migration.h"
#include "journal/same_file.h"

namespace sm2::journal {

class TemporaryFolder {
 public:
  static base::Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// Of the files that a store consists of: which they are, how long, and when they were last written to.
class FileState {
 public:
  explicit FileState(const std::filesystem::path& file);
  bool operator==(const FileState&) const = default;

 private:
  std::array<std::int64_t, 5> store_{}, log_{};
};

struct SqliteFile {
  std::string name;                       // of the store, for errors
  std::optional<TemporaryFolder> folder;  // of a copy
  SQLite::Database database;
  FileState state;  // before it was opened or copied
  SameFile same;

  // Whether this is what has its name now, and, of a copy, whether the store is as it was when the copy was made.
  bool current() const;
};

// Fails, in one line, when the file is missing (kRead), cannot be written (kWrite), is no store of ours, is of a newer
// version, or is damaged.
base::Result<std::shared_ptr<SqliteFile>> open_file(const std::filesystem::path& file, Access access,
                                                    const Schema& schema = kSchema);

}  // namespace sm2::journal
