// A shared library with the interface of AMD's librocm_smi64 that follows a script, for tests without a GPU. The script
// is the text given to sm2_standin_script, or the file that SM2_ROCM_SCRIPT names when rsmi_init is called:
//
//   init 8                       rsmi_init's status; every call but rsmi_init aborts, as the real library crashes
//   gpu AMD Instinct MI300X      begins a GPU, with its name; what follows is about it
//   unique_id 1234abcd           hexadecimal; without it the call is not supported
//   pci 0000:c1:00.0
//   watts 0:100 5:300            the true power: linear between these times (s), after the last as there
//   power current                "current" (of the moment), "average S" (over the last S seconds), or "none"
//   energy 15.259                microjoules of a count; it is stepped every millisecond. Without it: not supported
//   counts_from 1000             what the counter showed at time 0
//   stuck                        the counter does not move
//   cap 300 400                  watts: set, and the highest
//   fail 10 5                    every call about this GPU fails with status 10 from second 5 on
//   fail 4 0 energy              so does only "energy" or "power"
//
// Time is real, from the script's arrival, until sm2_standin_time says it.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr unsigned kNotSupported = 2;
constexpr unsigned kInvalidDevice = 7;
constexpr double kStep = 1e-3;  // of the counter, in seconds

struct Point {
  double at, watts;
};

struct Failure {
  unsigned status;
  double from;
  std::string of;  // empty: of everything
};

struct Gpu {
  std::string name;
  std::optional<std::uint64_t> unique_id, pci;
  std::vector<Point> watts;
  std::string power = "current";
  double averaged = 0;
  std::optional<double> resolution;
  double counts_from = 0;
  bool stuck = false;
  std::optional<double> cap, most;
  std::vector<Failure> failures;

  double power_at(double time) const {
    if (watts.empty()) return 0;
    if (time <= watts.front().at) return watts.front().watts;
    for (std::size_t at = 1; at < watts.size(); ++at) {
      const Point &a = watts[at - 1], &b = watts[at];
      if (time <= b.at) return a.watts + (b.watts - a.watts) * (time - a.at) / (b.at - a.at);
    }
    return watts.back().watts;
  }

  double joules_until(double time) const {  // since time 0; negative before it
    double sum = 0, from = std::min(0.0, time);
    const double until = std::max(0.0, time);
    const double sign = time < 0 ? -1 : 1;
    const auto add = [&](double to) {
      sum += 0.5 * (power_at(from) + power_at(to)) * (to - from);
      from = to;
    };
    for (const Point& point : watts) {
      if (point.at > from && point.at < until) add(point.at);
    }
    add(until);
    return sign * sum;
  }
};

struct Script {
  unsigned init = 0;
  std::vector<Gpu> gpus;
};

std::mutex mutex;
Script script;
bool scripted = false;
bool initialised = false;
std::optional<double> fixed_time;
std::chrono::steady_clock::time_point arrived = std::chrono::steady_clock::now();

double now() {
  if (fixed_time) return *fixed_time;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - arrived).count();
}

std::uint64_t parse_pci(const std::string& text) {
  unsigned domain = 0, bus = 0, device = 0, function = 0;
  std::sscanf(text.c_str(), "%x:%x:%x.%x", &domain, &bus, &device, &function);
  return std::uint64_t{domain} << 32 | bus << 8 | device << 3 | function;
}

void parse_gpu_line(Gpu& gpu, const std::string& key, std::istringstream& words) {
  double number = 0;
  std::string word;
  if (key == "unique_id") {
    words >> word;
    gpu.unique_id = std::stoull(word, nullptr, 16);
  } else if (key == "pci") {
    words >> word;
    gpu.pci = parse_pci(word);
  } else if (key == "watts") {
    for (char colon = 0; words >> number >> colon;) {
      double watts = 0;
      words >> watts;
      gpu.watts.push_back({number, watts});
    }
  } else if (key == "power") {
    words >> gpu.power >> gpu.averaged;
  } else if (key == "energy") {
    words >> number;
    gpu.resolution = number;
  } else if (key == "counts_from") {
    words >> gpu.counts_from;
  } else if (key == "stuck") {
    gpu.stuck = true;
  } else if (key == "cap") {
    words >> number;
    gpu.cap = number;
    if (words >> number) gpu.most = number;
  } else if (key == "fail") {
    Failure failure{};
    words >> failure.status >> failure.from >> failure.of;
    gpu.failures.push_back(failure);
  } else {
    std::fprintf(stderr, "rocm stand-in: '%s' is no word of a script\n", key.c_str());
    std::abort();
  }
}

Script parse(const std::string& text) {
  Script parsed;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string key;
    if (!(words >> key)) continue;
    if (key == "init") {
      words >> parsed.init;
    } else if (key == "gpu") {
      parsed.gpus.emplace_back();
      std::getline(words >> std::ws, parsed.gpus.back().name);
    } else if (!parsed.gpus.empty()) {
      parse_gpu_line(parsed.gpus.back(), key, words);
    }
  }
  return parsed;
}

// Calls `answer` with the GPU, unless the script says that it fails.
template <class Answer>
unsigned ask(std::uint32_t device, const char* what, Answer answer) {
  const std::lock_guard lock(mutex);
  if (!initialised) {
    std::fprintf(stderr, "rocm stand-in: called without rsmi_init\n");
    std::abort();
  }
  if (device >= script.gpus.size()) return kInvalidDevice;
  const Gpu& gpu = script.gpus[device];
  for (const Failure& failure : gpu.failures) {
    if (now() >= failure.from && (failure.of.empty() || failure.of == what)) return failure.status;
  }
  return answer(gpu);
}

template <class Value>
unsigned give(const std::optional<Value>& value, std::uint64_t* into, double factor = 1) {
  if (!value) return kNotSupported;
  if constexpr (std::is_integral_v<Value>) {
    *into = *value;
  } else {
    *into = static_cast<std::uint64_t>(std::llround(*value * factor));
  }
  return 0;
}

unsigned give_power(const Gpu& gpu, bool average, std::uint64_t* microwatts) {
  if (gpu.power != (average ? "average" : "current")) return kNotSupported;
  const double time = now();
  const double watts = average && gpu.averaged > 0
                           ? (gpu.joules_until(time) - gpu.joules_until(time - gpu.averaged)) / gpu.averaged
                           : gpu.power_at(time);
  *microwatts = static_cast<std::uint64_t>(std::llround(watts * 1e6));
  return 0;
}

}  // namespace

extern "C" {

void sm2_standin_script(const char* text) {
  const std::lock_guard lock(mutex);
  script = parse(text);
  scripted = true;
  fixed_time.reset();
  arrived = std::chrono::steady_clock::now();
}

void sm2_standin_time(double seconds) {
  const std::lock_guard lock(mutex);
  fixed_time = seconds;
}

unsigned rsmi_init(std::uint64_t) {
  const std::lock_guard lock(mutex);
  if (const char* file = std::getenv("SM2_ROCM_SCRIPT"); file && !scripted) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    script = parse(text.str());
    scripted = true;
    arrived = std::chrono::steady_clock::now();
  }
  initialised = script.init == 0;
  return script.init;
}

unsigned rsmi_shut_down() { return 0; }

unsigned rsmi_num_monitor_devices(std::uint32_t* count) {
  const std::lock_guard lock(mutex);
  if (!initialised) std::abort();
  *count = static_cast<std::uint32_t>(script.gpus.size());
  return 0;
}

unsigned rsmi_dev_name_get(std::uint32_t device, char* name, std::size_t length) {
  return ask(device, "name", [&](const Gpu& gpu) {
    std::snprintf(name, length, "%s", gpu.name.c_str());
    return 0u;
  });
}

unsigned rsmi_dev_unique_id_get(std::uint32_t device, std::uint64_t* id) {
  return ask(device, "unique_id", [&](const Gpu& gpu) { return give(gpu.unique_id, id); });
}

unsigned rsmi_dev_pci_id_get(std::uint32_t device, std::uint64_t* id) {
  return ask(device, "pci", [&](const Gpu& gpu) { return give(gpu.pci, id); });
}

unsigned rsmi_dev_energy_count_get(std::uint32_t device, std::uint64_t* count, float* resolution,
                                   std::uint64_t* timestamp) {
  return ask(device, "energy", [&](const Gpu& gpu) {
    if (!gpu.resolution) return kNotSupported;
    const double at = gpu.stuck ? 0 : std::floor(now() / kStep) * kStep;
    *resolution = static_cast<float>(*gpu.resolution);
    *count = static_cast<std::uint64_t>(gpu.counts_from + gpu.joules_until(at) * 1e6 / *gpu.resolution);
    *timestamp = static_cast<std::uint64_t>(at * 1e9);
    return 0u;
  });
}

unsigned rsmi_dev_power_ave_get(std::uint32_t device, std::uint32_t, std::uint64_t* microwatts) {
  return ask(device, "power", [&](const Gpu& gpu) { return give_power(gpu, true, microwatts); });
}

unsigned rsmi_dev_power_cap_get(std::uint32_t device, std::uint32_t, std::uint64_t* microwatts) {
  return ask(device, "cap", [&](const Gpu& gpu) { return give(gpu.cap, microwatts, 1e6); });
}

unsigned rsmi_dev_power_cap_range_get(std::uint32_t device, std::uint32_t, std::uint64_t* most,
                                      std::uint64_t* least) {
  *least = 0;
  return ask(device, "cap", [&](const Gpu& gpu) { return give(gpu.most, most, 1e6); });
}

#ifndef SM2_ROCM_5
unsigned rsmi_dev_current_socket_power_get(std::uint32_t device, std::uint64_t* microwatts) {
  return ask(device, "power", [&](const Gpu& gpu) { return give_power(gpu, false, microwatts); });
}

unsigned rsmi_dev_power_get(std::uint32_t device, std::uint64_t* microwatts, int* type) {
  *type = 1;
  unsigned status = rsmi_dev_current_socket_power_get(device, microwatts);
  if (status == 0) return status;
  *type = 0;
  status = rsmi_dev_power_ave_get(device, 0, microwatts);
  return status;
}
#endif

}  // extern "C"
