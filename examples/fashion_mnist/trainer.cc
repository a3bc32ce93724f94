#include "trainer.h"

#include <ATen/Parallel.h>
#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "checkpoint.h"
#include "data.h"
#include "net.h"

namespace fashion {

namespace {

constexpr std::int64_t kEvaluationBatch = 250;

struct Quality {
  double accuracy;
  double loss;
};

Quality evaluate(Net& net, const Examples& examples) {
  torch::NoGradGuard no_gradients;
  net->eval();
  double correct = 0, loss = 0;
  for (std::int64_t begin = 0; begin < examples.size(); begin += kEvaluationBatch) {
    const std::int64_t end = std::min(begin + kEvaluationBatch, examples.size());
    const auto labels = examples.labels.slice(0, begin, end);
    const auto logits = net(examples.images.slice(0, begin, end));
    correct += logits.argmax(1).eq(labels).sum().item<double>();
    loss += torch::nn::functional::cross_entropy(logits, labels).item<double>() *
            static_cast<double>(end - begin);
  }
  net->train();
  const auto size = static_cast<double>(examples.size());
  return {correct / size, loss / size};
}

torch::Tensor shuffled(std::int64_t size, std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  std::seed_seq mixed{static_cast<std::uint64_t>(epoch), seed, seed >> 32};
  std::mt19937_64 random(mixed);
  std::shuffle(order.begin(), order.end(), random);
  return torch::tensor(order);
}

class Trainer {
 public:
  Trainer(const Settings& settings, const std::atomic<bool>& interrupted)
      : settings_(settings),
        interrupted_(interrupted),
        data_(load_training(settings.data, settings.train_images, settings.validation_images)),
        batches_((settings.train_images + settings.batch_size - 1) / settings.batch_size),
        trial_(sm2::Trial::join({static_cast<double>(batches_)})),
        net_(settings.width),
        optimiser_(net_->parameters(),
                   torch::optim::SGDOptions(settings.learning_rate).momentum(0.9).weight_decay(5e-4)) {
    if (const auto checkpoint = trial_.resume()) {
      at_ = load_checkpoint(*checkpoint, net_, optimiser_);
      last_saved_ = checkpoint->filename();
    }
  }

  void run() {
    sm2::Action action = sm2::Action::kContinue;
    while (action == sm2::Action::kContinue && at_.epoch < settings_.epochs) {
      action = train_epoch();
      if (action == sm2::Action::kContinue) {
        ++at_.epoch;
        at_.batch = 0;
        action = evaluate_epoch();
        if (action != sm2::Action::kStop) save("epoch-" + std::to_string(at_.epoch));
      } else if (action == sm2::Action::kPause) {
        save("step-" + std::to_string(at_.step));
      }
    }
  }

 private:
  double resource() const {
    return static_cast<double>(at_.epoch) + static_cast<double>(at_.batch) / static_cast<double>(batches_);
  }

  sm2::Action asked() const {
    if (trial_.action() == sm2::Action::kContinue && interrupted_) return sm2::Action::kPause;
    return trial_.action();
  }

  sm2::Action train_epoch() {
    const torch::Tensor order = shuffled(data_.training.size(), settings_.seed, at_.epoch);
    while (at_.batch < batches_) {
      const std::int64_t begin = at_.batch * settings_.batch_size;
      train_step(order.slice(0, begin, std::min(begin + settings_.batch_size, data_.training.size())));
      if (asked() != sm2::Action::kContinue) return asked();
    }
    return sm2::Action::kContinue;
  }

  void train_step(const torch::Tensor& chosen) {
    const double rate = trial_.learning_rate(at_.step, settings_.learning_rate);
    for (auto& group : optimiser_.param_groups()) group.options().set_lr(rate);
    optimiser_.zero_grad();
    const auto logits = net_(data_.training.images.index_select(0, chosen));
    const auto loss =
        torch::nn::functional::cross_entropy(logits, data_.training.labels.index_select(0, chosen));
    loss.backward();
    optimiser_.step();
    ++at_.step;
    ++at_.batch;
    at_.samples += chosen.size(0);
    trial_.report({at_.step, at_.samples, resource(), loss.item<double>(), rate});
  }

  sm2::Action evaluate_epoch() {
    const Quality validation = evaluate(net_, data_.validation);
    std::vector<sm2::Metric> metrics = {{"val_accuracy", validation.accuracy}, {"val_loss", validation.loss}};
    std::printf("epoch=%lld val_accuracy=%.4f val_loss=%.4f", static_cast<long long>(at_.epoch),
                validation.accuracy, validation.loss);
    if (at_.epoch == settings_.epochs && settings_.test_images > 0) {
      metrics.push_back(
          {"test_accuracy", evaluate(net_, load_test(settings_.data, settings_.test_images)).accuracy});
      std::printf(" test_accuracy=%.4f", metrics.back().value);
    }
    std::printf(" seconds=%.2f\n", seconds_since_start());
    std::fflush(stdout);
    trial_.evaluate(static_cast<double>(at_.epoch), metrics);
    return asked();
  }

  void save(const std::string& name) {
    const auto folder = trial_.checkpoint_directory();
    if (!folder) return;
    save_checkpoint(*folder, name, net_, optimiser_, at_);
    trial_.checkpoint(name, resource());
    delete_checkpoints_but(*folder, name, last_saved_);
    last_saved_ = name;
  }

  double seconds_since_start() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  const Settings& settings_;
  const std::atomic<bool>& interrupted_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  TrainingData data_;
  std::int64_t batches_;
  sm2::Trial trial_;
  Net net_;
  torch::optim::SGD optimiser_;
  Position at_;
  std::string last_saved_;
};

}  // namespace

void train(const Settings& settings, const std::atomic<bool>& interrupted) {
  at::set_num_threads(settings.threads);
  torch::manual_seed(settings.seed);
  Trainer(settings, interrupted).run();
}

}  // namespace fashion
