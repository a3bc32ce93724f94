#include "meter/rocm/gpu.h"

#include <cmath>
#include <limits>
#include <mutex>
#include <thread>
#include <utility>

#include "base/units.h"
#include "meter/counter_domain.h"
#include "meter/power_domain.h"

namespace sm2::meter::rocm {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr const char* kName = "rocm";
constexpr double kMicro = 1e-6;
constexpr double kRelativeError = 0.05;
constexpr Watts kHighest{2000};   // of a GPU that does not say its power limit
constexpr double kOverLimit = 2;  // a GPU may exceed its limit for a moment

constexpr double kStepUj = 1e6 / 65536;  // what the hardware counts
constexpr double kLeastStepUj = 0.01, kMostStepUj = 1e6;
constexpr std::uint64_t kNoCount = std::numeric_limits<std::uint64_t>::max();
constexpr Seconds kCounterUpdate{1e-3};
constexpr Seconds kStuck{0.1};  // an idle GPU uses watts: thousands of counts

constexpr Seconds kPowerUpdate{0.1};
constexpr Seconds kAveraged{1};

constexpr int kLooks = 10;  // at a counter, until it moves
constexpr std::chrono::milliseconds kBetweenLooks{2};

template <class T>
std::optional<T> known(const Answer<T>& answer) {
  return answer ? std::optional<T>(*answer) : std::nullopt;
}

bool counts(const Library::Energy& energy) {
  return energy.count != 0 && energy.count != kNoCount && energy.microjoules >= kLeastStepUj &&
         energy.microjoules <= kMostStepUj;
}

// Libraries up to ROCm 6 say 15.3 for 15.259.
Joules per_count(const Library::Energy& energy) {
  const bool rounded = std::abs(energy.microjoules - kStepUj) < 0.1;
  return Joules(kMicro * (rounded ? kStepUj : energy.microjoules));
}

Gpu look(Library& library, std::uint32_t index) {
  Gpu gpu;
  gpu.index = index;
  gpu.model = library.name(index).value_or("AMD GPU");
  if (const auto id = library.pci_id(index)) gpu.pci = pci_address(*id);
  gpu.unique_id = library.unique_id(index).value_or(0);
  if (const auto energy = library.energy(index); energy && counts(*energy)) gpu.energy = *energy;
  gpu.power = library.power(index);
  gpu.cap = known(library.power_cap(index));
  gpu.most_cap = known(library.power_cap_most(index));
  return gpu;
}

// On MI100 and with ROCm 6.0 the counter may stand still (ROCm/amdsmi issues 22 and 38).
void drop_stuck_counters(Library& library, std::vector<Gpu>& gpus) {
  std::vector<Gpu*> waiting;
  for (Gpu& gpu : gpus) {
    if (gpu.energy) waiting.push_back(&gpu);
  }
  for (int look = 0; look < kLooks && !waiting.empty(); ++look) {
    std::this_thread::sleep_for(kBetweenLooks);
    std::erase_if(waiting, [&](const Gpu* gpu) {
      const auto now = library.energy(gpu->index);
      return now && now->count != gpu->energy->count;
    });
  }
  for (Gpu* gpu : waiting) {
    gpu->counter_fault = fmt::format("its energy counter stands still at {}", gpu->energy->count);
    gpu->energy.reset();
  }
}

Watts highest_power(const Gpu& gpu) {
  const std::uint64_t limit = std::max(gpu.cap.value_or(0), gpu.most_cap.value_or(0));
  return limit > 0 ? kOverLimit * kMicro * Watts(static_cast<double>(limit)) : kHighest;
}

base::Result<Watts> read_power(Library& library, std::uint32_t device) {
  const auto power = library.power(device);
  if (!power) return base::fail("{}", power.error().message());
  return Watts(kMicro * static_cast<double>(power->microwatts));
}

// The counter's readings, refusing those of one that has stopped.
class Watched {
 public:
  Watched(std::shared_ptr<Library> library, std::uint32_t device, const base::Clock& clock)
      : library_(std::move(library)), device_(device), clock_(clock) {}

  base::Result<std::uint64_t> read() {
    const auto energy = library_->energy(device_);
    if (!energy) return base::fail("{}", energy.error().message());
    if (!counts(*energy)) return base::fail("the energy counter reads {}, which is no count", energy->count);
    const std::lock_guard lock(mutex_);
    const Seconds now = clock_.monotonic();
    if (!last_ || last_->count != energy->count) last_ = {energy->count, now};
    const Seconds still = now - last_->since;
    if (still < kStuck) return energy->count;
    return base::fail("the energy counter has stood still at {} for {}", energy->count, base::format(still));
  }

 private:
  struct Last {
    std::uint64_t count;
    Seconds since;
  };

  std::shared_ptr<Library> library_;
  std::uint32_t device_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::optional<Last> last_;
};

DomainInfo describe(const Gpu& gpu) {
  DomainInfo info;
  info.name = gpu.name();
  info.source = kName;
  info.part = gpu.part();
  info.id = gpu.id();
  info.model = gpu.model;
  if (gpu.cap.value_or(0) > 0) info.power_limit = Watts(kMicro * static_cast<double>(*gpu.cap));
  return info;
}

std::string in_words(const Gpu& gpu, const std::string& rests_on, const std::string& also) {
  return fmt::format("{}: {}; its error of {:g} % is assumed{}", gpu.model, rests_on, 100 * kRelativeError,
                     also.empty() ? "" : "; " + also + " is counted here too");
}

std::unique_ptr<Domain> counter_domain(std::shared_ptr<Library> library, const Gpu& gpu,
                                       const std::string& also, const base::Clock& clock) {
  DomainInfo info = describe(gpu);
  info.method = "counter";
  info.description = in_words(gpu, "the GPU's energy counter", also);
  const auto watched = std::make_shared<Watched>(library, gpu.index, clock);
  Counter counter;
  counter.per_count = per_count(*gpu.energy);
  counter.highest = kNoCount;
  counter.highest_power = highest_power(gpu);
  counter.update = kCounterUpdate;
  counter.relative_error = kRelativeError;
  counter.read = [watched] { return watched->read(); };
  counter.longest_rest.reset();  // it judges that itself
  counter.power = [library, device = gpu.index, most = counter.highest_power]() -> std::optional<Watts> {
    const auto power = read_power(*library, device);
    return power && *power > Watts(0) && *power <= most ? std::optional(*power) : std::nullopt;
  };
  return std::make_unique<CounterDomain>(std::move(info), std::move(counter), clock);
}

std::unique_ptr<Domain> power_domain(std::shared_ptr<Library> library, const Gpu& gpu,
                                     const std::string& also, const base::Clock& clock) {
  const bool average = gpu.power->average;
  DomainInfo info = describe(gpu);
  info.method = "power";
  const std::string power = average ? "the GPU's average power, assumed to be over 1 s" : "the GPU's power";
  info.description =
      in_words(gpu, power + (gpu.counter_fault.empty() ? "" : ", because " + gpu.counter_fault), also);
  PowerSensor sensor;
  sensor.update = kPowerUpdate;
  sensor.averaged = average ? kAveraged : Seconds(0);
  sensor.duty = average ? 1 : 0;
  sensor.highest = highest_power(gpu);
  sensor.relative_error = kRelativeError;
  const auto read = [library, device = gpu.index]() -> base::Result<Watts> {
    const auto watts = read_power(*library, device);
    if (watts && *watts == Watts(0)) return base::fail("the GPU says that it uses 0 W, which cannot be");
    return watts;
  };
  return std::make_unique<PowerDomain>(std::move(info), sensor, read, clock);
}

class Contained final : public Domain {
 public:
  Contained(DomainInfo info, std::string counted_in) : info_(std::move(info)) {
    info_.inside = std::move(counted_in);
    info_.description += ": its joules are in those of " + info_.inside;
  }
  const DomainInfo& info() const override { return info_; }
  std::unique_ptr<DomainWindow> open(const Load&) override { return std::make_unique<Window>(info_); }

 private:
  class Window final : public DomainWindow {
   public:
    explicit Window(const DomainInfo& info) : info_(info) {}
    trial::Reading read() override {
      trial::Reading reading = unknown(info_, "its joules are in those of " + info_.inside);
      reading.counted = false;
      return reading;
    }

   private:
    const DomainInfo& info_;
  };

  DomainInfo info_;
};

}  // namespace

std::string Gpu::id() const { return unique_id == 0 ? "" : fmt::format("GPU-{:016x}", unique_id); }

std::string Gpu::part() const { return pci.empty() ? fmt::format("gpu amd {}", index) : gpu_part(pci); }

std::vector<Gpu> list(Library& library, std::uint32_t count) {
  std::vector<Gpu> gpus;
  for (std::uint32_t index = 0; index < count; ++index) gpus.push_back(look(library, index));
  drop_stuck_counters(library, gpus);
  return gpus;
}

std::unique_ptr<Domain> make_domain(std::shared_ptr<Library> library, const Gpu& gpu, const std::string& also,
                                    const base::Clock& clock) {
  return gpu.energy ? counter_domain(std::move(library), gpu, also, clock)
                    : power_domain(std::move(library), gpu, also, clock);
}

std::unique_ptr<Domain> make_contained(const Gpu& gpu, const std::string& counted_in) {
  DomainInfo info = describe(gpu);
  info.description = gpu.model;
  return std::make_unique<Contained>(std::move(info), counted_in);
}

}  // namespace sm2::meter::rocm
