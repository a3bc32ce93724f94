// A tuner's claim on a study in an SQLite file: a lock on a byte of the file itself, by whatever name it was opened, far beyond
// those that SQLite locks and any that it holds. It ends with the object, or with the process.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace sm2::journal {

// An open file that is lent. Closing any descriptor of a file takes the locks of SQLite away that this process has on it
// (fcntl(2)), so none is closed: what is given back is lent again.
class LentFile {
 public:
  explicit LentFile(const std::filesystem::path& file);
  LentFile(LentFile&& other) noexcept;
  LentFile& operator=(LentFile&&) = delete;
  ~LentFile();
  int descriptor() const { return descriptor_; }  // below 0, with errno: it cannot be opened

 private:
  int descriptor_;
};

class SqliteClaim {
 public:
  // Fails when another tuner has it.
  static base::Result<SqliteClaim> take(const std::filesystem::path& file, std::string_view study);
  SqliteClaim(SqliteClaim&& other) noexcept = default;
  SqliteClaim& operator=(SqliteClaim&&) = delete;

 private:
  explicit SqliteClaim(LentFile file) : file_(std::move(file)) {}
  LentFile file_;
};

bool sqlite_claimed(const std::filesystem::path& file, std::string_view study);

}  // namespace sm2::journal
