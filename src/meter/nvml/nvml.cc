#include "meter/nvml/nvml.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "meter/counter_domain.h"
#include "meter/nvml/energy_counter.h"
#include "meter/nvml/gpu.h"
#include "meter/nvml/mig_domain.h"
#include "meter/nvml/power_sensor.h"
#include "meter/nvml/visible_devices.h"
#include "meter/power_domain.h"

namespace sm2::meter::nvml {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr double kMilli = 1e-3;
constexpr Seconds kCounterStep{0.1};
constexpr double kAboveLimit = 1.5;   // how far the power may plausibly exceed the highest limit
constexpr Watts kHighestPower{2000};  // where the GPU does not say its highest limit

Watts watts(std::uint64_t milliwatts) { return Watts(kMilli * static_cast<double>(milliwatts)); }

// A GPU's domain, whichever way it is read, and the processes that use it.
class GpuDomain final : public Domain {
 public:
  GpuDomain(std::unique_ptr<Domain> domain, std::shared_ptr<Device> device)
      : domain_(std::move(domain)), device_(std::move(device)) {}

  const DomainInfo& info() const override { return domain_->info(); }
  std::unique_ptr<DomainWindow> open(const Load& load) override { return domain_->open(load); }
  Sampled* sampled() override { return domain_->sampled(); }
  std::optional<Seconds> read_within() const override { return domain_->read_within(); }
  std::map<pid_t, double> use_by_process() override { return device_->use_by_process(); }

 private:
  std::unique_ptr<Domain> domain_;
  std::shared_ptr<Device> device_;
};

Watts highest_power(Device& device) {
  const auto range =
      device.ask([](Library& library, Handle handle) { return library.power_limit_range(handle); });
  return range && range->max_mw > 0 ? kAboveLimit * watts(range->max_mw) : kHighestPower;
}

DomainInfo describe(const Gpu& gpu) {
  DomainInfo info;
  info.name = gpu.domain();
  info.source = "nvml";
  info.part = gpu.part();
  info.id = gpu.device->uuid();
  info.model = gpu.name;
  const auto limit =
      gpu.device->ask([](Library& library, Handle handle) { return library.power_limit_mw(handle); });
  if (limit) info.power_limit = watts(*limit);
  return info;
}

using ReadMilli = Answer<std::uint64_t> (Device::*)();

// How its power can be read now, if at all.
struct PowerSource {
  ReadMilli read = nullptr;
  PowerSensor sensor;
  const char* words = "";
};

tl::expected<PowerSource, Code> power_source(const Gpu& gpu) {
  const Watts highest = highest_power(*gpu.device);
  if (gpu.device->instant_power_mw()) {
    return PowerSource{&Device::instant_power_mw, instant_sensor(gpu.architecture, gpu.name, highest),
                       "instant power"};
  }
  const auto usage = gpu.device->power_usage_mw();
  if (!usage) return tl::unexpected(usage.error());
  return PowerSource{&Device::power_usage_mw, usage_sensor(gpu.architecture, gpu.name, highest), "power"};
}

std::unique_ptr<Domain> by_counter(const Gpu& gpu, const tl::expected<PowerSource, Code>& power,
                                   const base::Clock& clock) {
  const auto device = gpu.device;
  const EnergyCounter::Power now = [device, power]() -> std::optional<Watts> {
    if (!power) return {};
    const auto milliwatts = ((*device).*(power->read))();
    return milliwatts ? std::optional(watts(*milliwatts)) : std::nullopt;
  };
  const auto counting = std::make_shared<EnergyCounter>(
      [device]() -> base::Result<std::uint64_t> {
        const auto energy = device->energy_mj();
        if (!energy) return base::fail("{}", reason(energy.error()));
        return *energy;
      },
      now, kCounterStep, clock);
  Counter counter;
  counter.per_count = Joules(kMilli);
  counter.highest = std::numeric_limits<std::uint64_t>::max();
  counter.highest_power = power ? power->sensor.highest : highest_power(*device);
  counter.update = kCounterStep;
  counter.relative_error = kRelativeError;
  counter.read = [counting] { return counting->read(); };
  counter.longest_rest.reset();  // judged by EnergyCounter, which knows the power
  // A mean over more than a step of the counter says nothing of what the counter may lack.
  if (power && power->sensor.averaged <= kCounterStep) counter.power = now;
  DomainInfo info = describe(gpu);
  info.method = "counter";
  info.description =
      fmt::format("{}: its own energy counter, stepped every {:g} ms", gpu.name, 1e3 * kCounterStep.value);
  return std::make_unique<CounterDomain>(std::move(info), std::move(counter), clock);
}

std::unique_ptr<Domain> by_power(const Gpu& gpu, const PowerSource& source, const std::string& no_counter,
                                 const base::Clock& clock) {
  DomainInfo info = describe(gpu);
  info.method = "power";
  info.description = fmt::format(
      "{}: its {} (means over {:g} ms, renewed every {:g} ms{}), integrated; energy counter: {}", gpu.name,
      source.words, 1e3 * source.sensor.averaged.value, 1e3 * source.sensor.update.value,
      source.sensor.duty < 1 ? fmt::format(", {:g} % of the time seen", 100 * source.sensor.duty) : "",
      no_counter);
  const auto read = [device = gpu.device, read = source.read]() -> base::Result<Watts> {
    const auto milliwatts = ((*device).*read)();
    if (!milliwatts) return base::fail("{}", reason(milliwatts.error()));
    return watts(*milliwatts);
  };
  return std::make_unique<PowerDomain>(std::move(info), source.sensor, read, clock);
}

Unusable unusable(const std::string& which, Code code) {
  return {which + ": " + reason(code), remedy(code), true};
}

tl::expected<std::unique_ptr<Domain>, Unusable> make_domain(const Gpu& gpu, const base::Clock& clock) {
  if (!gpu.device) return tl::unexpected(unusable(gpu.domain(), gpu.lost));
  const auto counted = gpu.device->energy_mj();
  const auto power = power_source(gpu);
  std::unique_ptr<Domain> domain;
  if (counted && (*counted > 0 || !power)) {
    domain = by_counter(gpu, power, clock);
  } else if (power) {
    domain =
        by_power(gpu, *power, counted ? "reads 0, which is not trusted" : reason(counted.error()), clock);
  } else {
    const Code why = never(power.error()) ? counted.error() : power.error();
    return tl::unexpected(
        unusable(fmt::format("{} ({}): its energy cannot be read", gpu.domain(), gpu.name), why));
  }
  return std::make_unique<GpuDomain>(std::move(domain), gpu.device);
}

tl::expected<std::unique_ptr<Domain>, Unusable> make_mig_domain(const Gpu& gpu, const Mig& mig,
                                                                bool whole_too, const base::Clock& clock) {
  const std::string name = gpu.domain(mig);
  if (mig.slices == 0 || mig.slices > gpu.mig_slots)
    return tl::unexpected(
        Unusable{name + ": NVML does not say how large it is", "install a newer NVIDIA driver", true});
  auto whole = make_domain(gpu, clock);
  if (!whole) return whole;
  DomainInfo info = (*whole)->info();
  info.description = fmt::format("MIG instance with {} of {} compute slices of {}", mig.slices, gpu.mig_slots,
                                 info.description);
  if (whole_too) info.inside = info.name;
  info.name = name;
  info.quality = trial::Quality::kModelled;
  info.part = gpu.part(mig);
  info.id = mig.uuid;
  info.model = fmt::format("{}/{} of {}", mig.slices, gpu.mig_slots, gpu.name);
  if (mig.slices < gpu.mig_slots) info.relative_error = 1;
  info.power_limit.reset();
  return std::make_unique<MigDomain>(*std::move(whole), std::move(info), mig.slices, gpu.mig_slots);
}

Unusable nothing_visible(std::size_t count) {
  if (count == 0)
    return {"the NVIDIA driver finds no GPU",
            "compare with: nvidia-smi -L; in a container, run it with the GPU", false};
  return {fmt::format("CUDA_VISIBLE_DEVICES hides every GPU of this machine ({})", count),
          "unset CUDA_VISIBLE_DEVICES, or name GPUs that it shall show", false};
}

Unusable invalid_entry(const std::string& entry) {
  return {
      fmt::format("CUDA_VISIBLE_DEVICES names '{}', which is no GPU here; CUDA ignores it and what follows",
                  entry),
      "correct it: nvidia-smi -L lists the GPUs and MIG instances", false};
}

}  // namespace

Discovery discover(const Settings& settings, const std::string&, const base::Clock& clock) {
  Discovery found;
  const auto library = Library::open(settings.nvml_library, clock);
  if (!library) {
    found.unusable.push_back(library.error());
    return found;
  }
  const auto count = (*library)->count();
  if (!count) {
    found.unusable.push_back(unusable("the GPUs cannot be counted", count.error()));
    return found;
  }
  const std::vector<Gpu> gpus = find_gpus(*library, *count);
  const Visibility visible = visible_devices(settings.cuda_visible_devices, identities(gpus));
  for (const Visible& device : visible.devices) {
    const Gpu& gpu = gpus[device.gpu];
    const bool whole_too =
        std::ranges::find(visible.devices, Visible{device.gpu, {}}) != visible.devices.end();
    auto domain =
        device.mig ? make_mig_domain(gpu, gpu.migs[*device.mig], whole_too, clock) : make_domain(gpu, clock);
    if (domain)
      found.domains.push_back(*std::move(domain));
    else
      found.unusable.push_back(domain.error());
  }
  if (visible.invalid) found.unusable.push_back(invalid_entry(*visible.invalid));
  if (found.domains.empty() && found.unusable.empty()) found.unusable.push_back(nothing_visible(gpus.size()));
  return found;
}

}  // namespace sm2::meter::nvml
