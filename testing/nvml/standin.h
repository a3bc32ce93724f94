// NVML's stand-in (standin.cc) in a test, with simulated time: a script goes in, and the clock drives the GPUs. The
// library is one for the whole process, so one of these at a time.
#pragma once

#include <dlfcn.h>

#include <stdexcept>
#include <string>

#include "base/quantity.h"
#include "meter/settings.h"
#include "testing/fake_clock.h"

namespace sm2::testing {

class NvmlStandin {
 public:
  static constexpr const char* kLibrary = SM2_NVML_STANDIN;

  explicit NvmlStandin(const std::string& script) {
    void* library = dlopen(kLibrary, RTLD_LAZY | RTLD_LOCAL);
    if (!library) throw std::runtime_error(dlerror());
    time_ = reinterpret_cast<void (*)(double)>(dlsym(library, "sm2_standin_time"));
    script_ = reinterpret_cast<int (*)(const char*)>(dlsym(library, "sm2_standin_script"));
    true_joules_ =
        reinterpret_cast<double (*)(unsigned, double, double)>(dlsym(library, "sm2_standin_true_joules"));
    time_(0);
    follow(script);
  }

  // Another script from now on; time goes on.
  void follow(const std::string& script) {
    if (script_(script.c_str()) != 0) throw std::runtime_error("wrong script");
  }
  const FakeClock& clock() const { return clock_; }
  void advance(base::Seconds time) {
    clock_.advance(time);
    time_(clock_.monotonic().value);
  }
  base::Joules true_joules(base::Seconds from, base::Seconds to, unsigned gpu = 0) const {
    return base::Joules(true_joules_(gpu, from.value, to.value));
  }
  meter::Settings settings() const {
    meter::Settings settings;
    settings.nvml_library = kLibrary;
    return settings;
  }

 private:
  FakeClock clock_;
  void (*time_)(double) = nullptr;
  int (*script_)(const char*) = nullptr;
  double (*true_joules_)(unsigned, double, double) = nullptr;
};

}  // namespace sm2::testing
