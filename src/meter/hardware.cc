#include "meter/hardware.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>

namespace sm2::meter {
namespace {

std::string devices(const std::vector<DomainInfo>& counted) {
  std::map<std::string, int> by_model;
  for (const DomainInfo& info : counted) {
    if (is_device(info.part)) ++by_model[info.model.empty() ? "a device by " + info.source : info.model];
  }
  std::string all;
  for (const auto& [model, count] : by_model) all += fmt::format("; {} x {}", count, model);
  return all;
}

}  // namespace

std::string hardware(const std::string& processor, int processors, const std::vector<DomainInfo>& counted) {
  std::set<std::string> sources;
  for (const DomainInfo& info : counted) sources.insert(info.source);
  if (sources.empty()) return "";
  return fmt::format("{}, {} processor{}{}; by {}", processor.empty() ? "a processor" : processor, processors,
                     processors == 1 ? "" : "s", devices(counted), fmt::join(sources, ", "));
}

}  // namespace sm2::meter
