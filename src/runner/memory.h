// Main memory that processes hold: anonymous and shared memory, the page cache left aside. What several of them share
// is divided between them (Pss of /proc/PID/smaps_rollup: proc(5)), so that a sum counts it once. Where the kernel does
// not tell, all of a process's resident pages count.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace sm2::runner {

// In bytes. Processes that are gone count nothing; nothing when none of them can be read. `proc` is /proc but in tests.
std::optional<std::size_t> memory_of(const std::vector<pid_t>& pids,
                                     const std::filesystem::path& proc = "/proc");

// All their resident pages, which is no less but for what the kernel has not yet added up, and far quicker to read.
std::optional<std::size_t> resident_of(const std::vector<pid_t>& pids,
                                       const std::filesystem::path& proc = "/proc");

}  // namespace sm2::runner
