#include "images.h"

#include <filesystem>
#include <limits>

#include "cifar10.h"
#include "idx.h"
#include "trainer/trainer.h"

namespace resnet {

namespace {

Examples tensors(std::vector<std::uint8_t>& pixels, std::vector<std::uint8_t>& labels, std::int64_t channels,
                 std::int64_t side) {
  const auto count = static_cast<std::int64_t>(labels.size());
  return {torch::from_blob(pixels.data(), {count, channels, side, side}, torch::kUInt8).clone(),
          torch::from_blob(labels.data(), {count}, torch::kUInt8).to(torch::kLong)};
}

Examples cifar10(const std::vector<std::filesystem::path>& files) {
  Cifar10 all = read_cifar10(files);
  return tensors(all.pixels, all.labels, 3, 32);
}

Examples fashion_mnist(const std::filesystem::path& folder, const std::string& part, std::size_t limit) {
  const std::filesystem::path image_path = folder / (part + "-images-idx3-ubyte.gz");
  Idx images = read_idx(image_path, limit);
  Idx labels = read_idx(folder / (part + "-labels-idx1-ubyte.gz"), limit);
  if (images.sizes.size() != 3 || images.sizes[1] != 28 || images.sizes[2] != 28) {
    throw trainer::DataError(image_path.string() + ": not images of 28 x 28");
  }
  if (labels.values.size() != images.sizes[0]) {
    throw trainer::DataError(image_path.string() + ": holds " + std::to_string(images.sizes[0]) +
                             " images with " + std::to_string(labels.values.size()) + " labels");
  }
  return tensors(images.values, labels.values, 1, 28);
}

Examples part(const Examples& all, std::int64_t begin, std::int64_t end, torch::Device device) {
  return {all.images.slice(0, begin, end).to(device), all.labels.slice(0, begin, end).to(device)};
}

// `own_test` has no labels where the data has no test file.
Data split(const std::string& source, const Examples& all, const Examples& own_test, const Counts& counts,
           torch::Device device) {
  const bool has_test = own_test.labels.defined();
  const std::int64_t size = all.size();
  const std::int64_t validation = counts.validation.value_or(size / 10);
  const std::int64_t test = counts.test.value_or(has_test ? own_test.size() : size / 10);
  const std::int64_t left = size - validation - (has_test ? 0 : test);
  const std::int64_t training = counts.training.value_or(left);
  if (left < 1 || training > left || (has_test && test > own_test.size())) {
    throw trainer::DataError(source + ": holds " + std::to_string(size) + " training images and " +
                             (has_test ? std::to_string(own_test.size()) : "no") +
                             " test images; asked for are " + std::to_string(training) + " to train, " +
                             std::to_string(validation) + " to validate, " + std::to_string(test) +
                             " to test");
  }
  return {part(all, validation, validation + training, device),
          part(all, 0, validation, device),
          has_test ? part(own_test, 0, test, device) : part(all, size - test, size, device),
          {},
          {}};
}

Data load_cifar10(const std::string& source, const std::filesystem::path& path, const Counts& counts,
                  torch::Device device) {
  const Cifar10Files files = find_cifar10(path);
  Data data = split(source, cifar10(files.training), files.test.empty() ? Examples{} : cifar10(files.test),
                    counts, device);
  data.mean = {0.4914f, 0.4822f, 0.4465f};  // of the 50,000 training images
  data.deviation = {0.2470f, 0.2435f, 0.2616f};
  return data;
}

Data load_fashion_mnist(const std::string& source, const std::filesystem::path& folder, const Counts& counts,
                        torch::Device device) {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const bool bounded = counts.training && counts.validation;
  const std::size_t needed = bounded ? static_cast<std::size_t>(*counts.training + *counts.validation) : kAll;
  const std::size_t tested = counts.test ? static_cast<std::size_t>(*counts.test) : kAll;
  Data data = split(source, fashion_mnist(folder, "train", needed), fashion_mnist(folder, "t10k", tested),
                    counts, device);
  data.mean = {0.2860f};  // of the 60,000 training images
  data.deviation = {0.3530f};
  return data;
}

}  // namespace

Data load(const std::string& source, const Counts& counts, torch::Device device) {
  const std::size_t colon = source.find(':');
  const std::string name = source.substr(0, colon);
  const std::string path = colon == std::string::npos ? "" : source.substr(colon + 1);
  if (name == "cifar10")
    return load_cifar10(source, path.empty() ? "cifar-10-batches-bin" : path, counts, device);
  if (name == "fashion-mnist") {
    return load_fashion_mnist(source, path.empty() ? "/usr/share/datasets/fashion-mnist" : path, counts,
                              device);
  }
  throw trainer::DataError("--data=" + source + " is neither cifar10:PATH nor fashion-mnist:FOLDER");
}

}  // namespace resnet
