#include "meter/rapl/powercap.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "meter/attribute.h"

namespace sm2::meter::rapl {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "intel-rapl:";  // not "intel-rapl-mmio:"
constexpr base::Joules kMicrojoule{1e-6};

using Names = std::map<std::string, std::string>;  // "intel-rapl:1:0" -> "dram"

std::string remedy(int code, const fs::path& file) {
  if (is_permission(code)) {
    return fmt::format("sudo chmod a+r {} (until the next boot; docs/energy.md has a udev rule that lasts)",
                       (file.parent_path().parent_path() / "intel-rapl:*" / file.filename()).string());
  }
  if (code == ENOENT) {
    return "in a container, run sm2 on the host instead, or start the container with --security-opt "
           "systempaths=unconfined";
  }
  return "none known; the kernel's log may say more: sudo dmesg | grep -i rapl";
}

Unusable unusable(const Attribute::Failure& failure, const fs::path& file, bool present = true) {
  const bool denied = is_permission(failure.code);
  return {failure.message + (denied ? " (the kernel lets only root read it, because of CVE-2020-8694)" : ""),
          remedy(failure.code, file), present};
}

tl::expected<Names, Unusable> named_zones(const fs::path& root) {
  Names zones;
  std::error_code code;
  const fs::directory_iterator entries(root, code);
  if (code && code != std::errc::no_such_file_or_directory) {
    return tl::unexpected(Unusable{fmt::format("{}: {}", root.string(), code.message()),
                                   fmt::format("sudo chmod a+rx {}", root.string()), true});
  }
  for (const auto& entry : entries) {
    const std::string zone = entry.path().filename();
    if (!zone.starts_with(kPrefix)) continue;
    const fs::path file = entry.path() / "name";
    const auto name = Attribute(file).line();
    if (!name) return tl::unexpected(unusable(name.error(), file));
    zones[zone] = *name;
  }
  return zones;
}

std::string first_package(const Names& zones) {
  const auto package =
      std::ranges::find_if(zones, [](const auto& zone) { return zone.second.starts_with("package"); });
  return package == zones.end() ? "" : package->second;
}

// The package that a zone is beside or part of; its own directory where that is unknown.
std::string parent(const std::string& zone, const Names& zones) {
  const auto found = zones.find(zone.substr(0, zone.rfind(':')));
  return found != zones.end() && found->second.starts_with("package") ? found->second : "package:" + zone;
}

RawCounter counter(Kind kind, std::string name, std::string inside) {
  return {kind, std::move(name), std::move(inside), {}, kMicrojoule, 0, {}};
}

// What one zone is; nothing where it is not read.
std::optional<RawCounter> choose(const std::string& zone, const Names& zones, std::string_view vendor) {
  const std::string& name = zones.at(zone);
  const std::string package = first_package(zones);
  if (name.starts_with("package")) return counter(Kind::kPackage, name, "");
  if (name == "psys") return counter(Kind::kPsys, name, package.empty() ? "" : "overlaps " + package);
  if (name.starts_with("psys")) return counter(Kind::kPsys, name, "overlaps psys");
  if (package.empty()) return {};
  const std::string of = parent(zone, zones);
  if (name == "dram") return counter(Kind::kDram, beside(of, "dram"), "");
  if (name == "core" && !is_amd(vendor)) return counter(Kind::kCore, beside(of, "core"), of);
  if (name == "uncore") return counter(Kind::kUncore, beside(of, "uncore"), of);
  return {};
}

// Fills in how it is read; says why it cannot be.
std::optional<Unusable> open(RawCounter& counter, const fs::path& folder) {
  const bool added = counter.inside.empty();
  const auto energy = std::make_shared<Attribute>(folder / "energy_uj");
  if (const auto now = energy->count(); !now) return unusable(now.error(), energy->file(), added);
  const fs::path range = folder / "max_energy_range_uj";
  const auto highest = Attribute(range).count();
  if (!highest) return unusable(highest.error(), range, added);
  if (*highest == 0)
    return unusable({0, fmt::format("{}: the counter has no range", range.string())}, range, added);
  counter.id = energy->file();
  counter.highest = *highest;
  counter.read = [energy] { return read_count(*energy); };
  return {};
}

}  // namespace

Found find_zones(const fs::path& sysfs, std::string_view vendor) {
  const fs::path root = sysfs / "class" / "powercap";
  const auto named = named_zones(root);
  if (!named) return none(named.error());
  Found found;
  for (const auto& zone : *named) {
    auto counter = choose(zone.first, *named, vendor);
    if (!counter) continue;
    const auto why = open(*counter, root / zone.first);
    if (!why) {
      found.counters.push_back(*std::move(counter));
    } else if (counter->inside.empty()) {
      return none(*why);
    } else {
      found.unusable.push_back(*why);
    }
  }
  if (!found.counters.empty()) return found;
  return none(
      {fmt::format("no RAPL counter under {}", root.string()),
       "sudo modprobe intel_rapl_msr, on a physical Intel or AMD machine; virtual machines have no RAPL, and "
       "a container needs the host's /sys",
       false});
}

}  // namespace sm2::meter::rapl
