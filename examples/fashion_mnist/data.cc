#include "data.h"

#include <string>

#include "idx.h"

namespace fashion {

namespace {

constexpr double kMean = 0.2860;  // of the 60,000 training images, as shares of white
constexpr double kDeviation = 0.3530;
constexpr std::int64_t kSide = 28;

Examples load(const std::filesystem::path& folder, const std::string& part, std::int64_t count) {
  const std::filesystem::path image_path = folder / (part + "-images-idx3-ubyte.gz");
  const std::filesystem::path label_path = folder / (part + "-labels-idx1-ubyte.gz");
  Idx images = read_idx(image_path, static_cast<std::size_t>(count));
  Idx labels = read_idx(label_path, static_cast<std::size_t>(count));
  if (images.sizes.size() != 3 || images.sizes[1] != kSide || images.sizes[2] != kSide) {
    throw DataError(image_path.string() + ": not images of 28 x 28");
  }
  if (images.sizes[0] < count || labels.values.size() != images.sizes[0]) {
    throw DataError(image_path.string() + ": holds " + std::to_string(images.sizes[0]) + " images with " +
                    std::to_string(labels.values.size()) + " labels, " + std::to_string(count) +
                    " are asked for");
  }
  const auto bytes = torch::from_blob(images.values.data(), {count, 1, kSide, kSide}, torch::kUInt8);
  const auto classes = torch::from_blob(labels.values.data(), {count}, torch::kUInt8);
  return {bytes.to(torch::kFloat).div_(255.0).sub_(kMean).div_(kDeviation), classes.to(torch::kLong)};
}

}  // namespace

TrainingData load_training(const std::filesystem::path& folder, std::int64_t training,
                           std::int64_t validation) {
  const Examples all = load(folder, "train", validation + training);
  return {{all.images.slice(0, validation), all.labels.slice(0, validation)},
          {all.images.slice(0, 0, validation), all.labels.slice(0, 0, validation)}};
}

Examples load_test(const std::filesystem::path& folder, std::int64_t images) {
  return load(folder, "t10k", images);
}

}  // namespace fashion
