#include "cli/study_devices.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "meter/accelerator_choice.h"

namespace sm2::cli {
namespace {

using Say = std::function<void(const std::string&)>;
using meter::Accelerator;

std::string gpus_text(std::size_t count) { return fmt::format("{} GPU{}", count, count == 1 ? "" : "s"); }

trial::Devices devices(const std::vector<Accelerator>& all) {
  trial::Devices plain;
  for (const Accelerator& one : all) plain.push_back(one.device);
  return plain;
}

// Those of which the machine has GPUs; where it shows none, those that programs might find all the same.
std::set<trial::Vendor> vendors(const std::vector<Accelerator>& all) {
  if (all.empty()) return {trial::Vendor::kNvidia, trial::Vendor::kAmd};
  std::set<trial::Vendor> found;
  for (const Accelerator& one : all) found.insert(one.device.vendor);
  return found;
}

base::Result<std::vector<Accelerator>> usable(const config::Spec& spec, const std::string& file,
                                              const std::vector<Accelerator>& all) {
  const config::DeviceSettings& wanted = spec.devices;
  if (wanted.gpus == 0) return std::vector<Accelerator>();
  auto chosen = meter::choose(all, wanted.use);
  if (!chosen) return base::fail("{}:{}: devices.use: {}", file, spec.use_line, chosen.error().message);
  const std::size_t each = wanted.gpus ? static_cast<std::size_t>(*wanted.gpus) : chosen->size();
  const unsigned line = wanted.gpus ? spec.gpus_line : spec.use_line;
  const char* key = wanted.gpus ? "gpus" : "use";
  if (each > chosen->size())
    return base::fail("{}:{}: devices.gpus: a trial is to have {}, and the study may use {}; there is {}",
                      file, line, gpus_text(each), chosen->size(), meter::listed(all));
  if (each > 1 && std::ranges::any_of(*chosen, &Accelerator::instance))
    return base::fail(
        "{}:{}: devices.{}: a CUDA program sees one MIG instance at a time; write gpus = 1, or name whole "
        "GPUs "
        "in use",
        file, line, key);
  return chosen;
}

// Says once of each device that it is gone.
runner::DevicePool::Lost watch(const std::vector<Accelerator>& all, const Say& say) {
  std::map<std::string, Accelerator> by_id;
  for (const Accelerator& one : all) by_id[one.device.id] = one;
  return [by_id = std::move(by_id), say](const trial::Device& device) {
    const auto why = by_id.at(device.id).lost();
    if (why) say(fmt::format("no trial is given {} ({}) any more: {}", device.name, device.id, *why));
    return why.has_value();
  };
}

}  // namespace

base::Result<StudyDevices> study_devices(const config::Spec& spec, const std::string& file, int workers,
                                         const base::Clock& clock, const Say& say) {
  StudyDevices study{meter::settings_from_environment(), {}, workers};
  const config::DeviceSettings& wanted = spec.devices;
  if (!wanted.gpus && wanted.use.empty()) return study;
  const auto all = meter::find_accelerators(study.settings, clock);
  const auto own = usable(spec, file, all);
  if (!own) return tl::unexpected(own.error());
  study.settings = meter::only(std::move(study.settings), devices(*own));
  runner::DevicePool::Terms terms{{}, wanted.share, vendors(all)};
  if (wanted.gpus) terms.each = static_cast<std::size_t>(*wanted.gpus);
  study.pool.emplace(devices(*own), std::move(terms), watch(*own, say));
  const auto places = study.pool->places();
  if (places && *places < static_cast<std::size_t>(workers)) {
    study.workers = static_cast<int>(*places);
    say(fmt::format("{} of {} workers have work: {}, {} a trial; devices.share = true lets trials share them",
                    *places, workers, gpus_text(own->size()), *wanted.gpus));
  }
  return study;
}

}  // namespace sm2::cli
