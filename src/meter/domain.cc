#include "meter/domain.h"

#include <algorithm>
#include <cctype>

namespace sm2::meter {

std::string gpu_part(std::string_view pci_address) {
  std::string address(pci_address);
  std::ranges::transform(address, address.begin(), [](unsigned char c) { return std::tolower(c); });
  const std::size_t domain = address.find(':');
  if (domain != std::string::npos && domain > 4) address.erase(0, domain - 4);
  if (std::ranges::count(address, ':') == 1) address.insert(0, "0000:");
  return "gpu " + address;
}

trial::Reading reading_of(const DomainInfo& info) {
  trial::Reading reading;
  reading.domain = info.name;
  reading.source = info.source;
  reading.method = info.method;
  reading.quality = info.quality;
  return reading;
}

trial::Reading unknown(const DomainInfo& info, const std::string& why) {
  trial::Reading reading = reading_of(info);
  reading.note = info.source + " " + info.name + ": " + why;
  return reading;
}

bool holds(const Load& load, const DomainInfo& domain) {
  return !load.holds || !is_device(domain.part) ||
         std::ranges::find(*load.holds, domain.part) != load.holds->end();
}

void hold_containers(Load& load, const std::vector<DomainInfo>& domains) {
  if (!load.holds) return;
  const auto held = [&](const std::string& part) {
    return std::ranges::find(*load.holds, part) != load.holds->end();
  };
  for (const DomainInfo& inner : domains) {
    if (inner.inside.empty() || !held(inner.part)) continue;
    for (const DomainInfo& outer : domains) {
      if (outer.name == inner.inside && outer.source == inner.source && !held(outer.part))
        load.holds->push_back(outer.part);
    }
  }
}

bool is_device(std::string_view part) { return part.starts_with("gpu "); }

}  // namespace sm2::meter
