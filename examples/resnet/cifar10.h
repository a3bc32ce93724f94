// Reads CIFAR-10's binary format (https://www.cs.toronto.edu/~kriz/cifar.html): records of 3,073 bytes, a
// label from 0 to 9, then 1,024 bytes each of red, green and blue, row by row; plain or gzip-compressed.
// Errors: DataError, one line with file and offset.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace resnet {

struct Cifar10 {
  std::vector<std::uint8_t> pixels;  // 3,072 for each label
  std::vector<std::uint8_t> labels;
};

Cifar10 read_cifar10(const std::vector<std::filesystem::path>& files);

struct Cifar10Files {
  std::vector<std::filesystem::path>
      training;  // by name; of a folder, all its .bin and .bin.gz but the test file
  std::vector<std::filesystem::path> test;  // test_batch.bin or test_batch.bin.gz, where the folder has it
};

Cifar10Files find_cifar10(const std::filesystem::path& file_or_folder);

}  // namespace resnet
