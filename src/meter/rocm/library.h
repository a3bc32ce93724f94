// AMD's librocm_smi64 in its own units, opened at run time. Functions that an older library lacks fail as those that a
// GPU lacks. Calls go one at a time. From the interface of rocm_smi.h, ROCm 5.2 to 6.4.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <tl/expected.hpp>

namespace sm2::meter::rocm {

inline constexpr unsigned kNotSupported = 2;
inline constexpr unsigned kPermission = 4;
inline constexpr unsigned kInitialisation = 8;  // of rsmi_init: there is no GPU, or no driver

struct CallError {
  const char* function = "";
  unsigned status = 0;
  std::string message() const;  // "rsmi_dev_power_get: permission denied (status 4)"
};

template <class T>
using Answer = tl::expected<T, CallError>;

class Library {
 public:
  struct Failure {
    std::string reason;
    bool opened = false;  // the library is there
    unsigned status = 0;  // of rsmi_init, where that failed
  };
  // `name` as dlopen takes it; the library's versioned names and /opt/rocm/lib are tried after it.
  static tl::expected<std::unique_ptr<Library>, Failure> open(const std::string& name);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  struct Energy {
    std::uint64_t count = 0;
    double microjoules = 0;  // of one count
  };
  struct Power {
    std::uint64_t microwatts = 0;
    bool average = false;  // over a time that is not stated; else of the moment
  };

  Answer<std::uint32_t> devices();
  Answer<std::string> name(std::uint32_t device);
  Answer<std::uint64_t> unique_id(std::uint32_t device);
  Answer<std::uint64_t> pci_id(std::uint32_t device);  // see pci_address
  Answer<Energy> energy(std::uint32_t device);
  Answer<Power> power(std::uint32_t device);
  Answer<std::uint64_t> power_cap(std::uint32_t device);       // in microwatts
  Answer<std::uint64_t> power_cap_most(std::uint32_t device);  // the highest that may be set

 private:
  struct Functions;

  explicit Library(std::unique_ptr<Functions> functions);
  Answer<void> call(const char* name, const std::function<unsigned()>& function);

  std::unique_ptr<Functions> functions_;
  std::mutex mutex_;
};

// "0000:c1:00.0" of a BDFID: domain in bits 32 to 63, bus in 8 to 15, device in 3 to 7, function in 0 to 2.
std::string pci_address(std::uint64_t bdfid);

}  // namespace sm2::meter::rocm
