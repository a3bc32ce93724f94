#include "meter/hwmon/chip.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include "meter/attribute.h"

namespace sm2::meter::hwmon {
namespace {

namespace fs = std::filesystem;

constexpr int kMostChannels = 1024;  // amd_energy has one of each core

// Listed once: a chip may have a hundred files, and each is looked for.
class Folder {
 public:
  explicit Folder(fs::path path) : path_(std::move(path)) {
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(path_, code)) names_.insert(entry.path().filename());
  }
  bool has(const std::string& name) const { return names_.contains(name); }
  fs::path file(const std::string& name) const { return path_ / name; }
  std::string text(const std::string& name) const {
    return has(name) ? Attribute(file(name)).line().value_or("") : "";
  }

 private:
  fs::path path_;
  std::set<std::string> names_;
};

// "0000:03:00.0"
bool is_pci(std::string_view address) {
  return address.size() >= 12 && address[address.size() - 2] == '.' && std::ranges::count(address, ':') == 2;
}

std::string pci_address(const fs::path& folder) {
  std::error_code code;
  const std::string device = fs::canonical(folder / "device", code).filename();
  return !code && is_pci(device) ? device : "";
}

std::optional<Channel> energy(const Folder& folder, int number) {
  const std::string name = "energy" + std::to_string(number);
  const std::string input = name + "_input";
  if (!folder.has(input)) return {};
  return Channel{Channel::Type::kEnergy, name, folder.text(name + "_label"), {folder.file(input)}, false, {}};
}

std::optional<Channel> power(const Folder& folder, int number) {
  const std::string name = "power" + std::to_string(number);
  const bool average = folder.has(name + "_average");
  const std::string shown = name + (average ? "_average" : "_input");
  if (!folder.has(shown)) return {};
  std::string label = folder.text(name + "_label");
  if (label.empty()) label = folder.text(name + "_oem_info");
  Channel channel{Channel::Type::kPower, name, std::move(label), {folder.file(shown)}, average, {}};
  const auto interval = Attribute(folder.file(name + "_average_interval")).count();
  if (average && interval && *interval > 0)
    channel.interval = 1e-3 * base::Seconds(static_cast<double>(*interval));
  return channel;
}

std::optional<Channel> rail(const Folder& folder, int number) {
  const std::string index = std::to_string(number);
  const std::string voltage = "in" + index + "_input", current = "curr" + index + "_input";
  const std::string label = folder.text("in" + index + "_label");
  if (label.empty() || !folder.has(voltage) || !folder.has(current)) return {};
  return Channel{
      Channel::Type::kRail, "in" + index, label, {folder.file(voltage), folder.file(current)}, false, {}};
}

// Drivers number channels without gaps, but for some that leave a few out.
void add_channels(Chip& chip, const Folder& folder, std::optional<Channel> (*find)(const Folder&, int)) {
  constexpr int kMostMissing = 16;
  for (int number = 1, missing = 0; number <= kMostChannels && missing < kMostMissing; ++number) {
    auto channel = find(folder, number);
    missing = channel ? 0 : missing + 1;
    if (channel) chip.channels.push_back(*std::move(channel));
  }
}

std::optional<base::Watts> power_limit(const Folder& folder) {
  for (const char* name : {"power1_cap", "power1_max"}) {
    if (!folder.has(name)) continue;
    const auto limit = Attribute(folder.file(name)).count();
    if (limit && *limit > 0) return base::Watts(1e-6 * static_cast<double>(*limit));
  }
  return {};
}

void add_all_channels(Chip& chip, const Folder& folder) {
  add_channels(chip, folder, energy);
  add_channels(chip, folder, power);
  if (chip.name == "ina3221") add_channels(chip, folder, rail);
}

std::optional<Chip> read_chip(const fs::path& link) {
  std::error_code code;
  Chip chip;
  chip.number = link.filename();
  chip.folder = fs::canonical(link, code);
  if (code) return {};
  const Folder folder(chip.folder);
  chip.name = folder.text("name");
  chip.pci = pci_address(chip.folder);
  chip.power_limit = power_limit(folder);
  chip.northbridge = folder.has("in1_input");
  add_all_channels(chip, folder);
  if (!chip.channels.empty() && !chip.name.empty()) return chip;
  const Folder device(chip.folder / "device");
  if (chip.name.empty()) chip.name = device.text("name");
  if (chip.channels.empty()) add_all_channels(chip, device);
  return chip;
}

int number(const std::string& chip) {
  int value = 0;
  const auto digits = chip.find_first_of("0123456789");
  if (digits != std::string::npos) std::from_chars(chip.data() + digits, chip.data() + chip.size(), value);
  return value;
}

}  // namespace

std::vector<Chip> find_chips(const fs::path& sysfs) {
  std::vector<Chip> chips;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(sysfs / "class" / "hwmon", code)) {
    if (auto chip = read_chip(entry.path())) chips.push_back(*std::move(chip));
  }
  std::ranges::sort(chips, {}, [](const Chip& chip) { return std::tuple(number(chip.number), chip.number); });
  return chips;
}

}  // namespace sm2::meter::hwmon
