#include "checkpoint.h"

#include <ATen/Context.h>
#include <fcntl.h>
#include <torch/serialize.h>
#include <torch/utils.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

namespace trainer {

namespace {

void sync(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  const std::error_code reason(errno, std::generic_category());
  if (file >= 0) ::close(file);
  if (!done) throw std::filesystem::filesystem_error("cannot be written", path, reason);
}

torch::Tensor counts(const Position& at) {
  return torch::tensor({at.step, at.epoch, at.batch, at.samples, at.batch_size, at.pass, at.good_steps});
}

torch::Tensor sums(const Position& at) {
  return torch::tensor({at.loss_scale, at.loss_sum, at.noise.signal, at.noise.variance}, torch::kDouble);
}

at::Generator generator(torch::Device device) { return at::globalContext().defaultGenerator(device); }

torch::Tensor read(torch::serialize::InputArchive& archive, const char* key) {
  torch::Tensor tensor;
  archive.read(key, tensor);
  return tensor.cpu();
}

}  // namespace

void save_checkpoint(const std::filesystem::path& folder, const std::string& name, torch::nn::Module& model,
                     const torch::optim::Optimizer& optimizer, torch::Device device,
                     const Position& position) {
  torch::serialize::OutputArchive archive, weights, state;
  model.save(weights);
  optimizer.save(state);
  archive.write("model", weights);
  archive.write("optimizer", state);
  archive.write("counts", counts(position));
  archive.write("sums", sums(position));
  archive.write("random", generator(torch::kCPU).get_state());
  if (!device.is_cpu()) archive.write("device_random", generator(device).get_state());
  const std::filesystem::path unfinished = folder / (name + ".unfinished");
  archive.save_to(unfinished.string());
  sync(unfinished);
  std::filesystem::rename(unfinished, folder / name);
  sync(folder);
}

Position load_checkpoint(const std::filesystem::path& path, torch::nn::Module& model,
                         torch::optim::Optimizer& optimizer, torch::Device device) {
  torch::serialize::InputArchive archive, weights, state;
  archive.load_from(path.string(), device);
  archive.read("model", weights);
  archive.read("optimizer", state);
  model.load(weights);
  std::vector<std::unique_ptr<torch::optim::OptimizerOptions>> options;
  for (const auto& group : optimizer.param_groups()) options.push_back(group.options().clone());
  optimizer.load(state);
  for (std::size_t i = 0; i < options.size(); ++i)
    optimizer.param_groups()[i].set_options(std::move(options[i]));
  generator(torch::kCPU).set_state(read(archive, "random"));
  if (!device.is_cpu()) generator(device).set_state(read(archive, "device_random"));
  const torch::Tensor whole = read(archive, "counts"), real = read(archive, "sums");
  const std::int64_t* count = whole.data_ptr<std::int64_t>();
  const double* sum = real.data_ptr<double>();
  return {count[0], count[1], count[2], count[3], count[4],
          count[5], count[6], sum[0],   sum[1],   {sum[2], sum[3]}};
}

void delete_checkpoints_but(const std::filesystem::path& folder, const std::string& newest,
                            const std::string& before) {
  std::vector<std::filesystem::path> old;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    const bool ours = name.rfind("epoch-", 0) == 0 || name.rfind("step-", 0) == 0;
    if (ours && name != newest && name != before) old.push_back(entry.path());
  }
  for (const auto& path : old) std::filesystem::remove(path);
}

}  // namespace trainer
