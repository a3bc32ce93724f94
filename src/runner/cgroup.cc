#include "runner/cgroup.h"

#include <fmt/format.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

bool write_to(const fs::path& path, const std::string& text) {
  const base::Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

// The number behind `key` in a file of "key number" lines. Read at every evaluation.
std::optional<std::int64_t> value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.starts_with(key) || line.substr(key.size(), 1) != " ") continue;
    std::int64_t number = 0;
    const auto read = std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), number);
    return read.ec == std::errc() ? std::optional(number) : std::nullopt;
  }
  return std::nullopt;
}

std::vector<pid_t> members_of(const fs::path& group) {
  std::istringstream lines(slurp(group / "cgroup.procs"));
  std::vector<pid_t> pids;
  for (pid_t pid = 0; lines >> pid;) pids.push_back(pid);
  return pids;
}

// Groups that a program made inside its own go first.
bool remove_group(const fs::path& group) {
  if (::rmdir(group.c_str()) == 0 || errno == ENOENT) return true;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(group, error)) {
    if (entry.is_directory(error) && !entry.is_symlink(error)) remove_group(entry.path());
  }
  return ::rmdir(group.c_str()) == 0;
}

}  // namespace

std::optional<Cgroup> Cgroup::make(const fs::path& parent, const std::string& name) {
  const fs::path path = parent / name;
  if (::mkdir(path.c_str(), 0755) != 0) return std::nullopt;
  base::Descriptor folder =
      base::Descriptor::above_standard(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  Cgroup group(path, std::move(folder));
  const bool usable =
      group.folder_ && group.cpu_time() && ::access((path / "cgroup.procs").c_str(), W_OK) == 0;
  if (!usable) return std::nullopt;
  return group;
}

Cgroup::~Cgroup() {
  if (path_.empty()) return;
  cpu_.reset();
  folder_.reset();
  remove_group(path_);
}

base::Descriptor Cgroup::open_file(const char* name) const {
  return base::Descriptor::above_standard(::openat(folder_.get(), name, O_RDONLY | O_CLOEXEC));
}

std::optional<base::Seconds> Cgroup::cpu_time() const {
  char text[1024];
  const ssize_t got = cpu_ ? ::pread(cpu_.get(), text, sizeof text, 0) : -1;
  if (got <= 0) return std::nullopt;
  const auto usec = value_of({text, static_cast<std::size_t>(got)}, "usage_usec");
  if (!usec) return std::nullopt;
  return base::Seconds(1e-6 * static_cast<double>(*usec));
}

std::optional<std::size_t> Cgroup::memory() const {
  const std::string text = slurp(path_ / "memory.stat");
  const auto anonymous = value_of(text, "anon"), shared = value_of(text, "shmem");
  if (!anonymous || !shared) return std::nullopt;
  return static_cast<std::size_t>(*anonymous + *shared);
}

std::vector<pid_t> Cgroup::members() const { return members_of(path_); }

bool Cgroup::holds(pid_t pid) const {
  const std::string groups = slurp(fmt::format("/proc/{}/cgroup", pid));
  return groups.find("/" + path_.filename().string() + "\n") != std::string::npos;
}

void Cgroup::kill() const { write_to(path_ / "cgroup.kill", "1"); }

std::int64_t Cgroup::oom_kills() const {
  return value_of(slurp(path_ / "memory.events"), "oom_kill").value_or(0);
}

bool Cgroup::limit_memory(std::size_t bytes) const { return runner::limit_memory(path_, bytes); }

void Cgroup::hand_back() const {
  for (const pid_t pid : members()) write_to(path_.parent_path() / "cgroup.procs", std::to_string(pid));
}

std::optional<fs::path> own_cgroup(const fs::path& root) {
  // "30 25 0:26 /mounted/part /sys/fs/cgroup rw,... - cgroup2 cgroup2 rw": proc_pid_mountinfo(5)
  std::istringstream mounts(slurp(root / "proc/self/mountinfo"));
  std::optional<fs::path> mount;
  std::string part;
  for (std::string line; !mount && std::getline(mounts, line);) {
    const auto separator = line.find(" - cgroup2 ");
    if (separator == std::string::npos) continue;
    std::istringstream fields(line);
    std::string id, parent, device, point;
    fields >> id >> parent >> device >> part >> point;
    mount = root / fs::path(point).relative_path();
  }
  if (!mount) return std::nullopt;

  std::istringstream groups(slurp(root / "proc/self/cgroup"));
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    std::string group = line.substr(3);
    if (part != "/" && group.starts_with(part)) group.erase(0, part.size());
    if (group.find("/..") != std::string::npos) return std::nullopt;  // outside what is mounted here
    return *mount / fs::path(group).relative_path();
  }
  return std::nullopt;
}

bool limit_memory(const fs::path& group, std::size_t bytes) {
  return write_to(group / "memory.oom.group", "1") && write_to(group / "memory.max", std::to_string(bytes));
}

std::int64_t machine_oom_kills() { return value_of(slurp("/proc/vmstat"), "oom_kill").value_or(0); }

std::string cgroup_name(int number) { return fmt::format("sm2-{}-{}", ::getpid(), number); }

void remove_stale_cgroups(const fs::path& parent) {
  std::error_code error;
  std::vector<fs::path> stale;
  for (const auto& entry : fs::directory_iterator(parent, error)) {
    int tuner = 0, number = 0, end = 0;
    const std::string name = entry.path().filename().string();
    if (::sscanf(name.c_str(), "sm2-%d-%d%n", &tuner, &number, &end) != 2) continue;
    const bool ours = static_cast<std::size_t>(end) == name.size() && tuner > 0;
    const bool dead = tuner > 0 && ::kill(tuner, 0) != 0 && errno == ESRCH;
    if (ours && (dead || (tuner == ::getpid() && members_of(entry.path()).empty()))) {
      stale.push_back(entry.path());
    }
  }
  for (const auto& group : stale) {
    // A member shown as 0 lives in another pid namespace, and its tuner perhaps too.
    const auto members = members_of(group);
    if (std::find(members.begin(), members.end(), 0) != members.end()) continue;
    if (!members.empty()) write_to(group / "cgroup.kill", "1");
    for (int tries = 0; !remove_group(group) && tries < 20; ++tries) ::usleep(5'000);
  }
}

}  // namespace sm2::runner
