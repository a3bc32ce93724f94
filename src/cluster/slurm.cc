#include "cluster/slurm.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <sstream>

#include "base/program_output.h"

namespace sm2::cluster {
namespace {

constexpr base::Seconds kPatience{
    60};                     // Slurm's commands try again by themselves where the controller is away
constexpr int kNotice = 60;  // seconds before the end of its time that a worker is asked to leave
constexpr const char* kLeaveAfter = "5 min";  // without a tuner
constexpr const char* kScript = "worker.sh";

base::Result<> write_script(const std::filesystem::path& file) {
  std::ofstream script(file, std::ios::trunc);
  script << "#!/bin/sh\nexec \"$@\"\n";
  script.close();
  if (!script) return base::fail("{} cannot be written", file.string());
  return {};
}

}  // namespace

base::Result<Slurm> Slurm::make(Setup setup) {
  Slurm slurm(std::move(setup));
  if (auto written = write_script(slurm.setup_.folder / kScript); !written)
    return tl::unexpected(written.error());
  if (const auto asked = slurm.alive(); !asked)
    return base::fail("Slurm cannot be used here: {}", asked.error().message);
  return slurm;
}

Slurm::Slurm(Setup setup)
    : setup_(std::move(setup)),
      name_(fmt::format("sm2-{}-{:08x}", setup_.study,
                        std::hash<std::string>()(setup_.store + '\n' + setup_.study) & 0xffffffffu)) {}

int count_alive(std::string_view states) {
  std::istringstream lines{std::string(states)};
  int alive = 0;
  for (std::string state; lines >> state;) {
    if (state != "COMPLETING" && state != "COMPLETED" && state != "CANCELLED" && state != "FAILED") ++alive;
  }
  return alive;
}

base::Result<int> Slurm::alive() {
  const auto states = base::program_output(
      {"squeue", "--me", "--array", "--noheader", "--format=%T", "--name=" + name_}, kPatience);
  if (!states) return tl::unexpected(states.error());
  return count_alive(*states);
}

std::vector<std::string> Slurm::submission(int jobs) const {
  const config::Slurm& wanted = setup_.wanted;
  std::vector<std::string> command = {"sbatch",
                                      "--parsable",
                                      "--requeue",
                                      "--open-mode=append",
                                      "--job-name=" + name_,
                                      fmt::format("--array=1-{}", jobs),
                                      fmt::format("--signal=B:TERM@{}", kNotice),
                                      "--output=" + (setup_.folder / "slurm-%A_%a.log").string()};
  if (wanted.partition) command.push_back("--partition=" + *wanted.partition);
  if (wanted.account) command.push_back("--account=" + *wanted.account);
  if (wanted.gpus) command.push_back(fmt::format("--gpus={}", *wanted.gpus));
  if (wanted.cpus) command.push_back(fmt::format("--cpus-per-task={}", *wanted.cpus));
  if (wanted.memory) command.push_back(fmt::format("--mem={}M", *wanted.memory >> 20));
  if (wanted.time) command.push_back(fmt::format("--time={}", std::ceil(wanted.time->value / 60)));
  command.insert(command.end(), wanted.options.begin(), wanted.options.end());
  for (std::string argument :
       {(setup_.folder / kScript).string(), setup_.program.string(), std::string("worker"), setup_.study,
        std::string("--store"), setup_.store, std::string("--places"), std::to_string(wanted.places),
        std::string("--patience"), std::string(kLeaveAfter), std::string("--never-decide")})
    command.push_back(std::move(argument));
  return command;
}

base::Result<> Slurm::submit(int jobs) {
  const auto submitted = base::program_output(submission(jobs), kPatience);
  return submitted ? base::Result<>() : tl::unexpected(submitted.error());
}

base::Result<> Slurm::cancel() {
  const auto cancelled = base::program_output({"scancel", "--me", "--name=" + name_}, kPatience);
  return cancelled ? base::Result<>() : tl::unexpected(cancelled.error());
}

std::string Slurm::where_logs_are() const { return (setup_.folder / "slurm-*.log").string(); }

}  // namespace sm2::cluster
