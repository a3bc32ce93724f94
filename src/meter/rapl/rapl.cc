#include "meter/rapl/rapl.h"

#include <memory>
#include <utility>

#include "meter/counter_domain.h"
#include "meter/processor.h"
#include "meter/rapl/powercap.h"

namespace sm2::meter::rapl {
namespace {

using base::Watts;

std::string_view subject(Kind kind) {
  switch (kind) {
    case Kind::kPackage:
      return "a processor package";
    case Kind::kDram:
      return "the memory of a socket";
    case Kind::kCore:
      return "the cores of a package";
    case Kind::kUncore:
      return "the graphics of a package";
    case Kind::kPsys:
      return "the platform, as its maker defines it";
  }
  return "a part of the processor";
}

std::unique_ptr<Domain> domain(RawCounter raw, std::string_view through, std::string_view vendor,
                               const base::Clock& clock) {
  DomainInfo info;
  info.name = std::move(raw.name);
  info.source = "rapl";
  info.method = "counter";
  info.part = kProcessors;
  info.inside = std::move(raw.inside);
  info.description =
      fmt::format("{}, by the processor's own counter ({}), everything that runs on this host included",
                  subject(raw.kind), through);
  info.id = std::move(raw.id);
  Counter counter{
      raw.per_count,      raw.highest, highest_power(raw.kind), kUpdate, relative_error(raw.kind, vendor),
      std::move(raw.read)};
  return std::make_unique<CounterDomain>(std::move(info), std::move(counter), clock);
}

Discovery domains(Found found, std::string_view through, std::string_view vendor, const base::Clock& clock) {
  Discovery discovery;
  for (RawCounter& raw : found.counters) {
    discovery.domains.push_back(domain(std::move(raw), through, vendor, clock));
  }
  discovery.unusable = std::move(found.unusable);
  return discovery;
}

// The remedy of the way that is there; of powercap's where both are, which takes one command for good or ill.
Unusable neither(const Unusable& powercap, const Unusable& perf) {
  return {powercap.reason + "; " + perf.reason,
          powercap.present || !perf.present ? powercap.remedy : perf.remedy,
          powercap.present || perf.present};
}

}  // namespace

Discovery discover(const Settings& settings, const std::string&, const base::Clock& clock) {
  return discover(settings, clock, open_event);
}

Discovery discover(const Settings& settings, const base::Clock& clock, const OpenEvent& open) {
  const std::string vendor = read_processor(settings.proc).vendor;
  Found zones = find_zones(settings.sysfs, vendor);
  if (!zones.counters.empty()) return domains(std::move(zones), "powercap", vendor, clock);
  Found events = find_events(settings.sysfs, vendor, open);
  if (!events.counters.empty()) return domains(std::move(events), "perf event", vendor, clock);
  Discovery nothing;
  nothing.unusable.push_back(neither(zones.unusable.front(), events.unusable.front()));
  return nothing;
}

Watts highest_power(Kind kind) {
  switch (kind) {
    case Kind::kPackage:
    case Kind::kCore:
    case Kind::kUncore:
      return Watts(1000);
    case Kind::kDram:
      return Watts(500);
    case Kind::kPsys:
      return Watts(4000);
  }
  return Watts(4000);
}

double relative_error(Kind kind, std::string_view vendor) {
  const bool sure = kind != Kind::kDram && kind != Kind::kPsys && !is_amd(vendor);
  return sure ? 0.05 : 0.2;
}

}  // namespace sm2::meter::rapl
