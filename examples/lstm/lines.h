// The lines of a text file, plain or gzip-compressed, one at a time and without keeping them: a file of any
// size takes one block of memory. Line ends may be \n or \r\n; a byte order mark before the first line is
// skipped. A file that cannot be opened, is damaged or cut off, or holds a line of more than 1 MiB is a
// trainer::DataError.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/gzip.h"

namespace lstm {

class Lines {
 public:
  explicit Lines(const std::filesystem::path& path);
  std::optional<std::string_view> next();          // valid until the next call
  std::int64_t number() const { return number_; }  // of the line read last, from 1

 private:
  bool refill();  // false: nothing more to read

  std::string name_;
  trainer::GzipFile file_;
  std::vector<char> block_;
  std::size_t begin_ = 0, end_ = 0;  // of what is read and not yet given out
  std::int64_t number_ = 0;
};

}  // namespace lstm
