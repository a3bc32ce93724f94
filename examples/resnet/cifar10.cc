#include "cifar10.h"

#include <algorithm>
#include <string>

#include "trainer/gzip.h"
#include "trainer/trainer.h"

namespace resnet {

namespace {

constexpr std::size_t kPixels = 3 * 32 * 32;
constexpr std::size_t kRecord = 1 + kPixels;
constexpr const char* kRemedy =
    "name CIFAR-10's binary version, a file or the folder of its .bin files: --data=cifar10:PATH";

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

void append(const std::filesystem::path& path, Cifar10& all) {
  const std::vector<std::uint8_t> bytes = trainer::GzipFile(path, kRemedy).rest();
  if (bytes.empty() || bytes.size() % kRecord != 0) {
    throw trainer::DataError(path.string() + ": " + std::to_string(bytes.size()) +
                             " bytes are not whole records of 3073; one is cut short at offset " +
                             std::to_string(bytes.size() / kRecord * kRecord));
  }
  for (std::size_t at = 0; at < bytes.size(); at += kRecord) {
    if (bytes[at] > 9) {
      throw trainer::DataError(path.string() + ": label " + std::to_string(bytes[at]) + " at offset " +
                               std::to_string(at) + " is not 0 to 9; is it CIFAR-10's binary format?");
    }
    all.labels.push_back(bytes[at]);
  }
  const std::size_t before = all.pixels.size();
  all.pixels.resize(all.labels.size() * kPixels);
  auto to = all.pixels.begin() + static_cast<std::ptrdiff_t>(before);
  for (std::size_t at = 0; at < bytes.size(); at += kRecord)
    to = std::copy_n(bytes.data() + at + 1, kPixels, to);
}

}  // namespace

Cifar10 read_cifar10(const std::vector<std::filesystem::path>& files) {
  Cifar10 all;
  for (const auto& file : files) append(file, all);
  return all;
}

Cifar10Files find_cifar10(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {{path}, {}};
  Cifar10Files files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    const std::string name = entry.path().filename();
    if (!ends_with(name, ".bin") && !ends_with(name, ".bin.gz")) continue;
    (name.rfind("test_batch", 0) == 0 ? files.test : files.training).push_back(entry.path());
  }
  if (files.training.empty())
    throw trainer::DataError(path.string() + ": holds no .bin or .bin.gz file; " + kRemedy);
  std::sort(files.training.begin(), files.training.end());
  return files;
}

}  // namespace resnet
