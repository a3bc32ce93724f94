#include "task.h"

#include <torch/nn/functional/loss.h>
#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "augment.h"

namespace resnet {

namespace {

constexpr std::int64_t kEvaluationBatch = 250;

class Images : public trainer::Task {
 public:
  Images(const Flags& flags, torch::Device device)
      : data_(load(flags.data, flags.counts, device)),
        mean_(torch::tensor(data_.mean).mul_(255).view({1, -1, 1, 1}).to(device)),
        deviation_(torch::tensor(data_.deviation).mul_(255).view({1, -1, 1, 1}).to(device)),
        augment_(flags.augment),
        net_(shape_for(flags, data_)) {
    net_->to(device);
  }

  torch::nn::Module& model() override { return *net_; }
  std::int64_t size() const override { return data_.training.size(); }

  torch::Tensor loss(const torch::Tensor& samples) override {
    const auto chosen = samples.to(data_.training.labels.device());
    const auto images = normalised(data_.training.images.index_select(0, chosen));
    const auto labels = data_.training.labels.index_select(0, chosen);
    return torch::nn::functional::cross_entropy(net_(augment_ ? augmented(images) : images), labels);
  }

  trainer::Metrics validate() override { return evaluate(data_.validation, "val_"); }
  trainer::Metrics test() override { return evaluate(data_.test, "test_"); }

 private:
  static Shape shape_for(const Flags& flags, const Data& data) {
    Shape shape = flags.shape;
    shape.channels = data.training.images.size(1);
    return shape;
  }

  torch::Tensor normalised(const torch::Tensor& bytes) const {
    return bytes.to(torch::kFloat).sub_(mean_).div_(deviation_);
  }

  trainer::Metrics evaluate(const Examples& examples, const std::string& prefix) {
    if (examples.size() == 0) return {};
    double correct = 0, loss = 0;
    for (std::int64_t begin = 0; begin < examples.size(); begin += kEvaluationBatch) {
      const std::int64_t end = std::min(begin + kEvaluationBatch, examples.size());
      const auto labels = examples.labels.slice(0, begin, end);
      const auto logits = net_(normalised(examples.images.slice(0, begin, end)));
      correct += logits.argmax(1).eq(labels).sum().item<double>();
      loss += torch::nn::functional::cross_entropy(logits, labels).item<double>() *
              static_cast<double>(end - begin);
    }
    const auto size = static_cast<double>(examples.size());
    return {{prefix + "accuracy", correct / size}, {prefix + "loss", loss / size}};
  }

  Data data_;
  torch::Tensor mean_, deviation_;
  bool augment_;
  Net net_;
};

}  // namespace

std::unique_ptr<trainer::Task> make_task(const Flags& flags, torch::Device device) {
  return std::make_unique<Images>(flags, device);
}

}  // namespace resnet
