// A stand-in for libnvidia-ml.so.1: NVML's interface, and GPUs that follow a script. Power traces go in and are
// integrated in closed form, so a test knows the true joules; what NVML would show of them comes out. Nothing here
// knows the product: types and constants are declared anew, so that a mistake in either is seen.
//
// The script (script.h) is the file named by SM2_NVML_SCRIPT, or what sm2_standin_script() was last given.
//
// Time is CLOCK_MONOTONIC since the library was loaded, until sm2_standin_time() drives it; then it is simulated.
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>

#include "script.h"

namespace {

using namespace standin;

struct PciInfo {
  char bus_id_legacy[16];
  unsigned domain, bus, device, device_id, subsystem_id;
  char bus_id[32];
};
struct FieldValue {
  unsigned field, scope;
  long long timestamp_us, latency_us;
  int type;  // 1: unsigned int, 3: unsigned long long
  int result;
  union {
    double real;
    unsigned number;
    unsigned long long large;
  } value;
};
struct Attributes {
  unsigned multiprocessors, copy_engines, decoders, encoders, jpeg, ofa, gpu_slices, compute_slices;
  unsigned long long memory_mb;
};
struct ProcessSample {
  unsigned pid;
  unsigned long long timestamp_us;
  unsigned sm, memory, encoder, decoder;
};
static_assert(sizeof(PciInfo) == 68 && sizeof(FieldValue) == 40 && sizeof(Attributes) == 40);
static_assert(sizeof(ProcessSample) == 32);

double monotonic() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

class Driver {
 public:
  Driver() : loaded_(monotonic()) {
    const char* file = std::getenv("SM2_NVML_SCRIPT");
    if (!file) return;
    std::ifstream in(file);
    replace(in);
  }

  bool replace(std::istream& in) {
    try {
      script_ = parse(in);
      valid_ = true;
    } catch (const std::exception& error) {
      std::cerr << error.what() << std::endl;
      valid_ = false;
    }
    epoch_ = epoch(now());
    return valid_;
  }

  std::mutex mutex;

  double now() const { return simulated_ ? *simulated_ : monotonic() - loaded_; }
  void set_time(double seconds) { simulated_ = seconds; }
  Script& script() { return script_; }

  int init() {
    if (const int code = fault("nvmlInit_v2", nullptr)) return code;
    if (!valid_) return kUnknown;
    if (epoch(now()) != epoch_) users_ = 0;
    epoch_ = epoch(now());
    ++users_;
    return kSuccess;
  }
  int shutdown() {
    if (users_ == 0) return kUninitialized;
    --users_;
    return kSuccess;
  }
  // 0, or what the script has `function` answer now.
  int check(const char* function, const Gpu* gpu) const {
    if (users_ == 0 || epoch(now()) != epoch_) return kUninitialized;
    return fault(function, gpu);
  }

  // Handles are numbers in disguise: epoch, MIG instance + 1 or 0, GPU + 1.
  void* handle(std::size_t gpu, std::size_t mig_plus_1) const {
    return reinterpret_cast<void*>(static_cast<std::uintptr_t>(epoch_ << 20 | mig_plus_1 << 10 | (gpu + 1)));
  }
  Gpu* gpu_of(void* handle) {
    const auto number = reinterpret_cast<std::uintptr_t>(handle);
    const std::size_t index = (number & 1023) - 1;
    return number >> 20 == epoch_ && index < script_.gpus.size() ? &script_.gpus[index] : nullptr;
  }
  const Mig* mig_of(void* handle) {
    Gpu* gpu = gpu_of(handle);
    const std::size_t index = ((reinterpret_cast<std::uintptr_t>(handle) >> 10) & 1023) - 1;
    return gpu && index < gpu->migs.size() ? &gpu->migs[index] : nullptr;
  }

  std::uint64_t counter(const Gpu& gpu) const {
    if (gpu.counting == Gpu::Counting::kStuck) return gpu.counter_stuck.value_or(gpu.counter_start);
    double since = 0;
    bool restarted = false;
    for (const auto* list : {&gpu.counter_resets, &script_.reloads}) {
      for (const double at : *list) {
        if (at > now()) continue;
        since = std::max(since, at);
        restarted = true;
      }
    }
    const double stepped = std::max(since, gpu.last(now(), gpu.counter_step));
    const std::uint64_t start = restarted ? 0 : gpu.counter_start;
    const std::uint64_t value = start + static_cast<std::uint64_t>(1000 * gpu.joules(since, stepped) + 1e-6);
    return gpu.counting == Gpu::Counting::kWrap ? value % gpu.counter_wrap : value;
  }

  unsigned limit(const Gpu& gpu) const {
    const auto kept = limits();
    const auto set = kept.find(gpu.uuid);
    return set != kept.end() ? set->second : gpu.limits->current;
  }
  void keep_limit(Gpu& gpu, unsigned milliwatts) {
    gpu.limits->current = milliwatts;
    if (script_.limits_file.empty()) return;
    auto kept = limits();
    kept[gpu.uuid] = milliwatts;
    const std::string fresh = script_.limits_file + ".new";
    {
      std::ofstream out(fresh, std::ios::trunc);
      for (const auto& [uuid, value] : kept) out << uuid << ' ' << value << '\n';
    }
    std::rename(fresh.c_str(), script_.limits_file.c_str());
  }

 private:
  std::size_t epoch(double at) const {
    return 1 + static_cast<std::size_t>(
                   std::ranges::count_if(script_.reloads, [&](double t) { return t <= at; }));
  }
  int fault(const char* function, const Gpu* gpu) const {
    const auto find = [&](const std::vector<Fault>& faults) {
      for (const Fault& fault : faults) {
        const bool meant = fault.function == "*" || fault.function == function;
        if (meant && now() >= fault.from && now() < fault.until) return fault.code;
      }
      return 0;
    };
    const int code = find(script_.faults);
    return code || !gpu ? code : find(gpu->faults);
  }
  std::map<std::string, unsigned> limits() const {
    std::map<std::string, unsigned> kept;
    std::ifstream in(script_.limits_file);
    std::string uuid;
    unsigned milliwatts = 0;
    while (in >> uuid >> milliwatts) kept[uuid] = milliwatts;
    return kept;
  }

  double loaded_;
  std::optional<double> simulated_;
  Script script_;
  bool valid_ = true;
  unsigned users_ = 0;
  std::size_t epoch_ = 1;
};

Driver& driver() {
  static Driver driver;
  return driver;
}

// What every call about a device does first; `answer` is called when nothing is wrong, under the lock.
template <class Answer>
int about(const char* function, void* handle, Answer answer) {
  const std::lock_guard lock(driver().mutex);
  Gpu* gpu = driver().gpu_of(handle);
  if (const int code = driver().check(function, gpu)) return code;
  if (!gpu) return kInvalidArgument;
  return answer(*gpu);
}

int put(char* to, unsigned length, const std::string& text) {
  if (text.size() >= length) return kInsufficientSize;
  std::memcpy(to, text.c_str(), text.size() + 1);
  return kSuccess;
}

int shown(const Gpu& gpu, const std::optional<double>& window, unsigned* milliwatts) {
  if (!window) return kNotSupported;
  const double now = driver().now();
  *milliwatts = static_cast<unsigned>(std::lround(1000 * gpu.mean(gpu.last(now, gpu.update), *window)));
  return kSuccess;
}

int energy(const Gpu& gpu, unsigned long long* millijoules) {
  if (gpu.counting == Gpu::Counting::kOff) return kNotSupported;
  *millijoules = driver().counter(gpu);
  return kSuccess;
}

}  // namespace

extern "C" {

void sm2_standin_time(double seconds) {
  const std::lock_guard lock(driver().mutex);
  driver().set_time(seconds);
}

int sm2_standin_script(const char* text) {  // 0, or -1 where it is wrong; standard error says how
  const std::lock_guard lock(driver().mutex);
  std::istringstream in(text);
  return driver().replace(in) ? 0 : -1;
}

double sm2_standin_true_joules(unsigned gpu, double from, double to) {
  const std::lock_guard lock(driver().mutex);
  const auto& gpus = driver().script().gpus;
  return gpu < gpus.size() ? gpus[gpu].joules(from, to) : std::nan("");
}

int nvmlInit_v2() {
  const std::lock_guard lock(driver().mutex);
  return driver().init();
}

int nvmlShutdown() {
  const std::lock_guard lock(driver().mutex);
  return driver().shutdown();
}

int nvmlDeviceGetCount_v2(unsigned* count) {
  const std::lock_guard lock(driver().mutex);
  if (const int code = driver().check("nvmlDeviceGetCount_v2", nullptr)) return code;
  *count = static_cast<unsigned>(driver().script().gpus.size());
  return kSuccess;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, void** handle) {
  const std::lock_guard lock(driver().mutex);
  auto& gpus = driver().script().gpus;
  const Gpu* gpu = index < gpus.size() ? &gpus[index] : nullptr;
  if (const int code = driver().check("nvmlDeviceGetHandleByIndex_v2", gpu)) return code;
  if (!gpu) return kInvalidArgument;
  *handle = driver().handle(index, 0);
  return kSuccess;
}

int nvmlDeviceGetHandleByUUID(const char* uuid, void** handle) {
  const std::lock_guard lock(driver().mutex);
  auto& gpus = driver().script().gpus;
  if (const int code = driver().check("nvmlDeviceGetHandleByUUID", nullptr)) return code;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (gpus[i].uuid == uuid) {
      if (const int code = driver().check("nvmlDeviceGetHandleByUUID", &gpus[i])) return code;
      *handle = driver().handle(i, 0);
      return kSuccess;
    }
  }
  return kNotFound;
}

int nvmlDeviceGetUUID(void* device, char* uuid, unsigned length) {
  return about("nvmlDeviceGetUUID", device, [&](Gpu& gpu) {
    const Mig* mig = driver().mig_of(device);
    return put(uuid, length, mig ? mig->uuid : gpu.uuid);
  });
}

int nvmlDeviceGetName(void* device, char* name, unsigned length) {
  return about("nvmlDeviceGetName", device, [&](Gpu& gpu) { return put(name, length, gpu.name); });
}

int nvmlDeviceGetPciInfo_v3(void* device, PciInfo* pci) {
  return about("nvmlDeviceGetPciInfo_v3", device, [&](Gpu& gpu) {
    std::memset(pci, 0, sizeof *pci);
    put(pci->bus_id_legacy, sizeof pci->bus_id_legacy,
        gpu.pci.substr(gpu.pci.size() > 12 ? gpu.pci.size() - 12 : 0));
    return put(pci->bus_id, sizeof pci->bus_id, gpu.pci);
  });
}

int nvmlDeviceGetArchitecture(void* device, unsigned* architecture) {
  return about("nvmlDeviceGetArchitecture", device, [&](Gpu& gpu) {
    *architecture = gpu.architecture;
    return kSuccess;
  });
}

int nvmlDeviceGetTotalEnergyConsumption(void* device, unsigned long long* millijoules) {
  return about("nvmlDeviceGetTotalEnergyConsumption", device,
               [&](Gpu& gpu) { return energy(gpu, millijoules); });
}

int nvmlDeviceGetPowerUsage(void* device, unsigned* milliwatts) {
  return about("nvmlDeviceGetPowerUsage", device,
               [&](Gpu& gpu) { return shown(gpu, gpu.average, milliwatts); });
}

int nvmlDeviceGetFieldValues(void* device, int count, FieldValue* values) {
  return about("nvmlDeviceGetFieldValues", device, [&](Gpu& gpu) {
    for (FieldValue* value = values; value != values + count; ++value) {
      value->type = value->field == 83 ? 3 : 1;
      value->value.large = 0;
      if (value->field == 83)
        value->result = energy(gpu, &value->value.large);
      else if (value->field == 185)
        value->result = shown(gpu, gpu.average, &value->value.number);
      else if (value->field == 186)
        value->result = shown(gpu, gpu.instant, &value->value.number);
      else
        value->result = kNotSupported;
    }
    return kSuccess;
  });
}

int nvmlDeviceGetMigMode(void* device, unsigned* now, unsigned* pending) {
  return about("nvmlDeviceGetMigMode", device, [&](Gpu& gpu) {
    *now = *pending = !gpu.migs.empty();
    return kSuccess;
  });
}

int nvmlDeviceGetMaxMigDeviceCount(void* device, unsigned* count) {
  return about("nvmlDeviceGetMaxMigDeviceCount", device, [&](Gpu& gpu) {
    *count = gpu.mig_slots;
    return kSuccess;
  });
}

int nvmlDeviceGetMigDeviceHandleByIndex(void* device, unsigned index, void** handle) {
  return about("nvmlDeviceGetMigDeviceHandleByIndex", device, [&](Gpu& gpu) {
    for (std::size_t i = 0; i < gpu.migs.size(); ++i) {
      if (gpu.migs[i].index != index) continue;
      *handle = driver().handle(static_cast<std::size_t>(&gpu - driver().script().gpus.data()), i + 1);
      return kSuccess;
    }
    return kNotFound;
  });
}

int nvmlDeviceGetAttributes_v2(void* device, Attributes* attributes) {
  return about("nvmlDeviceGetAttributes_v2", device, [&](Gpu&) {
    const Mig* mig = driver().mig_of(device);
    if (!mig) return kNotSupported;
    *attributes = {};
    attributes->gpu_slices = attributes->compute_slices = mig->slices;
    return kSuccess;
  });
}

int nvmlDeviceGetProcessUtilization(void* device, ProcessSample* samples, unsigned* count,
                                    unsigned long long since_us) {
  return about("nvmlDeviceGetProcessUtilization", device, [&](Gpu& gpu) {
    if (!gpu.migs.empty()) return kNotSupported;
    const auto now_us = static_cast<unsigned long long>(driver().now() * 1e6) + 1;
    if (gpu.processes.empty() || now_us <= since_us) return kNotFound;
    const unsigned room = *count;
    *count = static_cast<unsigned>(gpu.processes.size());
    if (!samples || room < *count) return kInsufficientSize;
    for (const auto& [pid, use] : gpu.processes) *samples++ = {pid, now_us, use, 0, 0, 0};
    return kSuccess;
  });
}

int nvmlDeviceGetPowerManagementLimit(void* device, unsigned* milliwatts) {
  return about("nvmlDeviceGetPowerManagementLimit", device, [&](Gpu& gpu) {
    if (!gpu.limits) return kNotSupported;
    *milliwatts = driver().limit(gpu);
    return kSuccess;
  });
}

int nvmlDeviceGetPowerManagementLimitConstraints(void* device, unsigned* min, unsigned* max) {
  return about("nvmlDeviceGetPowerManagementLimitConstraints", device, [&](Gpu& gpu) {
    if (!gpu.limits) return kNotSupported;
    *min = gpu.limits->min;
    *max = gpu.limits->max;
    return kSuccess;
  });
}

int nvmlDeviceGetPowerManagementDefaultLimit(void* device, unsigned* milliwatts) {
  return about("nvmlDeviceGetPowerManagementDefaultLimit", device, [&](Gpu& gpu) {
    if (!gpu.limits) return kNotSupported;
    *milliwatts = gpu.limits->normal;
    return kSuccess;
  });
}

int nvmlDeviceSetPowerManagementLimit(void* device, unsigned milliwatts) {
  return about("nvmlDeviceSetPowerManagementLimit", device, [&](Gpu& gpu) -> int {
    if (!gpu.limits) return kNotSupported;
    if (gpu.set != kSuccess) return gpu.set;
    if (milliwatts < gpu.limits->min || milliwatts > gpu.limits->max) return kInvalidArgument;
    driver().keep_limit(gpu, milliwatts);
    return kSuccess;
  });
}

}  // extern "C"
