// The worker jobs of a study, where a batch system is to run them: kept at the number that the study file asks for, from here
// to end(), which cancels what is left of them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cluster/keeper.h"
#include "cluster/slurm.h"
#include "config/spec.h"

namespace sm2::cli {

class WorkerJobs {
 public:
  // `system`: "slurm", or empty for none. `folder`: of the study's trials. Fails where the batch system cannot be used, or the
  // store's URL has a password, which everybody could read in a job.
  static base::Result<WorkerJobs> start(const std::string& system, const config::Spec& spec,
                                        const std::string& store, const std::filesystem::path& folder,
                                        const base::Clock& clock);

  std::vector<std::string> news();  // for people, since last asked
  std::vector<std::string> end();   // likewise

 private:
  std::unique_ptr<cluster::Slurm> slurm_;
  std::unique_ptr<cluster::Keeper> keeper_;
};

}  // namespace sm2::cli
