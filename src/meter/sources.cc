#include "meter/sources.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/nearest.h"
#include "meter/command/command.h"
#include "meter/cpu_model.h"
#include "meter/hwmon/hwmon.h"
#include "meter/nvml/nvml.h"
#include "meter/processor.h"
#include "meter/rapl/rapl.h"
#include "meter/replay/replay.h"
#include "meter/rocm/rocm.h"
#include "meter/slurm/slurm.h"

namespace sm2::meter {
namespace {

constexpr SourceKind kKinds[] = {
    {"nvml", "", "NVIDIA GPUs", nvml::discover},
    {"rocm", "", "AMD GPUs", rocm::discover},
    {"rapl", "", "processors and their memory", rapl::discover},
    {"hwmon", "", "GPUs, processors and boards with sensors of their own", hwmon::discover},
    {"slurm", "", "the node, as Slurm accounts it for a job", slurm::discover, false},
    {"command", "PROGRAM", "the node, as a program of yours says", command::discover},
    {"replay", "FILE", "a recorded power trace", replay::discover},
    {CpuModel::kName, "", "processors, modelled", discover_cpu_model},
};

struct Choice {
  const SourceKind* kind = nullptr;
  std::string argument;
};

base::Error unknown(const std::string& name) {
  std::vector<std::string> known = {"auto"};
  for (const SourceKind& kind : kKinds) known.emplace_back(kind.name);
  const auto meant = base::nearest(name, known);
  return {fmt::format("'{}' is not an energy source of this version{}; it has {}", name,
                      meant ? fmt::format(", did you mean '{}'?", *meant) : "", fmt::join(known, ", "))};
}

base::Result<Choice> choose(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const auto kind = std::ranges::find(kKinds, name, &SourceKind::name);
  if (kind == std::end(kKinds)) return tl::unexpected(unknown(name));
  if (kind->argument.empty() && colon != std::string::npos)
    return base::fail("energy source '{}' takes nothing after its name; write \"{}\"", name, name);
  const std::string argument = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (!kind->argument.empty() && argument.empty())
    return base::fail("energy source '{}' needs a {}; write \"{}:{}\"", name, kind->argument, name,
                      kind->argument);
  return Choice{&*kind, argument};
}

// Domains of several sources, and which source counts which part.
class Selection {
 public:
  Selection(const Settings& settings, const base::Clock& clock) : settings_(settings), clock_(clock) {}

  base::Result<> add(const Choice& choice) {
    const std::string name(choice.kind->name);
    Discovery found = choice.kind->discover(settings_, choice.argument, clock_);
    if (found.domains.empty()) {
      const Unusable& why = found.unusable.front();
      return base::fail("{}: {}; remedy: {}", name, why.reason, why.remedy);
    }
    for (const auto& domain : found.domains) {
      const auto other = counted_.find(domain->info().part);
      if (other != counted_.end() && other->second != name)
        return base::fail("energy sources '{}' and '{}' both count the {}; name one of them", other->second,
                          name, domain->info().part);
      if (other != counted_.end() && named_.contains(name))
        return base::fail("energy source '{}' is chosen twice; name it once", name);
      if (const auto same = names_.find(domain->info().name); same != names_.end())
        return base::fail(
            "energy sources '{}' and '{}' both have a domain '{}'; give it another name in the recording",
            same->second, name, domain->info().name);
    }
    named_.insert(name);
    take(std::move(found), name);
    return {};
  }

  // What nobody counts yet, from the best source of each part. A board's own sensor of the whole node is taken where
  // there is nothing finer; named, it replaces the sum of the parts.
  void add_automatic() {
    for (const SourceKind& kind : kKinds) {
      const std::string name(kind.name);
      if (!kind.automatic || !kind.argument.empty() || named_.contains(name)) continue;
      Discovery found = kind.discover(settings_, "", clock_);
      std::erase_if(found.domains,
                    [&](const auto& domain) { return counted_.contains(domain->info().part); });
      const auto is_node = [](const auto& domain) { return domain->info().part == kNode; };
      if (!counted_.empty() || !std::ranges::all_of(found.domains, is_node))
        std::erase_if(found.domains, is_node);
      take(std::move(found), name);
    }
  }

  std::unique_ptr<Platform> platform() && {
    return std::make_unique<Platform>(std::move(domains_), std::move(missing_));
  }
  bool empty() const { return domains_.empty(); }

 private:
  void take(Discovery found, const std::string& name) {
    for (auto& domain : found.domains) {
      names_.emplace(domain->info().name, name);
      counted_.emplace(domain->info().part, name);
      domains_.push_back(std::move(domain));
    }
    for (Unusable& unusable : found.unusable) {
      if (!unusable.present) continue;
      unusable.reason = name + ": " + unusable.reason;
      missing_.push_back(std::move(unusable));
    }
  }

  const Settings& settings_;
  const base::Clock& clock_;
  std::vector<std::unique_ptr<Domain>> domains_;
  std::vector<Unusable> missing_;
  std::map<std::string, std::string> counted_;  // part -> source
  std::set<std::string> named_;
  std::map<std::string, std::string> names_;  // domain -> source
};

}  // namespace

std::span<const SourceKind> source_kinds() { return kKinds; }

base::Result<std::unique_ptr<Platform>> make(const std::vector<std::string>& sources,
                                             const Settings& settings, const base::Clock& clock) {
  Selection selection(settings, clock);
  bool automatic = false;
  for (const std::string& source : sources) {
    if (source == "auto") {
      automatic = true;
      continue;
    }
    const auto choice = choose(source);
    if (!choice) return tl::unexpected(choice.error());
    if (auto added = selection.add(*choice); !added) return tl::unexpected(added.error());
  }
  if (automatic) selection.add_automatic();
  if (selection.empty()) {
    return automatic ? base::fail("no energy source can be used here; sm2 devices says what would help")
                     : base::fail("no energy source; name one, for example \"auto\"");
  }
  auto platform = std::move(selection).platform();
  platform->set_processor(read_processor(settings.proc).name);
  return platform;
}

}  // namespace sm2::meter
