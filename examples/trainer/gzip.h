// A file of bytes, gzip-compressed or plain, read from its beginning. Errors: DataError, one line with the file's name.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace trainer {

class GzipFile {
 public:
  // The remedy ends the message where the file cannot be opened.
  GzipFile(const std::filesystem::path& path, const std::string& remedy);

  void read(std::uint8_t* to, std::size_t count);         // all of them, or an error
  std::size_t some(std::uint8_t* to, std::size_t count);  // as many as there are; 0 at the end
  std::vector<std::uint8_t> rest();

 private:
  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_;
};

}  // namespace trainer
