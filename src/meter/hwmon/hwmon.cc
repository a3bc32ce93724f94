#include "meter/hwmon/hwmon.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "meter/attribute.h"
#include "meter/counter_domain.h"
#include "meter/hwmon/chip.h"
#include "meter/hwmon/drivers.h"
#include "meter/power_domain.h"

namespace sm2::meter::hwmon {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr Seconds kUnknownMean{1};
constexpr std::uint64_t kRegister32 = 262'144'000'000;  // microjoules: 2^32 steps of 2^-14 J

// One channel, with what reads it and why that fails.
struct Candidate {
  std::string driver;
  DomainInfo info;
  Meaning meaning;
  Channel channel;
  std::vector<std::shared_ptr<Attribute>> files;
  std::optional<Unusable> unusable;
};

std::string part(const Meaning& meaning, const Chip& chip) {
  switch (meaning.belongs) {
    case Belongs::kGpu:
      return gpu_part(chip.pci.empty() ? chip.number : chip.pci);
    case Belongs::kProcessors:
      return kProcessors;
    case Belongs::kNode:
    case Belongs::kNothing:
      break;
  }
  return kNode;
}

Unusable unreadable(const Attribute::Failure& failure, const Chip& chip, const Attribute& file) {
  if (is_asleep(chip, failure.code)) {
    return {failure.message + " (the GPU is asleep or being reset)",
            fmt::format("echo on | sudo tee {}", (chip.folder / "device/power/control").string()), true};
  }
  if (is_permission(failure.code)) return {failure.message, "sudo chmod a+r " + file.file().string(), true};
  return {failure.message, "none known; the kernel's log may say more: sudo dmesg", true};
}

std::optional<Unusable> try_out(const std::vector<std::shared_ptr<Attribute>>& files, const Chip& chip) {
  for (const auto& file : files) {
    const auto now = file->count();
    if (!now) return unreadable(now.error(), chip, *file);
    if (*now == 0 && chip.name == "amdgpu") {
      return Unusable{file->file().string() +
                          ": reads 0, as the second die of a module does, whose energy the first counts",
                      "none needed", false};
    }
  }
  return {};
}

Candidate candidate(const Chip& chip, const Channel& channel, Meaning meaning) {
  Candidate made;
  made.driver = chip.name;
  made.info.name = meaning.domain;
  made.info.source = "hwmon";
  made.info.method = channel.type == Channel::Type::kEnergy ? "counter" : "power";
  made.info.part = part(meaning, chip);
  made.info.inside = meaning.inside;
  made.info.description = fmt::format("{} ({} {})", meaning.what, chip.name,
                                      channel.label.empty() ? channel.name : channel.label);
  made.info.id = chip.pci.empty() ? channel.files.front().string() : chip.pci;
  made.info.power_limit = meaning.belongs == Belongs::kGpu ? chip.power_limit : std::nullopt;
  made.meaning = std::move(meaning);
  made.channel = channel;
  for (const auto& path : channel.files) made.files.push_back(std::make_shared<Attribute>(path));
  made.unusable = try_out(made.files, chip);
  return made;
}

Unusable unknown(const Chip& chip, const Channel& channel) {
  return {fmt::format("{} ({}) {}{}: not known to SM2 what it measures", chip.number, chip.name, channel.name,
                      channel.label.empty() ? "" : " '" + channel.label + "'"),
          "if it is the whole machine, name a program that prints its watts: --source command:PROGRAM",
          false};
}

std::vector<Candidate> candidates(const std::vector<Chip>& chips, std::vector<Unusable>& unusable) {
  std::vector<Candidate> found;
  std::map<std::string, int> ordinals;
  for (const Chip& chip : chips) {
    if (chip.channels.empty()) continue;
    const int ordinal = ordinals[chip.name]++;
    for (const Channel& channel : chip.channels) {
      auto known = meaning(chip, channel, ordinal);
      if (!known) {
        unusable.push_back(unknown(chip, channel));
      } else if (known->belongs != Belongs::kNothing) {
        found.push_back(candidate(chip, channel, *std::move(known)));
      }
    }
  }
  return found;
}

// A channel whose container is not there is no part of anything.
void settle_containers(std::vector<Candidate>& found) {
  for (Candidate& one : found) {
    const bool contained = std::ranges::any_of(found, [&](const Candidate& other) {
      return one.info.inside == other.info.name || one.info.inside == "overlaps " + other.info.name;
    });
    if (!contained) one.info.inside.clear();
  }
}

// Drops what cannot be read, and with it what would no longer be complete.
void drop_unreadable(std::vector<Candidate>& found, std::vector<Unusable>& unusable) {
  std::set<std::pair<std::string, std::string>> incomplete;  // parts, by the driver that counts them
  std::vector<Candidate> failed;
  for (Candidate& one : found) {
    if (!one.unusable) continue;
    if (one.info.inside.empty()) incomplete.emplace(one.info.part, one.driver);
    failed.push_back(one);
  }
  std::erase_if(found, [&](const Candidate& one) {
    return one.unusable || incomplete.contains({one.info.part, one.driver});
  });
  for (Candidate& one : failed) {
    const bool counted = std::ranges::any_of(found, [&](const Candidate& other) {
      return other.info.part == one.info.part && other.info.inside.empty();
    });
    one.unusable->present = one.unusable->present && one.info.inside.empty() && !counted;
    unusable.push_back(*std::move(one.unusable));
  }
}

// Of several drivers that count the same part, one is added.
void settle_drivers(std::vector<Candidate>& found) {
  std::map<std::string, const Candidate*> best;
  for (const Candidate& one : found) {
    if (!one.info.inside.empty()) continue;
    const Candidate*& chosen = best.emplace(one.info.part, &one).first->second;
    if (one.meaning.rank < chosen->meaning.rank) chosen = &one;
  }
  for (Candidate& one : found) {
    const auto chosen = best.find(one.info.part);
    if (one.info.inside.empty() && one.driver != chosen->second->driver)
      one.info.inside = "overlaps " + chosen->second->info.name;
  }
}

std::unique_ptr<Domain> counted(Candidate one, const base::Clock& clock) {
  Counter counter;
  counter.per_count = Joules(1e-6);
  counter.highest = one.meaning.register32 ? kRegister32 - 1 : std::numeric_limits<std::uint64_t>::max();
  counter.highest_power = one.meaning.highest;
  counter.update = one.meaning.update;
  counter.relative_error = one.meaning.relative_error;
  counter.read = [file = one.files.front(),
                  register32 = one.meaning.register32]() -> base::Result<std::uint64_t> {
    return read_count(*file).map([&](std::uint64_t raw) { return register32 ? raw % kRegister32 : raw; });
  };
  return std::make_unique<CounterDomain>(std::move(one.info), std::move(counter), clock);
}

// Microwatts; millivolts times milliamperes of a rail.
base::Result<Watts> read_power(const std::vector<std::shared_ptr<Attribute>>& files) {
  Watts power(1e-6);
  for (const auto& file : files) {
    const auto value = read_count(*file);
    if (!value) return tl::unexpected(value.error());
    power = static_cast<double>(*value) * power;
  }
  return power;
}

std::unique_ptr<Domain> integrated(Candidate one, const base::Clock& clock) {
  PowerSensor sensor;
  sensor.averaged = one.channel.average ? one.channel.interval.value_or(kUnknownMean) : Seconds(0);
  sensor.update = one.channel.interval.value_or(one.meaning.update);
  sensor.duty = one.channel.average ? 1 : 0;
  sensor.highest = one.meaning.highest;
  sensor.relative_error = one.meaning.relative_error;
  auto read = [files = std::move(one.files)] { return read_power(files); };
  return std::make_unique<PowerDomain>(std::move(one.info), sensor, std::move(read), clock);
}

}  // namespace

Discovery discover(const Settings& settings, const std::string&, const base::Clock& clock) {
  Discovery discovery;
  auto found = candidates(find_chips(settings.sysfs), discovery.unusable);
  settle_containers(found);
  drop_unreadable(found, discovery.unusable);
  settle_drivers(found);
  for (Candidate& one : found) {
    const bool counts = one.channel.type == Channel::Type::kEnergy;
    discovery.domains.push_back(counts ? counted(std::move(one), clock) : integrated(std::move(one), clock));
  }
  if (discovery.domains.empty() && discovery.unusable.empty()) {
    discovery.unusable.push_back(
        {fmt::format("no sensor of power or energy under {}", (settings.sysfs / "class" / "hwmon").string()),
         "load the driver of your GPU or board, if it has one (amdgpu, xe, i915, ina3221)", false});
  }
  return discovery;
}

}  // namespace sm2::meter::hwmon
