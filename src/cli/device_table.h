// What `sm2 devices` says: every energy source of this version, what it reads here and how well, what it cannot read
// and what would help. For people and as JSON (docs/energy.md documents the keys).
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "meter/discovery.h"
#include "meter/settings.h"

namespace sm2::cli {

struct ListedDomain {
  meter::DomainInfo info;
  bool chosen = false;  // by auto
};

struct Device {
  std::string name;      // of the source
  std::string argument;  // what it must be named with, for example FILE; then nothing was looked for
  std::string counts;
  std::vector<ListedDomain> domains;
  std::vector<meter::Unusable> unusable;
};

struct DeviceTable {
  std::vector<Device> devices;
  std::string no_auto;  // why auto finds nothing; empty when it does
};

DeviceTable find_devices(const meter::Settings& settings, const base::Clock& clock);

std::string text(const DeviceTable& table);
std::string json(const DeviceTable& table);  // one line

}  // namespace sm2::cli
