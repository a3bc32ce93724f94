#include "meter/idle.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/nearest.h"

namespace sm2::meter {
namespace {

using base::Seconds;

class IdleWindow final : public Window {
 public:
  IdleWindow(std::unique_ptr<Window> window, const IdleWatts& watts, const base::Clock& clock)
      : window_(std::move(window)), watts_(watts), clock_(clock), opened_(clock.monotonic()) {}

  trial::Energy read() override {
    trial::Energy energy = window_->read();
    const Seconds elapsed = clock_.monotonic() - opened_;
    for (trial::Reading& reading : energy) {
      const auto known = watts_.find(reading.domain);
      if (known != watts_.end() && reading.joules)
        reading.idle = std::min(*reading.joules, known->second * elapsed);
    }
    return energy;
  }

 private:
  std::unique_ptr<Window> window_;
  const IdleWatts& watts_;
  const base::Clock& clock_;
  Seconds opened_;
};

}  // namespace

std::unique_ptr<Window> WithIdle::open(Load load) {
  return std::make_unique<IdleWindow>(meter_.open(std::move(load)), watts_, clock_);
}

IdleWatts measure_idle(Meter& meter, Seconds time, const base::Clock& clock,
                       const std::function<void(Seconds)>& sleep) {
  const auto window = meter.open({[] { return std::optional(Seconds(0)); }, {}, {}});
  const Seconds start = clock.monotonic();
  sleep(time);
  IdleWatts watts;
  const trial::Energy used = window->read();
  const Seconds elapsed = clock.monotonic() - start;
  for (const trial::Reading& reading : used) {
    if (reading.joules && !reading.idle && elapsed > Seconds(0))
      watts[reading.domain] = *reading.joules / elapsed;
  }
  return watts;
}

IdleWatts measure_idle(Meter& meter, Seconds time, const base::Clock& clock) {
  return measure_idle(meter, time, clock, [](Seconds wait) {
    std::this_thread::sleep_for(std::chrono::duration<double>(wait.value));
  });
}

std::optional<std::string> unknown_domain(const Meter& meter, const IdleWatts& watts) {
  std::vector<std::string> known;
  for (const DomainInfo& info : meter.domains()) known.push_back(info.name);
  for (const auto& [name, power] : watts) {
    if (std::ranges::find(known, name) == known.end())
      return fmt::format("no domain '{}' is read here; there are {}", name, fmt::join(known, ", "));
  }
  return {};
}

}  // namespace sm2::meter
