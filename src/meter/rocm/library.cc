#include "meter/rocm/library.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

namespace sm2::meter::rocm {
namespace {

constexpr std::uint32_t kSensor = 0;
constexpr std::size_t kNameLength = 128;
constexpr int kCurrentPower = 1;

std::vector<std::string> spellings(const std::string& name) {
  std::vector<std::string> names = {name};
  for (const char* version : {".7", ".6", ".5", ".1"}) names.push_back(name + version);
  if (name.find('/') == std::string::npos) names.push_back("/opt/rocm/lib/" + name);
  return names;
}

}  // namespace

struct Library::Functions {
  unsigned (*init)(std::uint64_t);
  unsigned (*shut_down)();
  unsigned (*num_monitor_devices)(std::uint32_t*);
  unsigned (*dev_name_get)(std::uint32_t, char*, std::size_t);
  unsigned (*dev_unique_id_get)(std::uint32_t, std::uint64_t*);
  unsigned (*dev_pci_id_get)(std::uint32_t, std::uint64_t*);
  unsigned (*dev_energy_count_get)(std::uint32_t, std::uint64_t* count, float* resolution,
                                   std::uint64_t* timestamp);
  unsigned (*dev_power_get)(std::uint32_t, std::uint64_t*, int* type);      // since ROCm 6.0
  unsigned (*dev_current_socket_power_get)(std::uint32_t, std::uint64_t*);  // since ROCm 6.0
  unsigned (*dev_power_ave_get)(std::uint32_t, std::uint32_t, std::uint64_t*);
  unsigned (*dev_power_cap_get)(std::uint32_t, std::uint32_t, std::uint64_t*);
  unsigned (*dev_power_cap_range_get)(std::uint32_t, std::uint32_t, std::uint64_t* most,
                                      std::uint64_t* least);

  explicit Functions(void* library) {
    find(library, "rsmi_init", init);
    find(library, "rsmi_shut_down", shut_down);
    find(library, "rsmi_num_monitor_devices", num_monitor_devices);
    find(library, "rsmi_dev_name_get", dev_name_get);
    find(library, "rsmi_dev_unique_id_get", dev_unique_id_get);
    find(library, "rsmi_dev_pci_id_get", dev_pci_id_get);
    find(library, "rsmi_dev_energy_count_get", dev_energy_count_get);
    find(library, "rsmi_dev_power_get", dev_power_get);
    find(library, "rsmi_dev_current_socket_power_get", dev_current_socket_power_get);
    find(library, "rsmi_dev_power_ave_get", dev_power_ave_get);
    find(library, "rsmi_dev_power_cap_get", dev_power_cap_get);
    find(library, "rsmi_dev_power_cap_range_get", dev_power_cap_range_get);
  }

 private:
  template <class Function>
  static void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
  }
};

std::string CallError::message() const {
  static constexpr std::array kWords = {"success",
                                        "invalid arguments",
                                        "not supported by the GPU or its driver",
                                        "a file of the driver could not be read",
                                        "permission denied",
                                        "out of resources",
                                        "internal error",
                                        "input out of bounds",
                                        "initialisation failed",
                                        "not implemented",
                                        "not found",
                                        "insufficient size",
                                        "interrupted",
                                        "unexpected size",
                                        "no data",
                                        "unexpected data",
                                        "busy"};
  return fmt::format("{}: {} (status {})", function, status < kWords.size() ? kWords[status] : "failed",
                     status);
}

tl::expected<std::unique_ptr<Library>, Library::Failure> Library::open(const std::string& name) {
  void* library = nullptr;
  std::string reason;
  for (const std::string& spelling : spellings(name)) {
    library = ::dlopen(spelling.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library) break;
    const char* const why = ::dlerror();
    if (reason.empty()) reason = why ? why : name + ": cannot be opened";
  }
  if (!library) return tl::unexpected(Failure{reason});
  auto functions =
      std::make_unique<Functions>(library);  // never closed: the library's own threads may live on
  if (!functions->init || !functions->shut_down || !functions->num_monitor_devices) {
    return tl::unexpected(Failure{name + " is no ROCm SMI library: it lacks rsmi_init", true});
  }
  if (const unsigned status = functions->init(0); status != 0) {
    return tl::unexpected(Failure{CallError{"rsmi_init", status}.message(), true, status});
  }
  return std::unique_ptr<Library>(new Library(std::move(functions)));
}

Library::Library(std::unique_ptr<Functions> functions) : functions_(std::move(functions)) {}

Library::~Library() { functions_->shut_down(); }

Answer<void> Library::call(const char* name, const std::function<unsigned()>& function) {
  const std::lock_guard lock(mutex_);
  if (const unsigned status = function(); status != 0) return tl::unexpected(CallError{name, status});
  return {};
}

Answer<std::uint32_t> Library::devices() {
  std::uint32_t count = 0;
  return call("rsmi_num_monitor_devices", [&] { return functions_->num_monitor_devices(&count); }).map([&] {
    return count;
  });
}

Answer<std::string> Library::name(std::uint32_t device) {
  std::array<char, kNameLength> text{};
  return call("rsmi_dev_name_get",
              [&] {
                const auto function = functions_->dev_name_get;
                return function ? function(device, text.data(), text.size() - 1) : kNotSupported;
              })
      .map([&] { return std::string(text.data()); });
}

Answer<std::uint64_t> Library::unique_id(std::uint32_t device) {
  std::uint64_t id = 0;
  return call("rsmi_dev_unique_id_get",
              [&] {
                return functions_->dev_unique_id_get ? functions_->dev_unique_id_get(device, &id)
                                                     : kNotSupported;
              })
      .map([&] { return id; });
}

Answer<std::uint64_t> Library::pci_id(std::uint32_t device) {
  std::uint64_t id = 0;
  return call("rsmi_dev_pci_id_get",
              [&] {
                return functions_->dev_pci_id_get ? functions_->dev_pci_id_get(device, &id) : kNotSupported;
              })
      .map([&] { return id; });
}

Answer<Library::Energy> Library::energy(std::uint32_t device) {
  std::uint64_t count = 0, timestamp = 0;
  float resolution = 0;
  return call("rsmi_dev_energy_count_get",
              [&] {
                const auto function = functions_->dev_energy_count_get;
                return function ? function(device, &count, &resolution, &timestamp) : kNotSupported;
              })
      .map([&] { return Energy{count, resolution}; });
}

Answer<Library::Power> Library::power(std::uint32_t device) {
  Power power;
  const auto get = [&]() -> unsigned {
    const Functions& all = *functions_;
    unsigned status = kNotSupported;
    int type = 0;
    if (all.dev_power_get) status = all.dev_power_get(device, &power.microwatts, &type);
    if (status == 0) return power.average = type != kCurrentPower, status;
    if (all.dev_current_socket_power_get)
      status = all.dev_current_socket_power_get(device, &power.microwatts);
    if (status == 0) return power.average = false, status;
    if (all.dev_power_ave_get) status = all.dev_power_ave_get(device, kSensor, &power.microwatts);
    return power.average = true, status;
  };
  return call("rsmi_dev_power_get", get).map([&] { return power; });
}

Answer<std::uint64_t> Library::power_cap(std::uint32_t device) {
  std::uint64_t cap = 0;
  return call("rsmi_dev_power_cap_get",
              [&] {
                return functions_->dev_power_cap_get ? functions_->dev_power_cap_get(device, kSensor, &cap)
                                                     : kNotSupported;
              })
      .map([&] { return cap; });
}

Answer<std::uint64_t> Library::power_cap_most(std::uint32_t device) {
  std::uint64_t most = 0, least = 0;
  return call("rsmi_dev_power_cap_range_get",
              [&] {
                const auto function = functions_->dev_power_cap_range_get;
                return function ? function(device, kSensor, &most, &least) : kNotSupported;
              })
      .map([&] { return most; });
}

std::string pci_address(std::uint64_t bdfid) {
  return fmt::format("{:04x}:{:02x}:{:02x}.{:x}", bdfid >> 32, bdfid >> 8 & 0xff, bdfid >> 3 & 0x1f,
                     bdfid & 0x7);
}

}  // namespace sm2::meter::rocm
