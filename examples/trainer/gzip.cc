#include "trainer/gzip.h"

#include <algorithm>

#include "trainer/trainer.h"

namespace trainer {

GzipFile::GzipFile(const std::filesystem::path& path, const std::string& remedy)
    : path_(path), file_(gzopen(path.c_str(), "rb"), gzclose) {
  if (!file_ || std::filesystem::is_directory(path))
    throw DataError(path.string() + ": cannot be opened; " + remedy);
}

std::size_t GzipFile::some(std::uint8_t* to, std::size_t count) {
  const int got = gzread(file_.get(), to, static_cast<unsigned>(std::min<std::size_t>(count, 1u << 30)));
  int error = Z_OK;
  gzerror(file_.get(), &error);
  if (got < 0 || error == Z_BUF_ERROR) throw DataError(path_.string() + ": damaged, or cut short");
  return static_cast<std::size_t>(got);
}

void GzipFile::read(std::uint8_t* to, std::size_t count) {
  while (count > 0) {
    const std::size_t got = some(to, count);
    if (got == 0) throw DataError(path_.string() + ": shorter than its header says");
    to += got;
    count -= got;
  }
}

std::vector<std::uint8_t> GzipFile::rest() {
  constexpr std::size_t kChunk = 1 << 22;
  std::vector<std::uint8_t> bytes;
  std::size_t size = 0, got = 0;
  do {
    bytes.resize(size + kChunk);
    got = some(bytes.data() + size, kChunk);
    size += got;
  } while (got > 0);
  bytes.resize(size);
  return bytes;
}

}  // namespace trainer
