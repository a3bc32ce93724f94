// Control groups (version 2): one child group per training process where the tuner may make them, as root, in
// a delegated group or in most containers with a writable mount. They count the CPU time of every process of
// a tree, however short-lived, and kill all of it at once. Where they cannot be made, callers do without.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/quantity.h"

namespace sm2::runner {

class Cgroup {  // removed with the object, when nothing is in it any more
 public:
  // The folder `parent`/`name`, made now. Nothing when it cannot be, or is there already.
  static std::optional<Cgroup> make(const std::filesystem::path& parent, const std::string& name);

  Cgroup(Cgroup&&) noexcept = default;
  Cgroup& operator=(Cgroup&&) = delete;
  ~Cgroup();

  int descriptor() const { return folder_.get(); }
  std::optional<base::Seconds> cpu_time() const;
  // Bytes that its members hold, the page cache left aside; nothing where the memory controller is not enabled.
  std::optional<std::size_t> memory() const;
  std::vector<pid_t> members() const;  // without zombies
  bool holds(pid_t pid) const;         // zombies included
  void kill() const;                   // every member, with SIGKILL
  std::int64_t oom_kills() const;      // 0 where the memory controller is not enabled
  // The kernel then kills all of it where it would hold more. False where the memory controller is not enabled.
  bool limit_memory(std::size_t bytes) const;
  void hand_back() const;  // moves its members to the parent group

 private:
  Cgroup(std::filesystem::path path, base::Descriptor folder)
      : path_(std::move(path)), folder_(std::move(folder)), cpu_(open_file("cpu.stat")) {}
  base::Descriptor open_file(const char* name) const;

  std::filesystem::path path_;
  base::Descriptor folder_;
  base::Descriptor cpu_;  // kept open: opening a control group's file costs more than reading it
};

// The folder of this process's own group in the version 2 hierarchy, plain or hybrid; nothing where there is
// none. `root` stands before /proc and the mount point: "/" but in tests.
std::optional<std::filesystem::path> own_cgroup(const std::filesystem::path& root = "/");

// "sm2-PID-NUMBER"; the pid is of the tuner.
std::string cgroup_name(int number);

// Removes the groups below `parent` of tuners that are dead, killing what is still in them, and empty ones
// that an earlier process with this pid left.
void remove_stale_cgroups(const std::filesystem::path& parent);

// Writes the limit of memory of the group with this folder, as Cgroup::limit_memory() says.
bool limit_memory(const std::filesystem::path& group, std::size_t bytes);

// How often the kernel has killed for want of memory on this machine; grows only.
std::int64_t machine_oom_kills();

}  // namespace sm2::runner
