// Reads the gzip-compressed IDX files that Fashion-MNIST comes in (http://yann.lecun.com/exdb/mnist, "file
// format"): big-endian, bytes 0 0 8 n, then n sizes of 32 bits, then the values, one byte each, the last
// index fastest. Errors: DataError, one line with the file's name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace resnet {

struct Idx {
  std::vector<std::uint32_t> sizes;  // sizes[0] is the number of items read
  std::vector<std::uint8_t> values;
};

// The items [0, limit), or all where the file holds fewer.
Idx read_idx(const std::filesystem::path& path, std::size_t limit);

}  // namespace resnet
