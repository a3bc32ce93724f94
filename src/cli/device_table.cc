#include "cli/device_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/units.h"
#include "meter/sources.h"
#include "report/printable.h"

namespace sm2::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNames = 11;  // columns

bool chosen(const Device& device) { return std::ranges::any_of(device.domains, &ListedDomain::chosen); }

Device look(const meter::SourceKind& kind, const std::vector<meter::DomainInfo>& automatic,
            const meter::Settings& settings, const base::Clock& clock) {
  Device device{std::string(kind.name), std::string(kind.argument), std::string(kind.counts), {}, {}};
  if (!device.argument.empty()) return device;
  meter::Discovery found = kind.discover(settings, "", clock);
  for (const auto& domain : found.domains) {
    const meter::DomainInfo& info = domain->info();
    const bool taken = std::ranges::any_of(automatic, [&](const meter::DomainInfo& one) {
      return one.name == info.name && one.source == info.source;
    });
    device.domains.push_back({info, taken});
  }
  device.unusable = std::move(found.unusable);
  return device;
}

// ---- for people ----

std::string time_text(base::Seconds time) {
  return time < base::Seconds(1) ? fmt::format("{:g} ms", 1000 * time.value) : base::format(time);
}

// "measured by its counter, steps of 100 ms, +- 5 %, limit 250 W"
std::string accuracy(const meter::DomainInfo& info) {
  std::string text(trial::name(info.quality));
  if (!info.method.empty()) text += " by its " + info.method;
  if (info.resolution > base::Seconds(0)) text += ", steps of " + time_text(info.resolution);
  text += fmt::format(", +- {:g} %", 100 * info.relative_error);
  if (info.power_limit) text += ", limit " + base::format(*info.power_limit);
  return text;
}

std::string line(std::string_view name, const std::string& text) {
  return fmt::format("{:<{}} {}\n", name, kNames, report::printable(text));
}

std::string text(const ListedDomain& domain) {
  const meter::DomainInfo& info = domain.info;
  const std::string inside = info.inside.empty() ? "" : " inside " + info.inside;
  const std::string taken = domain.chosen ? ", what auto takes" : "";
  std::string lines = line("", info.name + inside + taken + ": " + accuracy(info));
  const std::string id = info.id.empty() ? "" : fmt::format(" [{}]", info.id);
  if (!info.description.empty() || !id.empty()) lines += line("", "  " + info.description + id);
  return lines;
}

std::string text(const meter::Unusable& unusable) {
  std::string lines =
      line("", (unusable.present ? "there, but not readable: " : "not usable: ") + unusable.reason);
  if (!unusable.remedy.empty()) lines += line("", "  remedy: " + unusable.remedy);
  return lines;
}

std::string text(const Device& device) {
  std::string lines = line(device.name, device.counts);
  if (!device.argument.empty()) {
    lines += line("", fmt::format("never taken by auto; name it with its {}: --source {}:{}", device.argument,
                                  device.name, device.argument));
  }
  for (const ListedDomain& domain : device.domains) lines += text(domain);
  for (const meter::Unusable& unusable : device.unusable) lines += text(unusable);
  return lines;
}

// ---- as JSON ----

Json nullable(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json json(const ListedDomain& domain) {
  const meter::DomainInfo& info = domain.info;
  return {{"name", info.name},
          {"part", info.part},
          {"inside", nullable(info.inside)},
          {"id", nullable(info.id)},
          {"description", info.description},
          {"quality", trial::name(info.quality)},
          {"method", info.method},
          {"resolution_seconds", info.resolution.value},
          {"relative_error", info.relative_error},
          {"power_limit_watts", info.power_limit ? Json(info.power_limit->value) : Json(nullptr)},
          {"chosen", domain.chosen}};
}

// The first reason stands beside `usable` too, for those who only ask why a source is missing.
Json json(const Device& device) {
  const bool usable = !device.domains.empty();
  const bool asked = device.argument.empty();
  const meter::Unusable* first = usable || device.unusable.empty() ? nullptr : &device.unusable.front();
  Json object = {{"name", device.name},
                 {"argument", nullable(device.argument)},
                 {"counts", device.counts},
                 {"usable", asked ? Json(usable) : Json(nullptr)},
                 {"chosen", chosen(device)},
                 {"domains", Json::array()},
                 {"reason", first ? Json(first->reason) : Json(nullptr)},
                 {"remedy", first ? Json(first->remedy) : Json(nullptr)},
                 {"unusable", Json::array()}};
  for (const ListedDomain& domain : device.domains) object["domains"].push_back(json(domain));
  for (const meter::Unusable& unusable : device.unusable) {
    object["unusable"].push_back(
        {{"reason", unusable.reason}, {"remedy", unusable.remedy}, {"present", unusable.present}});
  }
  return object;
}

}  // namespace

DeviceTable find_devices(const meter::Settings& settings, const base::Clock& clock) {
  DeviceTable table;
  const auto automatic = meter::make({"auto"}, settings, clock);
  if (!automatic) table.no_auto = automatic.error().message;
  const auto domains = automatic ? (*automatic)->domains() : std::vector<meter::DomainInfo>();
  for (const meter::SourceKind& kind : meter::source_kinds())
    table.devices.push_back(look(kind, domains, settings, clock));
  return table;
}

std::string text(const DeviceTable& table) {
  std::string lines;
  for (const Device& device : table.devices) lines += text(device);
  if (!table.no_auto.empty()) lines += line("auto", table.no_auto);
  return lines;
}

std::string json(const DeviceTable& table) {
  Json object = {{"auto", Json::array()}, {"sources", Json::array()}};
  for (const Device& device : table.devices) {
    if (chosen(device)) object["auto"].push_back(device.name);
    object["sources"].push_back(json(device));
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sm2::cli
