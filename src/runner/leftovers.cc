#include "runner/leftovers.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <system_error>

#include "base/descriptor.h"
#include "runner/guard_process.h"

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 500;
constexpr int kBetweenUs = 5'000;

// Of a zombie, and of another user's process, it is empty.
std::string environment_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/environ");
  return '\0' + std::string(std::istreambuf_iterator<char>(file), {});
}

// Whether it is a guard whose trial has its folder there: one that was stopped has not seen the end of its tuner.
bool guards_in(pid_t pid, const std::string& folder) {
  std::string name;
  std::ifstream("/proc/" + std::to_string(pid) + "/comm") >> name;
  if (name != kGuardName) return false;
  std::error_code error;
  return fs::read_symlink("/proc/" + std::to_string(pid) + "/cwd", error).string().starts_with(folder);
}

// By its descriptor, so that another process which was given the number meanwhile is not meant.
bool end_if(pid_t pid, const std::function<bool(pid_t)>& meant) {
  const base::Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!process || !meant(pid)) return false;
  return ::syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0) == 0;
}

}  // namespace

void end_leftovers(const fs::path& trials) {
  const std::string variable = "SM2_CHECKPOINT_DIR=" + fs::absolute(trials).string() + "/";
  std::error_code error;
  const std::string folder = fs::weakly_canonical(trials, error).string() + "/";
  const auto meant = [&](pid_t pid) {
    return environment_of(pid).find('\0' + variable) != std::string::npos || guards_in(pid, folder);
  };
  bool found = true;
  for (int tries = 0; found && tries < kTries; ++tries) {
    if (tries > 0) ::usleep(kBetweenUs);
    found = false;
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc", error)) {
      const pid_t pid = ::atoi(entry.path().filename().c_str());  // 0 for what is no process
      if (pid > 0 && pid != ::getpid() && end_if(pid, meant)) found = true;
    }
  }
}

}  // namespace sm2::runner
