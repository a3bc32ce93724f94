// Known true power goes in, measured joules come out: for every way of reading a device, over steady loads, square
// waves of 1 to 50 Hz, ramps, bursts and idling. The stated error must cover the truth in at least 95 % of 1,000 random
// windows, and be no worse than what the device offers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numbers>

#include "base/random.h"
#include "meter/counter_domain.h"
#include "meter/power_domain.h"
#include "meter/replay/trace.h"
#include "testing/fake_clock.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using replay::Trace;

constexpr Seconds kLength{45};

std::vector<Trace::Power> square(double low, double high, double hertz, double duty, double phase) {
  std::vector<Trace::Power> rows;
  for (double start = -phase / hertz; start < kLength.value; start += 1 / hertz) {
    for (const auto& [at, watts] :
         {std::pair(start, low), std::pair(start + 1e-9, high), std::pair(start + duty / hertz, high),
          std::pair(start + duty / hertz + 1e-9, low)}) {
      if (at > 0 && at < kLength.value) rows.push_back({Seconds(at), Watts(watts)});
    }
  }
  return rows;
}

Trace closed(std::vector<Trace::Power> rows) {
  const Watts first = rows.front().watts, last = rows.back().watts;
  rows.insert(rows.begin(), {Seconds(0), first});
  rows.push_back({kLength, last});
  return Trace(std::span<const Trace::Power>(rows));
}

// One of the loads that trainers put on a device.
Trace load(base::Random& random) {
  const double low = 40 + 60 * random.uniform(), high = low + 50 + 250 * random.uniform();
  constexpr double kHertz[] = {1, 2, 3, 5, 7, 10, 17, 20, 33, 50};
  switch (random.index(6)) {
    case 0:
      return closed({{Seconds(1), Watts(high)}});
    case 1:
      return closed({{Seconds(1), Watts(low)}});
    case 2:
      return closed({{Seconds(1), Watts(low)}, {kLength - Seconds(1), Watts(high)}});
    case 3: {  // bursts now and then
      std::vector<Trace::Power> rows;
      for (double at = 0.5; at < kLength.value - 1; at += 0.3 + 3 * random.uniform()) {
        const double until = at + 0.05 + 0.2 * random.uniform();
        for (const auto& [time, watts] : {std::pair(at, low), std::pair(at + 1e-9, high),
                                          std::pair(until, high), std::pair(until + 1e-9, low)})
          rows.push_back({Seconds(time), Watts(watts)});
        at = until;
      }
      return closed(rows);
    }
    default:
      return closed(
          square(low, high, kHertz[random.index(10)], 0.3 + 0.4 * random.uniform(), random.uniform()));
  }
}

// A device under a load: what it shows, at any time.
struct Device {
  const Trace& truth;
  Seconds phase;  // of its own clock

  Joules used(Seconds from, Seconds to) const {
    return *truth.joules(std::max(Seconds(0), from), std::clamp(to, Seconds(0), kLength));
  }
  Seconds last_update(Seconds now, Seconds period) const {
    return phase + period * std::floor((now - phase) / period);
  }
  Watts mean(Seconds to, Seconds over) const {
    const Seconds from = std::max(Seconds(0), to - over);
    return to > from ? used(from, to) / (to - from) : *truth.power(Seconds(0));
  }
};

using Read = std::function<Watts(const Device&, Seconds now)>;

struct Kind {
  const char* name;
  std::function<std::unique_ptr<Domain>(const Device&, const base::Clock&)> make;
  double within = 1;  // of the truth, in windows of 30 s or more
};

DomainInfo info() {
  DomainInfo made;
  made.name = "device";
  made.source = "test";
  return made;
}

std::unique_ptr<Domain> counting(const Device& device, const base::Clock& clock, Seconds update,
                                 double joules_a_count, bool says_power) {
  Counter counter;
  counter.per_count = Joules(joules_a_count);
  counter.highest = ~std::uint64_t{0};
  counter.highest_power = Watts(1000);
  counter.update = update;
  counter.read = [&device, &clock, update, joules_a_count]() -> base::Result<std::uint64_t> {
    const Seconds at = device.last_update(clock.monotonic(), update);
    return static_cast<std::uint64_t>(device.used(Seconds(0), at).value / joules_a_count);
  };
  if (says_power)
    counter.power = [&device, &clock] { return std::optional(device.mean(clock.monotonic(), Seconds(0.1))); };
  return std::make_unique<CounterDomain>(info(), counter, clock);
}

std::unique_ptr<Domain> showing(const Device& device, const base::Clock& clock, PowerSensor sensor,
                                Read read) {
  sensor.highest = Watts(500);
  return std::make_unique<PowerDomain>(
      info(), sensor,
      [&device, &clock, read]() -> base::Result<Watts> { return read(device, clock.monotonic()); }, clock);
}

PowerSensor sensor(double update, double averaged, double duty, bool fixed_phase = false) {
  PowerSensor made;
  made.update = Seconds(update);
  made.averaged = Seconds(averaged);
  made.duty = duty;
  made.fixed_phase = fixed_phase;
  return made;
}

Watts latched(const Device& device, Seconds now, double update, double averaged) {
  return device.mean(device.last_update(now, Seconds(update)), Seconds(averaged));
}

const Kind kKinds[] = {
    {"counter_of_100_ms",
     [](const Device& d, const base::Clock& c) { return counting(d, c, Seconds(0.1), 1e-3, true); }, 0.02},
    {"counter_without_power",
     [](const Device& d, const base::Clock& c) { return counting(d, c, Seconds(0.1), 1e-3, false); }, 0.02},
    {"counter_of_1_ms",
     [](const Device& d, const base::Clock& c) { return counting(d, c, Seconds(0.001), 1e-6, false); },
     0.001},
    {"power_at_10_Hz",
     [](const Device& d, const base::Clock& c) {
       return showing(d, c, sensor(0.1, 0.1, 1),
                      [](const Device& device, Seconds now) { return latched(device, now, 0.1, 0.1); });
     },
     0.02},
    {"mean_of_1_s",
     [](const Device& d, const base::Clock& c) {
       return showing(d, c, sensor(0.1, 1, 1),
                      [](const Device& device, Seconds now) { return latched(device, now, 0.1, 1); });
     },
     0.05},
    {"power_of_the_moment",
     [](const Device& d, const base::Clock& c) {
       return showing(d, c, sensor(0, 0, 0),
                      [](const Device& device, Seconds now) { return *device.truth.power(now); });
     },
     0.06},
    {"quarter_of_the_time",
     [](const Device& d, const base::Clock& c) {
       return showing(d, c, sensor(0.1, 0.025, 0.25, true),
                      [](const Device& device, Seconds now) { return latched(device, now, 0.1, 0.025); });
     }},
};

// Runs the device with its sampler, in simulated time, through windows at random moments.
struct Span {
  Seconds from, to;
};

class Coverage : public ::testing::TestWithParam<Kind> {};

TEST_P(Coverage, TheStatedErrorCoversTheTruth) {
  constexpr int kRuns = 100, kWindows = 10;
  base::Random random(20260101);
  int covered = 0, all = 0;
  double worst = 0;
  for (int run = 0; run < kRuns; ++run) {
    const Trace truth = load(random);
    const Device device{truth, Seconds(0.1 * random.uniform())};
    sm2::testing::FakeClock clock;
    const auto domain = GetParam().make(device, clock);
    std::vector<Span> spans(kWindows);
    for (Span& span : spans) {
      span.from = Seconds(2 + 10 * random.uniform());
      span.to = span.from + Seconds(0.3 * std::pow(100.0, random.uniform()));
    }
    std::vector<std::unique_ptr<DomainWindow>> windows(kWindows);
    std::vector<Seconds> moments;
    for (const Span& span : spans) moments.insert(moments.end(), {span.from, span.to});
    std::ranges::sort(moments);
    Seconds sample;
    for (const Seconds moment : moments) {
      while (domain->sampled() && sample < moment) {
        clock.advance(sample - clock.monotonic());
        sample += domain->sampled()->sample();
      }
      clock.advance(moment - clock.monotonic());
      for (int at = 0; at < kWindows; ++at) {
        if (spans[at].from == moment) windows[at] = domain->open({});
        if (spans[at].to != moment) continue;
        const trial::Reading reading = windows[at]->read();
        ASSERT_TRUE(reading.joules) << reading.note;
        const Joules wrong(std::abs((*reading.joules - device.used(spans[at].from, spans[at].to)).value));
        ++all;
        covered += wrong <= reading.error + Joules(1e-6);
        if (spans[at].to - spans[at].from >= Seconds(25)) worst = std::max(worst, wrong / *reading.joules);
      }
    }
  }
  EXPECT_EQ(all, kRuns * kWindows);
  EXPECT_GE(covered, 0.95 * all);
  EXPECT_LE(worst, GetParam().within) << "in windows of 25 s and more";
  RecordProperty("covered", covered);
  RecordProperty("worst_percent", std::to_string(100 * worst));
}

INSTANTIATE_TEST_SUITE_P(EveryWay, Coverage, ::testing::ValuesIn(kKinds),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace sm2::meter
