#include "meter/rapl.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "meter/wrapping_counter.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr double kMicro = 1e-6;
constexpr Seconds kShort{0.02};        // below this a window's mean power says little
constexpr double kSteps = 4294967296;  // of a 32-bit counter, over its range

WrappingCounter::Limits limits(const Zone& zone) {
  return {zone.highest_uj, highest_power(zone.kind).value / kMicro, Rapl::kLag};
}

class RaplWindow final : public Window {
 public:
  RaplWindow(const std::vector<Zone>& zones, std::string_view vendor, const base::Clock& clock)
      : clock_(clock) {
    for (const Zone& zone : zones) {
      Counting counting{
          zone, WrappingCounter(limits(zone)), relative_error(zone.kind, vendor), clock.monotonic(), {}};
      const auto start = read_counter(zone.energy).and_then([&](std::uint64_t raw) {
        return counting.counter.advance(raw, counting.opened);
      });
      if (!start) counting.unopened = "not readable when the window was opened: " + start.error().message;
      domains_.push_back(std::move(counting));
    }
  }

  trial::Energy read() override {
    trial::Energy energy;
    for (Counting& counting : domains_) energy.push_back(read(counting));
    return energy;
  }

 private:
  struct Counting {
    Zone zone;
    WrappingCounter counter;
    double relative_error;
    Seconds opened;
    std::optional<std::string> unopened;  // why there is no reading to count from
  };

  trial::Reading read(Counting& counting) {
    trial::Reading reading;
    reading.domain = counting.zone.domain;
    reading.source = Rapl::kName;
    const auto grown = total(counting);
    if (!grown) {
      reading.note = fmt::format("rapl {}: {}", counting.zone.domain, grown.error().message);
      return reading;
    }
    reading.joules = Joules(kMicro * static_cast<double>(*grown));
    const Seconds elapsed = clock_.monotonic() - counting.opened;
    const Watts power = elapsed < kShort ? highest_power(counting.zone.kind) : *reading.joules / elapsed;
    const Joules step(kMicro * static_cast<double>(counting.zone.highest_uj) / kSteps);
    reading.noise = 2 * power * Rapl::kUpdate + step;
    reading.error = counting.relative_error * *reading.joules + reading.noise;
    if (elapsed < kShort) reading.note = "the window is too short for the counter, which steps every 1 ms";
    return reading;
  }

  base::Result<std::uint64_t> total(Counting& counting) {
    if (counting.unopened) return base::fail("{}", *counting.unopened);
    return read_counter(counting.zone.energy).and_then([&](std::uint64_t raw) {
      return counting.counter.advance(raw, clock_.monotonic());
    });
  }

  const base::Clock& clock_;
  std::vector<Counting> domains_;
};

}  // namespace

std::unique_ptr<Window> Rapl::open(Load) { return std::make_unique<RaplWindow>(zones_, vendor_, clock_); }

std::vector<Source> Rapl::sources() const {
  std::optional<Seconds> within;
  for (const Zone& zone : zones_) {
    const Seconds wraps = WrappingCounter(limits(zone)).read_within();
    within = std::min(within.value_or(wraps), wraps);
  }
  return {{std::string(kName), describe(zones_), within ? std::optional(*within / 2) : std::nullopt}};
}

Watts highest_power(Zone::Kind kind) {
  switch (kind) {
    case Zone::Kind::kPackage:
      return Watts(1000);
    case Zone::Kind::kDram:
      return Watts(500);
    case Zone::Kind::kPsys:
      return Watts(4000);
  }
  return Watts(4000);
}

double relative_error(Zone::Kind kind, std::string_view vendor) {
  return kind == Zone::Kind::kPackage && vendor != "AuthenticAMD" ? 0.05 : 0.2;
}

std::string describe(const std::vector<Zone>& zones) {
  std::vector<std::string> names;
  for (const Zone& zone : zones) names.push_back(zone.domain);
  return fmt::format("the processor's own energy counters ({}), everything that runs on this host included",
                     fmt::join(names, ", "));
}

}  // namespace sm2::meter
