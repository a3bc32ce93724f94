// One file of sysfs that holds one short value. It is opened once and read again in place, which costs a microsecond
// or two; after an error, or when the file was removed or replaced, it is opened anew once. Errors name the file and
// the cause. May be read from several threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <tl/expected.hpp>

#include "base/result.h"

namespace sm2::meter {

class Attribute {
 public:
  struct Failure {
    int code = 0;  // errno, or 0 where the text is wrong
    std::string message;
  };
  template <class T>
  using Value = tl::expected<T, Failure>;

  explicit Attribute(std::filesystem::path file) : file_(std::move(file)) {}
  ~Attribute();
  Attribute(const Attribute&) = delete;
  Attribute& operator=(const Attribute&) = delete;

  const std::filesystem::path& file() const { return file_; }

  Value<std::string> line();     // the first one
  Value<std::uint64_t> count();  // digits and nothing else

 private:
  Value<std::string> again();  // from the file that is open
  Value<std::string> anew();
  Failure failure() const;  // of errno
  void close();

  std::filesystem::path file_;
  std::mutex mutex_;
  int fd_ = -1;
};

// A counter's reading, for those who only pass its message on.
base::Result<std::uint64_t> read_count(Attribute& attribute);

bool is_permission(int code);  // EACCES or EPERM

}  // namespace sm2::meter
