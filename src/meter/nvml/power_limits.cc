#include "meter/nvml/power_limits.h"

#include <filesystem>
#include <utility>

namespace sm2::meter::nvml {
namespace {

bool anything_in(const std::filesystem::path& folder) {
  std::error_code code;
  return std::filesystem::directory_iterator(folder, code) != std::filesystem::directory_iterator();
}

}  // namespace

PowerLimits::~PowerLimits() {
  for (PowerLimit& limit : limits_) {
    if (const auto restored = limit.restore(); !restored) say_(restored.error().message);
  }
}

base::Result<> PowerLimits::set(const Settings& settings, const std::vector<DomainInfo>& domains,
                                base::Watts limit, const base::Clock& clock) {
  const auto library = Library::open(settings.nvml_library, clock);
  if (!library) return base::fail("{}; remedy: {}", library.error().reason, library.error().remedy);
  std::vector<PowerLimit> limits;
  for (const DomainInfo& domain : domains) {
    if (domain.source != "nvml" || domain.quality != trial::Quality::kMeasured) continue;
    auto set = PowerLimit::set(*library, domain.id, limit, default_state_folder());
    if (!set) return base::fail("{}: {}", domain.name, set.error().message);
    limits.push_back(*std::move(set));
  }
  if (limits.empty()) return base::fail("there is no NVIDIA GPU whose power could be limited");
  limits_ = std::move(limits);
  return {};
}

std::vector<std::string> undo_left_over(const Settings& settings, const base::Clock& clock) {
  const auto folder = default_state_folder();
  if (!anything_in(folder)) return {};
  auto library = Library::open(settings.nvml_library, clock);
  if (!library) return {"a power limit is left over and cannot be undone: " + library.error().reason};
  return undo_left_over(*std::move(library), folder);
}

}  // namespace sm2::meter::nvml
