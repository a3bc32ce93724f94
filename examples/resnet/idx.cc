#include "idx.h"

#include <algorithm>
#include <limits>

#include "trainer/gzip.h"
#include "trainer/trainer.h"

namespace resnet {

namespace {

constexpr std::size_t kMostBytesPerItem = 1 << 20;
constexpr const char* kRemedy =
    "install the Debian package dataset-fashion-mnist, or name the folder of the four .gz files: "
    "--data=fashion-mnist:FOLDER";

}  // namespace

Idx read_idx(const std::filesystem::path& path, std::size_t limit) {
  trainer::GzipFile file(path, kRemedy);
  std::uint8_t magic[4];
  file.read(magic, sizeof magic);
  if (magic[0] != 0 || magic[1] != 0 || magic[2] != 8 || magic[3] == 0) {
    throw trainer::DataError(path.string() + ": not an IDX file of unsigned bytes");
  }
  Idx idx;
  std::size_t bytes_per_item = 1;
  for (int dimension = 0; dimension < magic[3]; ++dimension) {
    std::uint8_t size[4];
    file.read(size, sizeof size);
    idx.sizes.push_back(std::uint32_t{size[0]} << 24 | std::uint32_t{size[1]} << 16 |
                        std::uint32_t{size[2]} << 8 | size[3]);
    if (dimension > 0) bytes_per_item *= idx.sizes.back();
    if (bytes_per_item > kMostBytesPerItem)
      throw trainer::DataError(path.string() + ": items of more than 1 MiB");
  }
  limit = std::min<std::size_t>(limit, std::numeric_limits<std::uint32_t>::max());
  idx.sizes[0] = std::min(idx.sizes[0], static_cast<std::uint32_t>(limit));
  idx.values.resize(idx.sizes[0] * bytes_per_item);
  file.read(idx.values.data(), idx.values.size());
  return idx;
}

}  // namespace resnet
