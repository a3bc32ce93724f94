#include "meter/sources.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/nearest.h"
#include "meter/combined.h"
#include "meter/cpu_model.h"
#include "meter/rapl.h"

namespace sm2::meter {
namespace {

Probe probe_rapl(const Settings& settings) {
  const auto zones = find_zones(settings.sysfs);
  if (!zones) return tl::unexpected(zones.error());
  const std::string vendor = read_processor(settings.proc).vendor;
  Usable usable{describe(*zones), trial::Quality::kMeasured, {}, Rapl::kUpdate};
  for (const Zone& zone : *zones) usable.domains.push_back({zone.domain, relative_error(zone.kind, vendor)});
  return usable;
}

base::Result<std::unique_ptr<Meter>> make_rapl(const Settings& settings, const base::Clock& clock) {
  auto zones = find_zones(settings.sysfs);
  if (!zones) return base::fail("rapl: {}; remedy: {}", zones.error().reason, zones.error().remedy);
  return std::make_unique<Rapl>(*std::move(zones), read_processor(settings.proc).vendor, clock);
}

base::Result<PowerCurve> curve(const Settings& settings) {
  return power_curve(read_processor(settings.proc), settings.idle, settings.busy);
}

Probe probe_cpu_model(const Settings& settings) {
  const auto known = curve(settings);
  if (!known) return tl::unexpected(Unusable{known.error().message, "correct the watts given"});
  return Usable{describe(*known, available_processors()),
                trial::Quality::kModelled,
                {{std::string(CpuModel::kDomain), known->relative_error}},
                CpuModel::kTick};
}

base::Result<std::unique_ptr<Meter>> make_cpu_model(const Settings& settings, const base::Clock& clock) {
  const auto known = curve(settings);
  if (!known) return base::fail("cpu-model: {}", known.error().message);
  return std::make_unique<CpuModel>(*known, available_processors(), clock);
}

constexpr SourceKind kKinds[] = {
    {Rapl::kName, "processors", probe_rapl, make_rapl},
    {CpuModel::kName, "processors", probe_cpu_model, make_cpu_model},
};

base::Error unknown(const std::string& name) {
  std::vector<std::string> known = {"auto"};
  for (const SourceKind& kind : kKinds) known.emplace_back(kind.name);
  const auto meant = base::nearest(name, known);
  return {fmt::format("'{}' is not an energy source of this version{}; it has {}", name,
                      meant ? fmt::format(", did you mean '{}'?", *meant) : "", fmt::join(known, ", "))};
}

base::Result<std::vector<const SourceKind*>> choose(const std::vector<std::string>& sources,
                                                    const Settings& settings) {
  std::vector<std::string> names;
  for (const std::string& name : sources) {
    if (name != "auto") {
      names.push_back(name);
      continue;
    }
    for (std::string& chosen : automatic(settings)) names.push_back(std::move(chosen));
  }
  std::vector<const SourceKind*> chosen;
  for (const std::string& name : names) {
    const auto kind = std::ranges::find(kKinds, name, &SourceKind::name);
    if (kind == std::end(kKinds)) return tl::unexpected(unknown(name));
    for (const SourceKind* other : chosen) {
      if (other->name == name) return base::fail("energy source '{}' is chosen twice; name it once", name);
      if (other->counts == kind->counts) {
        return base::fail("energy sources '{}' and '{}' both count the {}; name one of them", other->name,
                          name, kind->counts);
      }
    }
    chosen.push_back(&*kind);
  }
  if (chosen.empty()) return base::fail("no energy source; name one, for example \"auto\"");
  return chosen;
}

}  // namespace

std::span<const SourceKind> source_kinds() { return kKinds; }

std::vector<std::string> automatic(const Settings& settings) {
  std::vector<std::string> names;
  std::set<std::string_view> counted;
  for (const SourceKind& kind : kKinds) {
    if (counted.contains(kind.counts) || !kind.probe(settings)) continue;
    counted.insert(kind.counts);
    names.emplace_back(kind.name);
  }
  return names;
}

base::Result<std::unique_ptr<Meter>> make(const std::vector<std::string>& sources, const Settings& settings,
                                          const base::Clock& clock) {
  const auto chosen = choose(sources, settings);
  if (!chosen) return tl::unexpected(chosen.error());
  std::vector<std::unique_ptr<Meter>> meters;
  for (const SourceKind* kind : *chosen) {
    auto meter = kind->make(settings, clock);
    if (!meter) return meter;
    meters.push_back(*std::move(meter));
  }
  if (meters.size() == 1) return std::move(meters.front());
  return std::make_unique<Combined>(std::move(meters));
}

}  // namespace sm2::meter
