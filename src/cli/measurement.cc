#include "cli/measurement.h"

#include <algorithm>

#include "cli/measure_statistics.h"

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

std::optional<Watts> mean_power(std::optional<Joules> joules, Seconds time) {
  if (!joules || time <= Seconds(0)) return {};
  return *joules / time;
}

// The median over the items of what `figure` says of each, where it says something.
template <class Item, class Figure>
auto median_of(const std::vector<Item>& items, Figure figure) -> decltype(figure(items.front())) {
  std::vector<double> known;
  for (const Item& item : items) {
    if (const auto value = figure(item)) known.push_back(value->value);
  }
  if (known.empty()) return {};
  return typename decltype(figure(items.front()))::value_type(median(std::move(known)));
}

// One domain as each run read it; the first run that has it says what it is.
trial::Reading typical(const std::vector<trial::Reading>& readings) {
  const auto of = [&](auto figure) { return median_of(readings, figure); };
  trial::Reading reading = readings.front();
  reading.joules = of([](const trial::Reading& r) { return r.joules; });
  reading.idle = of([](const trial::Reading& r) { return r.idle; });
  const auto known = [](const trial::Reading& r, Joules value) {
    return r.joules ? std::optional(value) : std::nullopt;
  };
  reading.error = of([&](const trial::Reading& r) { return known(r, r.error); }).value_or(Joules(0));
  reading.noise = of([&](const trial::Reading& r) { return known(r, r.noise); }).value_or(Joules(0));
  for (const trial::Reading& other : readings) {
    if (reading.note.empty()) reading.note = other.note;
  }
  return reading;
}

trial::Energy typical_domains(const std::vector<Figures>& runs) {
  std::vector<std::vector<trial::Reading>> domains;
  for (const Figures& run : runs) {
    for (const trial::Reading& reading : run.energy) {
      const auto same = std::ranges::find_if(domains, [&](const std::vector<trial::Reading>& readings) {
        return readings.front().domain == reading.domain && readings.front().source == reading.source;
      });
      if (same == domains.end()) {
        domains.push_back({reading});
      } else {
        same->push_back(reading);
      }
    }
  }
  trial::Energy energy;
  for (const auto& readings : domains) energy.push_back(typical(readings));
  return energy;
}

}  // namespace

Figures figures(const Measurement& run) {
  Figures figures;
  figures.joules = trial::total(run.energy);
  figures.error = figures.joules ? trial::error(run.energy) : Joules(0);
  figures.above_idle = trial::above_idle(run.energy);
  if (figures.joules && figures.above_idle) figures.idle = *figures.joules - *figures.above_idle;
  figures.watts = mean_power(figures.joules, run.time);
  figures.time = run.time;
  figures.cpu_time = run.cpu_time;
  figures.energy = run.energy;
  return figures;
}

Figures typical(const std::vector<Measurement>& runs) {
  std::vector<Figures> each;
  for (const Measurement& run : runs) each.push_back(figures(run));
  const auto of = [&](auto figure) { return median_of(each, figure); };
  Figures figures;
  figures.joules = of([](const Figures& f) { return f.joules; });
  figures.error = of([](const Figures& f) {
                    return f.joules ? std::optional(f.error) : std::nullopt;
                  }).value_or(Joules(0));
  figures.idle = of([](const Figures& f) { return f.idle; });
  figures.above_idle = of([](const Figures& f) { return f.above_idle; });
  figures.watts = of([](const Figures& f) { return f.watts; });
  figures.time = of([](const Figures& f) { return f.time; });
  figures.cpu_time = of([](const Figures& f) { return f.cpu_time; });
  figures.energy = typical_domains(each);
  return figures;
}

}  // namespace sm2::cli
