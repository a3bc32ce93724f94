// A whole file as text. A pipe will do, and a device that ends. A file that is larger than its kind ever is is an error, so
// that a name given by mistake (a disk, /dev/zero) costs no memory. The error says what is wrong without the file's name:
// "is a folder".
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace sm2::base {

struct FileSize {  // at most, in bytes
  std::size_t whole;
  std::size_t line;
};
inline constexpr FileSize kSettings{1 << 20, 1 << 20};  // written by people
inline constexpr FileSize kTable{256 << 20, 1 << 20};   // written by programs

Result<std::string> read_file(const std::filesystem::path& file, const FileSize& most);

}  // namespace sm2::base
