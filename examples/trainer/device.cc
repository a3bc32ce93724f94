#include "device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <malloc.h>
#include <sys/resource.h>
#include <torch/cuda.h>
#include <torch/utils.h>

#include <atomic>
#include <cstdlib>
#include <limits>

#include "flags.h"

namespace trainer {

namespace {

torch::Device named(const std::string& name) {
  try {
    const torch::Device device(name);
    if (device.is_cpu() || device.is_cuda()) return device;
  } catch (const std::exception&) {
  }
  throw UsageError("--device=" + name + " is none of cpu, cuda, cuda:0, cuda:1, ...");
}

void check_available(torch::Device device) {
  if (device.is_cpu()) return;
  if (!torch::cuda::is_available()) {
    throw UsageError("--device=" + device.str() +
                     ": this libtorch finds no CUDA device; --device=cpu runs anywhere");
  }
  const auto count = static_cast<std::int64_t>(torch::cuda::device_count());
  if (device.has_index() && device.index() >= count) {
    throw UsageError("--device=" + device.str() + ": there are " + std::to_string(count) +
                     " CUDA devices, from cuda:0");
  }
}

}  // namespace

torch::Device prepare_device(const Settings& settings) {
  const torch::Device device = named(settings.device);
  if (device.is_cpu() && settings.precision == "float16") {
    throw UsageError("--precision=float16 needs a CUDA device; --precision=bfloat16 works on the CPU");
  }
  if (device.is_cuda())
    ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);  // cuBLAS repeats its results only with this
  check_available(device);
  at::set_num_threads(settings.threads);
  at::globalContext().setDeterministicAlgorithms(true, /*warn_only=*/true);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
  torch::manual_seed(static_cast<std::uint64_t>(settings.seed));
  return device;
}

MixedPrecision::MixedPrecision(const std::string& precision, torch::Device device)
    : on_(precision != "float32"), cuda_(device.is_cuda()) {
  if (!on_) return;
  const auto type = precision == "bfloat16" ? torch::kBFloat16 : torch::kHalf;
  if (cuda_) {
    at::autocast::set_autocast_gpu_dtype(type);
    at::autocast::set_enabled(true);
  } else {
    at::autocast::set_autocast_cpu_dtype(type);
    at::autocast::set_cpu_enabled(true);
  }
}

MixedPrecision::~MixedPrecision() {
  if (!on_) return;
  at::autocast::clear_cache();
  if (cuda_) {
    at::autocast::set_enabled(false);
  } else {
    at::autocast::set_cpu_enabled(false);
  }
}

// Allocators report to this interface of libtorch's profiler; the CUDA allocator's own statistics need its
// library.
struct PeakMemory::Watch {
  struct Reports : c10::MemoryReportingInfoBase {
    void reportMemoryUsage(void*, std::int64_t, std::int64_t allocated, std::int64_t,
                           c10::Device device) override {
      if (!device.is_cuda()) return;
      std::int64_t before = peak;
      while (before < allocated && !peak.compare_exchange_weak(before, allocated)) {
      }
    }
    bool memoryProfilingEnabled() const override { return true; }
    std::atomic<std::int64_t> peak{0};
  };

  std::shared_ptr<Reports> reports = std::make_shared<Reports>();
  c10::DebugInfoGuard guard{c10::DebugInfoKind::PROFILER_STATE, reports};
};

PeakMemory::PeakMemory(torch::Device device)
    : watch_(device.is_cpu() ? nullptr : std::make_unique<Watch>()) {}

PeakMemory::~PeakMemory() = default;

std::optional<double> PeakMemory::bytes() const {
  if (watch_) {
    const std::int64_t peak = watch_->reports->peak;
    return peak > 0 ? std::optional(static_cast<double>(peak)) : std::nullopt;
  }
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) != 0) return std::nullopt;
  return static_cast<double>(used.ru_maxrss) * 1024.0;
}

void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace trainer
