#include "meter/powercap.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>

namespace sm2::meter {
namespace {

namespace fs = std::filesystem;

// Not "intel-rapl-mmio:", which counts the same package again.
constexpr std::string_view kPrefix = "intel-rapl:";

struct Failure {
  int code = 0;  // errno, or 0 where the text is wrong
  std::string message;
};

tl::expected<std::string, Failure> read_line(const fs::path& file) {
  const auto failed = [&] {
    const std::error_code code(errno, std::generic_category());
    return tl::unexpected(Failure{code.value(), fmt::format("{}: {}", file.string(), code.message())});
  };
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return failed();
  char text[128];
  const ssize_t size = read(fd, text, sizeof text);
  const auto failure = size < 0 ? std::optional(failed()) : std::nullopt;
  close(fd);
  if (failure) return *failure;
  const std::string_view whole(text, static_cast<std::size_t>(size));
  return std::string(whole.substr(0, whole.find('\n')));
}

tl::expected<std::uint64_t, Failure> read_number(const fs::path& file) {
  const auto text = read_line(file);
  if (!text) return tl::unexpected(text.error());
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (code != std::errc() || end != text->data() + text->size()) {
    return tl::unexpected(Failure{0, fmt::format("{}: '{}' is not a count", file.string(), *text)});
  }
  return value;
}

std::string remedy(int code, const fs::path& file) {
  switch (code) {
    case EACCES:
    case EPERM:
      return fmt::format("sudo chmod a+r {} (until the next boot; docs/energy.md has a udev rule that lasts)",
                         (file.parent_path().parent_path() / "intel-rapl:*" / file.filename()).string());
    case ENOENT:
      return "in a container, run sm2 on the host instead, or start the container with --security-opt "
             "systempaths=unconfined";
    default:
      return "none known; the kernel's log may say more: sudo dmesg | grep -i rapl";
  }
}

Unusable unusable(const Failure& failure, const fs::path& file) {
  const bool denied = failure.code == EACCES || failure.code == EPERM;
  return {failure.message + (denied ? " (the kernel lets only root read it, because of CVE-2020-8694)" : ""),
          remedy(failure.code, file)};
}

// "intel-rapl:1" and "intel-rapl:1:0" with the kernel's names for them.
tl::expected<std::map<std::string, std::string>, Unusable> named_zones(const fs::path& root) {
  std::map<std::string, std::string> zones;
  std::error_code code;
  const fs::directory_iterator entries(root, code);
  if (code && code != std::errc::no_such_file_or_directory) {
    return tl::unexpected(Unusable{fmt::format("{}: {}", root.string(), code.message()),
                                   fmt::format("sudo chmod a+rx {}", root.string())});
  }
  for (const auto& entry : entries) {
    const std::string zone = entry.path().filename();
    if (!zone.starts_with(kPrefix)) continue;
    const fs::path file = entry.path() / "name";
    const auto name = read_line(file);
    if (!name) return tl::unexpected(unusable(name.error(), file));
    zones[zone] = *name;
  }
  return zones;
}

// What to count of one zone; nothing where it is contained in another one.
std::optional<Zone> choose(const std::string& zone, const std::map<std::string, std::string>& zones,
                           bool packages) {
  const std::string& name = zones.at(zone);
  const bool is_package = name.starts_with("package");
  if (is_package) return Zone{Zone::Kind::kPackage, name, {}, 0};
  if (name == "psys" && !packages) return Zone{Zone::Kind::kPsys, name, {}, 0};
  if (name != "dram" || !packages) return {};
  const auto parent = zones.find(zone.substr(0, zone.rfind(':')));
  const std::string of = parent == zones.end() ? zone : parent->second;
  return Zone{Zone::Kind::kDram, of.starts_with("package") ? "dram" + of.substr(7) : "dram:" + of, {}, 0};
}

}  // namespace

tl::expected<std::vector<Zone>, Unusable> find_zones(const fs::path& sysfs) {
  const fs::path root = sysfs / "class" / "powercap";
  const auto named = named_zones(root);
  if (!named) return tl::unexpected(named.error());
  const bool packages =
      std::ranges::any_of(*named, [](const auto& zone) { return zone.second.starts_with("package"); });
  std::vector<Zone> zones;
  for (const auto& [directory, name] : *named) {
    auto zone = choose(directory, *named, packages);
    if (!zone) continue;
    const fs::path range = root / directory / "max_energy_range_uj";
    zone->energy = root / directory / "energy_uj";
    const auto energy = read_number(zone->energy);
    if (!energy) return tl::unexpected(unusable(energy.error(), zone->energy));
    const auto highest = read_number(range);
    if (!highest) return tl::unexpected(unusable(highest.error(), range));
    if (*highest == 0) {
      return tl::unexpected(
          unusable({0, fmt::format("{}: the counter has no range", range.string())}, range));
    }
    zone->highest_uj = *highest;
    zones.push_back(*std::move(zone));
  }
  if (zones.empty()) {
    return tl::unexpected(
        Unusable{fmt::format("no RAPL counter under {}", root.string()),
                 "sudo modprobe intel_rapl_msr, on a physical Intel or AMD machine; virtual machines "
                 "have no RAPL, and a container needs the host's /sys"});
  }
  return zones;
}

base::Result<std::uint64_t> read_counter(const fs::path& file) {
  const auto value = read_number(file);
  if (!value) return base::fail("{}", value.error().message);
  return *value;
}

}  // namespace sm2::meter
