#include "loop.h"

#include <sm2/client.h>
#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint.h"
#include "device.h"
#include "noise.h"
#include "optimizer.h"
#include "order.h"
#include "schedule.h"
#include "step.h"

namespace trainer {

namespace {

constexpr std::int64_t kDeviceLossEvery =
    10;  // steps: to read a loss from a device waits for all that was asked of it

std::int64_t batches_of(const Task& task, const Settings& settings) {
  if (task.size() >= settings.batch_size) return task.size() / settings.batch_size;
  throw DataError("a batch of " + std::to_string(settings.batch_size) + " cannot be had from " +
                  std::to_string(task.size()) + " training samples");
}

class Loop {
 public:
  Loop(const Settings& settings, std::unique_ptr<Task> task, torch::Device device,
       const std::atomic<bool>& interrupted)
      : settings_(settings),
        interrupted_(interrupted),
        device_(device),
        memory_(device),
        task_(std::move(task)),
        batches_(batches_of(*task_, settings)),
        trial_(sm2::Trial::join({static_cast<double>(batches_)})),
        optimizer_(make_optimizer(settings, task_->model())),
        stepper_(settings, *task_, *optimizer_, device),
        loss_sum_(torch::zeros({}, torch::dtype(torch::kDouble).device(device))) {
    if (const auto checkpoint = trial_.resume()) resume(*checkpoint);
  }

  void run() {
    sm2::Action action = sm2::Action::kContinue;
    while (action == sm2::Action::kContinue && at_.epoch < settings_.epochs) {
      action = train_epoch();
      if (action == sm2::Action::kContinue) {
        action = end_epoch();
      } else if (action == sm2::Action::kPause) {
        save("step-" + std::to_string(at_.step));
      }
    }
  }

 private:
  void resume(const std::filesystem::path& checkpoint) {
    at_ = load_checkpoint(checkpoint, task_->model(), *optimizer_, device_);
    last_saved_ = checkpoint.filename();
    noise_.restore(at_.noise);
    stepper_.scaler().restore(at_.loss_scale, at_.good_steps);
    loss_sum_.fill_(at_.loss_sum);
    if (at_.batch_size == settings_.batch_size) {
      stepper_.restore_pass(std::min(at_.pass, stepper_.pass()));
    } else {
      at_.batch = std::min(batches_, at_.batch * at_.batch_size / settings_.batch_size);
    }
  }

  double resource() const {
    return static_cast<double>(at_.epoch) + static_cast<double>(at_.batch) / static_cast<double>(batches_);
  }

  sm2::Action asked() const {
    if (trial_.action() == sm2::Action::kContinue && interrupted_) return sm2::Action::kPause;
    return trial_.action();
  }

  sm2::Action train_epoch() {
    task_->model().train();
    const torch::Tensor order = shuffled(task_->size(), settings_.seed, at_.epoch);
    while (at_.batch < batches_ && asked() == sm2::Action::kContinue) {
      const std::int64_t begin = at_.batch * settings_.batch_size;
      train_step(order.slice(0, begin, begin + settings_.batch_size));
    }
    return asked();
  }

  void train_step(const torch::Tensor& samples) {
    const double alone = scheduled_rate(settings_, at_.step, batches_ * settings_.epochs);
    const double rate = trial_.learning_rate(at_.step, alone);
    const bool measure = settings_.noise_every > 0 && at_.step % settings_.noise_every == 0;
    const Stepper::Taken taken = stepper_.take(samples, rate, measure);
    ++at_.step;
    ++at_.batch;
    at_.samples += settings_.batch_size;
    loss_sum_ += taken.loss;
    if (taken.norms) noise_.add(*taken.norms);
    report(taken, rate);
  }

  void report(const Stepper::Taken& taken, double rate) {
    std::optional<double> loss;
    if (device_.is_cpu() || at_.step % kDeviceLossEvery == 0) loss = taken.loss.item<double>();
    trial_.report(
        {at_.step, at_.samples, resource(), loss, rate, taken.norms ? noise_.samples() : std::nullopt});
  }

  sm2::Action end_epoch() {
    Metrics metrics = evaluate();
    metrics["train_loss"] = loss_sum_.item<double>() / static_cast<double>(batches_);
    ++at_.epoch;
    at_.batch = 0;
    loss_sum_.zero_();
    print(metrics);
    if (const auto memory = memory_.bytes()) metrics["memory_mb"] = *memory / 1e6;
    std::vector<sm2::Metric> told;
    for (const auto& [name, value] : metrics) told.push_back({name, value});
    trial_.evaluate(static_cast<double>(at_.epoch), told);
    if (asked() != sm2::Action::kStop) save("epoch-" + std::to_string(at_.epoch));
    return asked();
  }

  Metrics evaluate() {
    const torch::NoGradGuard no_gradients;
    const MixedPrecision mixed(settings_.precision, device_);
    task_->model().eval();
    Metrics metrics = task_->validate();
    if (settings_.test_each_epoch || at_.epoch + 1 == settings_.epochs) metrics.merge(task_->test());
    return metrics;
  }

  void print(const Metrics& metrics) const {
    std::printf("epoch=%lld", static_cast<long long>(at_.epoch));
    for (const auto& [name, value] : metrics) std::printf(" %s=%.4f", name.c_str(), value);
    std::printf(" seconds=%.2f\n",
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count());
    std::fflush(stdout);
  }

  void save(const std::string& name) {
    const auto folder = trial_.checkpoint_directory();
    if (!folder) return;
    at_.batch_size = settings_.batch_size;
    at_.pass = stepper_.pass();
    at_.good_steps = stepper_.scaler().good_steps();
    at_.loss_scale = stepper_.scaler().scale();
    at_.loss_sum = loss_sum_.item<double>();
    at_.noise = noise_.averages();
    save_checkpoint(*folder, name, task_->model(), *optimizer_, device_, at_);
    trial_.checkpoint(name, resource());
    delete_checkpoints_but(*folder, name, last_saved_);
    last_saved_ = name;
  }

  const Settings& settings_;
  const std::atomic<bool>& interrupted_;
  torch::Device device_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  PeakMemory memory_;
  std::unique_ptr<Task> task_;
  std::int64_t batches_;
  sm2::Trial trial_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
  Stepper stepper_;
  NoiseScale noise_;
  torch::Tensor loss_sum_;  // of the epoch, on the device
  Position at_;
  std::string last_saved_;
};

}  // namespace

void train(const Settings& settings, const MakeTask& make, torch::Device device,
           const std::atomic<bool>& interrupted) {
  Loop(settings, make(settings, device), device, interrupted).run();
}

}  // namespace trainer
