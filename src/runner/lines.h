// Splits a stream of bytes into lines, keeping the unfinished one. Memory is bounded by the limit: of a
// longer line only the beginning is kept, and it is marked as cut. A line is passed without its newline and
// carriage return, and is valid during the call only. What else than a newline ends a line may be given.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sm2::runner {

class Lines {
 public:
  explicit Lines(std::size_t limit, std::string_view ends = "\n") : limit_(limit), ends_(ends) {}

  // Calls each(line, cut) for every line that `bytes` completes.
  template <class Each>
  void feed(std::string_view bytes, Each each) {
    for (std::size_t end; (end = bytes.find_first_of(ends_)) != std::string_view::npos;
         bytes.remove_prefix(end + 1)) {
      if (begun_.empty() && end <= limit_) {
        each(without_return(bytes.substr(0, end)), false);
        continue;
      }
      keep(bytes.substr(0, end));
      finish(each);
    }
    keep(bytes);
  }

  // At the end of the stream: the last line, where it has no newline.
  template <class Each>
  void finish(Each each) {
    if (!begun_.empty()) each(without_return(begun_), cut_);
    begun_.clear();
    cut_ = false;
  }

  bool overlong() const { return cut_; }  // the unfinished line is already over the limit

 private:
  static std::string_view without_return(std::string_view line) {
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  }

  void keep(std::string_view bytes) {
    const std::size_t room = limit_ - begun_.size();
    cut_ = cut_ || bytes.size() > room;
    begun_.append(bytes.substr(0, room));
  }

  std::size_t limit_;
  std::string ends_;
  std::string begun_;
  bool cut_ = false;
};

}  // namespace sm2::runner
