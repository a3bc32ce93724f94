#include "cli/worker_jobs.h"

#include "journal/stores.h"

namespace sm2::cli {

base::Result<WorkerJobs> WorkerJobs::start(const std::string& system, const config::Spec& spec,
                                           const std::string& store, const std::filesystem::path& folder,
                                           const base::Clock& clock) {
  WorkerJobs jobs;
  if (system.empty()) return jobs;
  if (journal::shown_store(store) != store) {
    return base::fail(
        "--cluster: the store's URL has a password, which everybody could read in the command of a job; put "
        "it into "
        "~/.pgpass or PGPASSWORD");
  }
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return base::fail("--cluster: sm2 cannot find its own program: {}", error.message());
  auto slurm =
      cluster::Slurm::make({spec.slurm, spec.name, store, program, std::filesystem::absolute(folder)});
  if (!slurm) return base::fail("--cluster: {}", slurm.error().message);
  jobs.slurm_ = std::make_unique<cluster::Slurm>(*std::move(slurm));
  jobs.keeper_ = std::make_unique<cluster::Keeper>(*jobs.slurm_, spec.slurm.workers, clock);
  return jobs;
}

std::vector<std::string> WorkerJobs::news() { return keeper_ ? keeper_->news() : std::vector<std::string>(); }

std::vector<std::string> WorkerJobs::end() { return keeper_ ? keeper_->end() : std::vector<std::string>(); }

}  // namespace sm2::cli
