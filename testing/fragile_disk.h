// A disk in memory, for SQLite, whose power may fail. What was synced stays; of what was not, each sector is kept or lost by chance,
// as a real disk may write in any order. While the object lives, SQLite opens its files here, and only here. One thread.
#pragma once

#include <sqlite3.h>

#include <limits>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"

namespace sm2::testing {

class FragileDisk {
 public:
  static constexpr int kNever = std::numeric_limits<int>::max();

  FragileDisk();
  ~FragileDisk();
  FragileDisk(const FragileDisk&) = delete;

  // At the n-th operation from now that changes a file or syncs one. From then on every operation on a file that is open fails.
  void fail_power_at(int operation) { left_ = operation; }
  void restore_power(base::Random& random);
  int operations() const { return operations_; }  // so far

 private:
  struct Change {  // a write, or where there are no bytes, a truncation
    std::size_t offset = 0;
    std::string bytes;
  };
  struct File {
    std::string bytes, synced;
    std::vector<Change> changes;  // since it was synced
  };
  struct Handle;
  struct Methods;

  static void apply(std::string& bytes, const Change& change);
  bool works(const Handle& handle) const { return left_ > 0 && session(handle) == session_; }
  bool operate(const Handle& handle);
  static int session(const Handle& handle);
  File* find(const char* name, bool create);

  sqlite3_vfs vfs_{};
  sqlite3_vfs* real_;
  std::map<std::string, std::unique_ptr<File>> files_;
  std::vector<std::unique_ptr<File>> deleted_;  // perhaps open
  std::vector<std::unique_ptr<char[]>>
      shared_memory_;  // of the write-ahead log; that of a machine without power is lost
  int session_ = 0;
  int left_ = kNever;
  int operations_ = 0;
};

}  // namespace sm2::testing
