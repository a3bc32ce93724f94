#include "checkpoint.h"

#include <ATen/CPUGeneratorImpl.h>
#include <fcntl.h>
#include <torch/serialize.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace fashion {

namespace {

void sync(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  const std::error_code reason(errno, std::generic_category());
  if (file >= 0) ::close(file);
  if (!done) throw std::filesystem::filesystem_error("cannot be written", path, reason);
}

}  // namespace

void save_checkpoint(const std::filesystem::path& folder, const std::string& name, const Net& net,
                     const torch::optim::SGD& optimiser, const Position& position) {
  torch::serialize::OutputArchive archive, weights, momentum;
  net->save(weights);
  optimiser.save(momentum);
  archive.write("net", weights);
  archive.write("optimiser", momentum);
  archive.write("position", torch::tensor({position.step, position.epoch, position.batch, position.samples}));
  archive.write("random", at::detail::getDefaultCPUGenerator().get_state());
  const std::filesystem::path unfinished = folder / (name + ".unfinished");
  archive.save_to(unfinished.string());
  sync(unfinished);
  std::filesystem::rename(unfinished, folder / name);
  sync(folder);
}

Position load_checkpoint(const std::filesystem::path& path, Net& net, torch::optim::SGD& optimiser) {
  torch::serialize::InputArchive archive, weights, momentum;
  archive.load_from(path.string());
  archive.read("net", weights);
  archive.read("optimiser", momentum);
  net->load(weights);
  optimiser.load(momentum);
  torch::Tensor position, random;
  archive.read("position", position);
  archive.read("random", random);
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  generator.set_state(random);
  const std::int64_t* at = position.data_ptr<std::int64_t>();
  return {at[0], at[1], at[2], at[3]};
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

}  // namespace fashion
