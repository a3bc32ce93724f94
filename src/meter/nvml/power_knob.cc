#include "meter/nvml/power_knob.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace sm2::meter::nvml {
namespace {

using base::Watts;

constexpr int kSteps = 8;  // between the lowest and the highest limit
constexpr double kMilli = 1e-3;

struct Range {
  Watts low, high;
};

base::Result<Range> range_of(const Library& library, const DomainInfo& domain) {
  const auto handle = library.by_uuid(domain.id);
  if (!handle)
    return base::fail("{}: {}; remedy: {}", domain.name, reason(handle.error()), remedy(handle.error()));
  const auto range = library.power_limit_range(*handle);
  const auto now = library.power_limit_mw(*handle);
  const Code* failed = !range ? &range.error() : !now ? &now.error() : nullptr;
  if (failed)
    return base::fail("{}: its power limits cannot be read: {}; remedy: {}", domain.name, reason(*failed),
                      remedy(*failed));
  return Range{Watts(kMilli * range->min_mw), Watts(kMilli * *now)};
}

// Whole watts, so that drivers need not round them; but the highest, which is as it was found.
std::vector<Watts> steps(Range range) {
  std::vector<Watts> all;
  for (int step = 0; step < kSteps; ++step) {
    const Watts limit(std::ceil(range.low.value + (range.high - range.low).value * step / kSteps));
    if (limit < range.high && (all.empty() || limit > all.back())) all.push_back(limit);
  }
  all.push_back(range.high);
  return all;
}

}  // namespace

base::Result<PowerKnob> PowerKnob::open(const Settings& settings, std::vector<DomainInfo> domains,
                                        const base::Clock& clock, PowerLimits::Say say) {
  std::erase_if(domains, [](const DomainInfo& domain) {
    return domain.source != "nvml" || domain.quality != trial::Quality::kMeasured;
  });
  if (domains.empty()) return base::fail("there is no NVIDIA GPU whose power could be limited");
  const auto library = Library::open(settings.nvml_library, clock);
  if (!library) return base::fail("{}; remedy: {}", library.error().reason, library.error().remedy);
  Range common{Watts(0), Watts(std::numeric_limits<double>::infinity())};
  for (const DomainInfo& domain : domains) {
    const auto range = range_of(**library, domain);
    if (!range) return tl::unexpected(range.error());
    common = {std::max(common.low, range->low), std::min(common.high, range->high)};
  }
  if (common.low > common.high) return base::fail("the GPUs have no power limit in common");
  PowerKnob knob(settings, std::move(domains), clock, std::move(say));
  knob.limits_ = steps(common);
  return knob;
}

base::Result<> PowerKnob::set(Watts limit) {
  set_.reset();  // first: a GPU has one owner
  auto limits = std::make_unique<PowerLimits>(say_);
  if (auto done = limits->set(settings_, domains_, limit, *clock_); !done) return done;
  set_ = std::move(limits);
  return {};
}

}  // namespace sm2::meter::nvml
