#include "cli/device_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "meter/sources.h"

namespace sm2::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Device {
  const meter::SourceKind* kind = nullptr;
  meter::Probe probe;
  bool chosen = false;  // by auto
};

std::vector<Device> devices(const meter::Settings& settings) {
  const auto chosen = meter::automatic(settings);
  std::vector<Device> all;
  for (const meter::SourceKind& kind : meter::source_kinds())
    all.push_back({&kind, kind.probe(settings), std::ranges::find(chosen, kind.name) != chosen.end()});
  return all;
}

std::string list(const std::vector<meter::Domain>& domains) {
  std::string text;
  for (const meter::Domain& domain : domains)
    text += fmt::format("{}{} +- {:g} %", text.empty() ? "" : ", ", domain.name, 100 * domain.relative_error);
  return text;
}

std::string text(const Device& device) {
  if (!device.probe) {
    return fmt::format("{:<11} not usable: {}\n{:<11} remedy: {}\n", device.kind->name,
                       device.probe.error().reason, "", device.probe.error().remedy);
  }
  const meter::Usable& usable = *device.probe;
  return fmt::format("{:<11} usable{}: {}\n{:<11} {}, steps of {:g} ms: {}\n", device.kind->name,
                     device.chosen ? ", what auto chooses" : "", usable.description, "",
                     trial::name(usable.quality), 1000 * usable.resolution.value, list(usable.domains));
}

Json json(const Device& device) {
  Json object = {{"name", device.kind->name},
                 {"counts", device.kind->counts},
                 {"usable", device.probe.has_value()},
                 {"chosen", device.chosen},
                 {"description", nullptr},
                 {"quality", nullptr},
                 {"resolution_seconds", nullptr},
                 {"domains", Json::array()},
                 {"reason", nullptr},
                 {"remedy", nullptr}};
  if (!device.probe) {
    object["reason"] = device.probe.error().reason;
    object["remedy"] = device.probe.error().remedy;
    return object;
  }
  object["description"] = device.probe->description;
  object["quality"] = trial::name(device.probe->quality);
  object["resolution_seconds"] = device.probe->resolution.value;
  for (const meter::Domain& domain : device.probe->domains)
    object["domains"].push_back({{"name", domain.name}, {"relative_error", domain.relative_error}});
  return object;
}

}  // namespace

std::string devices_text(const meter::Settings& settings) {
  std::string lines;
  for (const Device& device : devices(settings)) lines += text(device);
  return lines;
}

std::string devices_json(const meter::Settings& settings) {
  Json object = {{"auto", meter::automatic(settings)}, {"sources", Json::array()}};
  for (const Device& device : devices(settings)) object["sources"].push_back(json(device));
  return object.dump();
}

}  // namespace sm2::cli
