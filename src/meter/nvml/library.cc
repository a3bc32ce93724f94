#include "meter/nvml/library.h"

#include <dlfcn.h>

#include <fmt/format.h>

namespace sm2::meter::nvml {
namespace {

using base::Seconds;

constexpr Seconds kBetweenTries{1};
constexpr unsigned kTextSize = 96;         // NVML_DEVICE_NAME_V2_BUFFER_SIZE, NVML_DEVICE_UUID_V2_BUFFER_SIZE
constexpr unsigned kHighestPercent = 100;  // the driver sometimes answers garbage above it

struct PciInfo {
  char bus_id_legacy[16];
  unsigned domain, bus, device, device_id, subsystem_id;
  char bus_id[32];
};
static_assert(sizeof(PciInfo) == 68);

struct FieldValue {
  unsigned field = 0;
  unsigned scope = 0;  // 0: the GPU alone; 1: the module with its processor
  long long timestamp_us = 0;
  long long latency_us = 0;
  int type = 0;
  int result = 0;
  union {
    unsigned number;
    unsigned long long large = 0;
  };
};
static_assert(sizeof(FieldValue) == 40);
constexpr int kUnsignedInt = 1;
constexpr int kUnsignedLong = 2;
constexpr int kUnsignedLongLong = 3;

struct Attributes {
  unsigned multiprocessors, copy_engines, decoders, encoders, jpeg_engines, optical_flow_engines;
  unsigned gpu_slices, compute_slices;
  unsigned long long memory_mb;
};
static_assert(sizeof(Attributes) == 40);

struct ProcessSample {
  unsigned pid;
  unsigned long long timestamp_us;
  unsigned sm_percent, memory_percent, encoder_percent, decoder_percent;
};
static_assert(sizeof(ProcessSample) == 32);

// Calls a function that may be missing.
template <class... Parameters, class... Arguments>
Answer<> call(int (*function)(Parameters...), Arguments... arguments) {
  if (!function) return tl::unexpected(Code::kFunctionNotFound);
  const auto code = static_cast<Code>(function(arguments...));
  if (code != Code::kSuccess) return tl::unexpected(code);
  return {};
}

Answer<std::string> text(int (*function)(Handle, char*, unsigned), Handle device) {
  char buffer[kTextSize] = {};
  return call(function, device, buffer, kTextSize - 1).map([&] { return std::string(buffer); });
}

Answer<unsigned> number(int (*function)(Handle, unsigned*), Handle device) {
  unsigned value = 0;
  return call(function, device, &value).map([&] { return value; });
}

Unusable not_opened(const std::string& file) {
  return {file + " cannot be opened (no NVIDIA driver here)",
          "install the NVIDIA driver where there is an NVIDIA GPU; in a container, run it with the GPU: "
          "docker run --gpus all ...",
          false};
}

}  // namespace

struct Library::Functions {
  int (*init)() = nullptr;
  int (*shutdown)() = nullptr;
  int (*count)(unsigned*) = nullptr;
  int (*by_index)(unsigned, Handle*) = nullptr;
  int (*by_uuid)(const char*, Handle*) = nullptr;
  int (*uuid)(Handle, char*, unsigned) = nullptr;
  int (*name)(Handle, char*, unsigned) = nullptr;
  int (*pci)(Handle, PciInfo*) = nullptr;
  int (*architecture)(Handle, unsigned*) = nullptr;
  int (*total_energy)(Handle, unsigned long long*) = nullptr;
  int (*power)(Handle, unsigned*) = nullptr;
  int (*fields)(Handle, int, FieldValue*) = nullptr;
  int (*process_use)(Handle, ProcessSample*, unsigned*, unsigned long long) = nullptr;
  int (*mig_mode)(Handle, unsigned*, unsigned*) = nullptr;
  int (*mig_slots)(Handle, unsigned*) = nullptr;
  int (*mig_instance)(Handle, unsigned, Handle*) = nullptr;
  int (*attributes)(Handle, Attributes*) = nullptr;
  int (*power_limit)(Handle, unsigned*) = nullptr;
  int (*default_power_limit)(Handle, unsigned*) = nullptr;
  int (*power_limit_range)(Handle, unsigned*, unsigned*) = nullptr;
  int (*set_power_limit)(Handle, unsigned) = nullptr;

  explicit Functions(void* library) {
    const auto find = [library](auto& function, const char* symbol) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, symbol));
    };
    find(init, "nvmlInit_v2");
    if (!init) find(init, "nvmlInit");
    find(shutdown, "nvmlShutdown");
    find(count, "nvmlDeviceGetCount_v2");
    find(by_index, "nvmlDeviceGetHandleByIndex_v2");
    find(by_uuid, "nvmlDeviceGetHandleByUUID");
    find(uuid, "nvmlDeviceGetUUID");
    find(name, "nvmlDeviceGetName");
    find(pci, "nvmlDeviceGetPciInfo_v3");
    find(architecture, "nvmlDeviceGetArchitecture");
    find(total_energy, "nvmlDeviceGetTotalEnergyConsumption");
    find(power, "nvmlDeviceGetPowerUsage");
    find(fields, "nvmlDeviceGetFieldValues");
    find(process_use, "nvmlDeviceGetProcessUtilization");
    find(mig_mode, "nvmlDeviceGetMigMode");
    find(mig_slots, "nvmlDeviceGetMaxMigDeviceCount");
    find(mig_instance, "nvmlDeviceGetMigDeviceHandleByIndex");
    find(attributes, "nvmlDeviceGetAttributes_v2");
    find(power_limit, "nvmlDeviceGetPowerManagementLimit");
    find(default_power_limit, "nvmlDeviceGetPowerManagementDefaultLimit");
    find(power_limit_range, "nvmlDeviceGetPowerManagementLimitConstraints");
    find(set_power_limit, "nvmlDeviceSetPowerManagementLimit");
  }

  bool complete() const { return init && count && by_index; }
};

// The library stays loaded until the process ends: others in it may use it, and may leave things behind in threads.
tl::expected<std::shared_ptr<Library>, Unusable> Library::open(const std::string& file,
                                                               const base::Clock& clock) {
  void* opened = dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL);
  if (!opened) return tl::unexpected(not_opened(file));
  auto functions = std::make_unique<Functions>(opened);
  if (!functions->complete())
    return tl::unexpected(
        Unusable{file + " is not NVML, or too old a version of it", "install a newer NVIDIA driver", true});
  if (const auto ready = call(functions->init); !ready) {
    const bool present = ready.error() != Code::kDriverNotLoaded;
    return tl::unexpected(
        Unusable{"NVML does not start: " + reason(ready.error()), remedy(ready.error()), present});
  }
  return std::shared_ptr<Library>(new Library(std::move(functions), clock));
}

Library::Library(std::unique_ptr<Functions> functions, const base::Clock& clock)
    : functions_(std::move(functions)), clock_(clock), tried_at_(clock.monotonic() - kBetweenTries) {}

Library::~Library() { (void)call(functions_->shutdown); }

bool Library::revive(unsigned seen) {
  const std::lock_guard lock(reviving_);
  if (generation_ != seen) return true;
  const Seconds now = clock_.monotonic();
  if (now - tried_at_ < kBetweenTries) return false;
  tried_at_ = now;
  if (!call(functions_->init)) return false;
  ++generation_;
  return true;
}

Answer<unsigned> Library::count() const {
  unsigned count = 0;
  return call(functions_->count, &count).map([&] { return count; });
}

Answer<Handle> Library::by_index(unsigned index) const {
  Handle device = nullptr;
  return call(functions_->by_index, index, &device).map([&] { return device; });
}

Answer<Handle> Library::by_uuid(const std::string& uuid) const {
  Handle device = nullptr;
  return call(functions_->by_uuid, uuid.c_str(), &device).map([&] { return device; });
}

Answer<std::string> Library::uuid(Handle device) const { return text(functions_->uuid, device); }

Answer<std::string> Library::name(Handle device) const { return text(functions_->name, device); }

Answer<std::string> Library::pci_address(Handle device) const {
  PciInfo pci{};
  return call(functions_->pci, device, &pci).map([&] {
    pci.bus_id[sizeof pci.bus_id - 1] = '\0';
    return std::string(pci.bus_id);
  });
}

Answer<unsigned> Library::architecture(Handle device) const {
  return number(functions_->architecture, device);
}

Answer<std::uint64_t> Library::total_energy_mj(Handle device) const {
  unsigned long long energy = 0;
  const auto answer = call(functions_->total_energy, device, &energy);
  if (!answer && never(answer.error())) return field(device, Field::kTotalEnergy);
  return answer.map([&] { return std::uint64_t{energy}; });
}

Answer<unsigned> Library::power_mw(Handle device) const { return number(functions_->power, device); }

Answer<std::uint64_t> Library::field(Handle device, Field field) const {
  FieldValue value;
  value.field = static_cast<unsigned>(field);
  if (const auto answer = call(functions_->fields, device, 1, &value); !answer)
    return tl::unexpected(answer.error());
  const auto code = static_cast<Code>(value.result);
  // A driver that does not know the field calls it an invalid argument.
  if (code == Code::kInvalidArgument) return tl::unexpected(Code::kNotSupported);
  if (code != Code::kSuccess) return tl::unexpected(code);
  if (value.type == kUnsignedInt) return value.number;
  if (value.type == kUnsignedLong || value.type == kUnsignedLongLong) return value.large;
  return tl::unexpected(Code::kNotSupported);
}

Answer<std::vector<ProcessUse>> Library::process_use(Handle device, std::uint64_t since_us) const {
  std::vector<ProcessSample> samples;
  unsigned count = 0;
  auto answer = call(functions_->process_use, device, nullptr, &count, since_us);
  if (!answer && answer.error() == Code::kInsufficientSize) {
    samples.resize(count);
    answer = call(functions_->process_use, device, samples.data(), &count, since_us);
  }
  if (!answer && answer.error() == Code::kNotFound) return std::vector<ProcessUse>();
  if (!answer) return tl::unexpected(answer.error());
  samples.resize(std::min<std::size_t>(samples.size(), count));
  std::vector<ProcessUse> uses;
  for (const ProcessSample& sample : samples) {
    if (sample.timestamp_us > since_us && sample.sm_percent <= kHighestPercent)
      uses.push_back({sample.pid, sample.timestamp_us, sample.sm_percent});
  }
  return uses;
}

Answer<bool> Library::mig_enabled(Handle device) const {
  unsigned now = 0, pending = 0;
  return call(functions_->mig_mode, device, &now, &pending).map([&] { return now != 0; });
}

Answer<unsigned> Library::mig_slots(Handle device) const { return number(functions_->mig_slots, device); }

Answer<Handle> Library::mig_instance(Handle device, unsigned index) const {
  Handle instance = nullptr;
  return call(functions_->mig_instance, device, index, &instance).map([&] { return instance; });
}

Answer<unsigned> Library::mig_slices(Handle instance) const {
  Attributes attributes{};
  return call(functions_->attributes, instance, &attributes).map([&] { return attributes.compute_slices; });
}

Answer<unsigned> Library::power_limit_mw(Handle device) const {
  return number(functions_->power_limit, device);
}

Answer<unsigned> Library::default_power_limit_mw(Handle device) const {
  return number(functions_->default_power_limit, device);
}

Answer<LimitRange> Library::power_limit_range(Handle device) const {
  LimitRange range;
  return call(functions_->power_limit_range, device, &range.min_mw, &range.max_mw).map([&] { return range; });
}

Answer<> Library::set_power_limit_mw(Handle device, unsigned milliwatts) const {
  return call(functions_->set_power_limit, device, milliwatts);
}

}  // namespace sm2::meter::nvml
