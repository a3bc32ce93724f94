// Which processor this machine has, from /proc/cpuinfo, and how many logical ones this process may use.
// What the file does not say (an Arm machine, a container that hides it) is empty or 0.
#pragma once

#include <filesystem>
#include <string>

namespace sm2::meter {

struct Processor {
  std::string vendor;  // "GenuineIntel", "AuthenticAMD"
  std::string name;    // "Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz"
  int family = 0, model = 0, stepping = 0;
};

Processor read_processor(const std::filesystem::path& proc);

// By affinity (sched_getaffinity), which commands started from here inherit. A cgroup's CPU quota is not
// considered: the processors it throttles draw their idle power all the same.
int available_processors();

}  // namespace sm2::meter
