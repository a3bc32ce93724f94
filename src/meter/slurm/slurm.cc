#include "meter/slurm/slurm.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/program_output.h"
#include "meter/command/program_meter.h"
#include "meter/counter_domain.h"

namespace sm2::meter::slurm {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using command::ProgramMeter;

constexpr const char* kName = "slurm";
constexpr Seconds kTimeout{5};
constexpr Seconds kRest{1};     // between two calls of sstat
constexpr Watts kHighest{1e5};  // more than any node
constexpr double kRelativeError = 0.05;
constexpr Seconds kIpmiFrequency{30};  // EnergyIPMIFrequency, where acct_gather.conf does not say
constexpr std::string_view kPlugins = "acct_gather_energy/";

struct Gathered {  // by a plugin
  const char* what;
  const char* part;
  bool by_ipmi = false;  // in the background, every EnergyIPMIFrequency
};

const std::map<std::string_view, Gathered> kGathered = {
    {"ipmi", {"the node, by IPMI", kNode, true}},
    {"xcc", {"the node, by its Lenovo controller", kNode, true}},
    {"pm_counters", {"the node, by Cray's counters", kNode}},
    {"ibmaem", {"the node, by IBM's Active Energy Manager", kNode}},
    {"rapl", {"the node's processors and their memory, by RAPL", kProcessors}},
};

// "Name = value" lines of scontrol show config.
std::string value_of(std::string_view name, std::string_view config) {
  constexpr auto kNone = std::string_view::npos;
  for (std::size_t begin = 0; begin < config.size();) {
    const std::size_t end = std::min(config.find('\n', begin), config.size());
    const std::string_view line = config.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t equals = line.find('=');
    if (equals == kNone || !line.starts_with(name) ||
        line.substr(name.size(), equals - name.size()).find_first_not_of(' ') != kNone)
      continue;
    const std::size_t first = line.find_first_not_of(' ', equals + 1);
    if (first == kNone) return "";
    return std::string(line.substr(first, line.find_last_not_of(" \r") + 1 - first));
  }
  return "";
}

// "30", "30 sec".
std::optional<Seconds> seconds(const std::string& text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && value > 0 ? std::optional(Seconds(value)) : std::nullopt;
}

std::unique_ptr<Domain> domain(const Gathered& gathered, const std::string& step, Seconds update,
                               std::shared_ptr<ProgramMeter> meter, const base::Clock& clock) {
  DomainInfo info;
  info.name = gathered.part == std::string_view(kNode) ? "node" : "cpu";
  info.source = kName;
  info.method = "counter";
  info.part = gathered.part;
  info.id = step;
  info.description = fmt::format(
      "{}, as Slurm accounts it for step {}, everything else that runs there included; its error of {:g} % "
      "is assumed",
      gathered.what, step, 100 * kRelativeError);
  Counter counter;
  counter.per_count = Joules(1);
  counter.highest = std::numeric_limits<std::uint64_t>::max();
  counter.highest_power = kHighest;
  counter.update = update;
  counter.relative_error = kRelativeError;
  counter.read = [meter] {
    return meter->counted(kRest).map(
        [](const command::Counted& now) { return static_cast<std::uint64_t>(now.joules.value); });
  };
  counter.power = [meter] { return meter->mean_power(); };
  counter.longest_rest.reset();  // where little is used its counts stand still
  return std::make_unique<CounterDomain>(std::move(info), std::move(counter), clock);
}

Discovery unusable(std::string reason, std::string remedy) {
  Discovery discovery;
  discovery.unusable.push_back({std::move(reason), std::move(remedy)});
  return discovery;
}

// Its whole joules; the unit is not printed.
base::Result<std::string> consumed(const Settings& settings) {
  return base::program_output({settings.sstat, "--noheader", "--parsable2", "--jobs", *settings.slurm_step,
                               "--format", "ConsumedEnergyRaw"},
                              kTimeout)
      .map([](std::string printed) {
        std::erase(printed, '\n');
        return printed.empty() ? printed : printed + " J";
      });
}

}  // namespace

Discovery discover(const Settings& settings, const std::string&, const base::Clock& clock) {
  if (!settings.slurm_step)
    return unusable("this is no job of Slurm's",
                    "name it in studies whose workers are jobs: sm2 tune --cluster slurm");
  const auto config = base::program_output({settings.scontrol, "show", "config"}, kTimeout, 1 << 20);
  if (!config) return unusable(config.error().message, "try it by itself in a job: scontrol show config");
  const std::string type = value_of("AcctGatherEnergyType", *config);
  const auto plugin = type.starts_with(kPlugins) ? type.substr(kPlugins.size()) : type;
  const auto gathered = kGathered.find(plugin);
  if (gathered == kGathered.end()) {
    return unusable(plugin == "gpu"
                        ? "the cluster gathers the energy of GPUs alone"
                        : fmt::format("the cluster gathers no energy (AcctGatherEnergyType is '{}')", type),
                    plugin == "gpu" ? "read them directly: the sources nvml and rocm"
                                    : "its administrators can set AcctGatherEnergyType in slurm.conf");
  }
  const auto meter =
      std::make_shared<ProgramMeter>(settings.sstat, [settings] { return consumed(settings); }, clock);
  const auto first = meter->first();
  if (!first)
    return unusable(first.error().message,
                    "it needs JobAcctGatherType in slurm.conf; try sstat -j JOB.batch in a job");
  const Seconds behind = gathered->second.by_ipmi
                             ? seconds(value_of("EnergyIPMIFrequency", *config)).value_or(kIpmiFrequency)
                             : Seconds(0);
  Discovery discovery;
  discovery.domains.push_back(
      domain(gathered->second, *settings.slurm_step, kRest + first->took + behind, meter, clock));
  return discovery;
}

}  // namespace sm2::meter::slurm
