// A program's output, kept in a file of bounded size: the first half of the limit is written as it comes, the
// last of it is held in memory and written at the end, behind a line that says how much lies between. A later
// stretch of the same trial goes on in the same file, within the same limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

namespace sm2::runner {

class Log {
 public:
  static base::Result<Log> open(const std::filesystem::path& path, std::size_t limit);

  Log(Log&&) noexcept = default;
  Log& operator=(Log&&) = delete;
  ~Log() { close(); }

  void write(std::string_view bytes);
  void close();  // writes what was held back; the object takes nothing more

  const std::string& tail() const { return tail_; }     // the last few KiB of this stretch
  std::uint64_t left_out() const { return left_out_; }  // bytes, of all stretches
  std::string complaint() const;                        // why not all was written; empty when it was

 private:
  Log(base::Descriptor file, std::size_t limit) : file_(std::move(file)), half_(limit < 2 ? 1 : limit / 2) {}
  void take_in_earlier_end();
  void hold(std::string_view bytes);
  std::size_t put(std::string_view bytes);

  base::Descriptor file_;
  std::size_t half_;
  std::size_t written_ = 0;  // bytes of the first half that are in the file
  std::string held_;         // a ring once it is full
  std::size_t oldest_ = 0;   // where the ring begins
  std::uint64_t left_out_ = 0;
  int error_ = 0;         // errno of the first write that failed
  bool changed_ = false;  // the end of the file is to be written anew
  std::string tail_;
};

// The last line of `text` that is not blank, fit for showing: without control characters and escape
// sequences, valid UTF-8, without blanks around it, cut to a few hundred bytes. Of a line that overwrites
// itself ("\r"), its last state.
std::string last_line(std::string_view text);
std::string printable(std::string_view line);

}  // namespace sm2::runner
