// Reads the gzip-compressed IDX files that Fashion-MNIST comes in (http://yann.lecun.com/exdb/mnist, "file
// format"): big-endian, bytes 0 0 8 n, then n sizes of 32 bits, then the values, one byte each, the last
// index fastest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace fashion {

// What cannot be read is named, with its remedy, in one line.
class DataError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Idx {
  std::vector<std::uint32_t> sizes;  // sizes[0] is the number of items read
  std::vector<std::uint8_t> values;
};

// The items [0, limit), or all where the file holds fewer. Throws DataError.
Idx read_idx(const std::filesystem::path& path, std::size_t limit);

}  // namespace fashion
