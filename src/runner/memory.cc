#include "runner/memory.h"

#include <unistd.h>

#include <fstream>
#include <string>

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

std::optional<std::size_t> shares(const fs::path& process) {
  std::ifstream file(process / "smaps_rollup");
  std::string word;
  std::optional<std::size_t> kilobytes;
  while (file >> word) {
    std::size_t amount = 0;
    if ((word == "Pss_Anon:" || word == "Pss_Shmem:") && file >> amount)
      kilobytes = kilobytes.value_or(0) + amount;
  }
  if (!kilobytes) return {};
  return *kilobytes * 1024;
}

std::optional<std::size_t> resident(const fs::path& process) {
  std::ifstream file(process / "statm");
  std::size_t size = 0, pages = 0;
  if (!(file >> size >> pages)) return {};
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

template <class BytesOf>
std::optional<std::size_t> sum(const std::vector<pid_t>& pids, const fs::path& proc, BytesOf bytes_of) {
  std::optional<std::size_t> all;
  for (const pid_t pid : pids) {
    if (const auto bytes = bytes_of(proc / std::to_string(pid))) all = all.value_or(0) + *bytes;
  }
  return all;
}

}  // namespace

std::optional<std::size_t> memory_of(const std::vector<pid_t>& pids, const fs::path& proc) {
  return sum(pids, proc, [](const fs::path& process) {
    const auto bytes = shares(process);
    return bytes ? bytes : resident(process);
  });
}

std::optional<std::size_t> resident_of(const std::vector<pid_t>& pids, const fs::path& proc) {
  return sum(pids, proc, resident);
}

}  // namespace sm2::runner
