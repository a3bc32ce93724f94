#include "meter/rocm/dies.h"

#include <algorithm>

namespace sm2::meter::rocm {
namespace {

using Containers = std::vector<std::optional<std::size_t>>;

bool same_gpu(const Entry& a, const Entry& b) {
  if (a.unique_id != 0 && a.unique_id == b.unique_id) return true;
  const auto without_function = [](const std::string& pci) { return pci.substr(0, pci.rfind('.')); };
  return !a.pci.empty() && without_function(a.pci) == without_function(b.pci);
}

bool has_two_dies(const Entry& entry) { return entry.name.find("MI250") != std::string::npos; }

std::optional<std::size_t> other_die(const std::vector<Entry>& entries, const Containers& found,
                                     std::size_t at) {
  const Entry& entry = entries[at];
  if (entry.reads || !(has_two_dies(entry) || entry.zero)) return {};
  const auto fits = [&](std::size_t other) {
    return other < entries.size() && entries[other].reads && entries[other].name == entry.name &&
           std::ranges::find(found, other) == found.end();
  };
  if (at > 0 && fits(at - 1)) return at - 1;
  if (fits(at + 1)) return at + 1;
  return {};
}

}  // namespace

std::vector<std::optional<std::size_t>> contained_in(const std::vector<Entry>& entries) {
  Containers found(entries.size());
  for (std::size_t at = 0; at < entries.size(); ++at) {
    for (std::size_t other = 0; other < entries.size() && !found[at]; ++other) {
      const bool counts = entries[other].reads && (other < at || !entries[at].reads) && !found[other];
      if (other != at && counts && same_gpu(entries[at], entries[other])) found[at] = other;
    }
    if (!found[at]) found[at] = other_die(entries, found, at);
  }
  return found;
}

}  // namespace sm2::meter::rocm
