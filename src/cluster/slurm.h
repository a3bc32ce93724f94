// Workers as jobs of Slurm, by its own commands: sbatch, squeue, scancel. Jobs are known by their name, which is the
// study's and its store's: a tuner that goes on finds those that the one before has started. Nothing is put into a shell: the
// batch script runs its arguments.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/batch.h"
#include "config/spec.h"

namespace sm2::cluster {

class Slurm final : public Batch {
 public:
  struct Setup {
    config::Slurm wanted;
    std::string study;
    std::string store;              // as workers are told it; no password, others can read it
    std::filesystem::path program;  // sm2
    std::filesystem::path folder;   // of the study's trials, for the script and the jobs' output
  };
  // Fails where Slurm's commands are not there, or its controller does not answer.
  static base::Result<Slurm> make(Setup setup);

  base::Result<int> alive() override;
  base::Result<> submit(int jobs) override;
  base::Result<> cancel() override;
  std::string where_logs_are() const override;

  std::vector<std::string> submission(int jobs) const;  // the command

 private:
  explicit Slurm(Setup setup);

  Setup setup_;
  std::string name_;
};

// Of `squeue --format=%T`, a job a line: how many are there to stay.
int count_alive(std::string_view states);

}  // namespace sm2::cluster
