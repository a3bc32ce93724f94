#include "runner/orphans.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <vector>

#include "runner/process_table.h"

namespace sm2::runner {
namespace {

constexpr int kTries = 500;
constexpr int kBetweenUs = 5'000;

bool has_variable(pid_t pid, const std::string& variable) {
  std::ifstream file(fmt::format("/proc/{}/environ", pid));
  const std::string environment = '\0' + std::string(std::istreambuf_iterator<char>(file), {}) + '\0';
  return environment.find('\0' + variable + '\0') != std::string::npos;
}

}  // namespace

void adopt_orphans() { ::prctl(PR_SET_CHILD_SUBREAPER, 1); }

std::optional<int> kill_orphans(pid_t guard, pid_t program, const std::string& variable,
                                const Cgroup* cgroup) {
  std::optional<int> status;
  const auto space = std::make_unique_for_overwrite<Process[]>(kMostProcesses);
  std::set<pid_t> doomed;  // once killed, a process can no longer be told by its environment
  for (int tries = 0; tries < kTries; ++tries) {
    const auto all = descendants(::getpid(), {space.get(), kMostProcesses});
    std::vector<pid_t> orphans;
    for (const Process& process : all) {
      const bool ours = process.parent == ::getpid() &&
                        (doomed.contains(process.pid) || process.pid == program || process.session == guard ||
                         (cgroup && cgroup->holds(process.pid)) || has_variable(process.pid, variable));
      if (ours) orphans.push_back(process.pid);
    }
    if (orphans.empty()) return status;
    doomed.insert(orphans.begin(), orphans.end());
    for (std::size_t before = 0; before != doomed.size();) {
      before = doomed.size();
      for (const Process& process : all) {
        if (doomed.contains(process.parent)) doomed.insert(process.pid);
      }
    }
    for (const pid_t pid : doomed) ::kill(pid, SIGKILL);
    if (cgroup) cgroup->kill();
    for (const pid_t pid : orphans) {
      int ended = 0;
      if (::waitpid(pid, &ended, WNOHANG) == pid && pid == program) status = ended;
    }
    ::usleep(kBetweenUs);
  }
  return status;
}

}  // namespace sm2::runner
