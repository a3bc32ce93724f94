#include "meter/processor.h"

#include <sched.h>

#include <charconv>
#include <fstream>
#include <string_view>
#include <thread>
#include <vector>

namespace sm2::meter {
namespace {

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

Processor read_processor(const std::filesystem::path& proc) {
  Processor processor;
  std::ifstream file(proc / "cpuinfo");
  for (std::string line; std::getline(file, line) && !line.empty();) {  // the first processor's paragraph
    const auto colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string key = line.substr(0, line.find_last_not_of(" \t", colon - 1) + 1);
    const std::string value = line.size() > colon + 2 ? line.substr(colon + 2) : "";
    if (key == "vendor_id") processor.vendor = value;
    if (key == "model name") processor.name = value;
    if (key == "cpu family") processor.family = number(value);
    if (key == "model") processor.model = number(value);
    if (key == "stepping") processor.stepping = number(value);
  }
  return processor;
}

int available_processors() {
  constexpr std::size_t kMost = 8192;  // NR_CPUS of the largest kernels
  std::vector<cpu_set_t> set(kMost / CPU_SETSIZE);
  const std::size_t bytes = set.size() * sizeof(cpu_set_t);
  if (sched_getaffinity(0, bytes, set.data()) == 0) return CPU_COUNT_S(bytes, set.data());
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace sm2::meter
