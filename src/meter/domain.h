// One thing that uses energy and can be read: a GPU, a processor package, its DRAM, a whole node. A source
// (nvml, rapl, ...) turns what its vendor offers into domains; the platform (platform.h) makes one meter of them.
//
// A window is what the domain used since the window was opened. A reading says its source, quality, error and
// noise (trial/energy.h); what cannot be read is unknown with a reason, never zero and never negative. Windows are
// independent of one another and may outlive neither their domain nor the clock.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "meter/sampled.h"
#include "trial/decision.h"
#include "trial/energy.h"

namespace sm2::meter {

// Parts of a machine, by which domains that count the same thing are told. A GPU's part is gpu_part(its PCI address).
inline constexpr const char* kProcessors = "processors";
inline constexpr const char* kNode = "node";  // contains every other part
// "gpu 0000:3b:00.0", from any of the spellings that drivers use ("00000000:3B:00.0").
std::string gpu_part(std::string_view pci_address);
// Whether loads hold such a part one by one, as they do GPUs; the others are the host's, which all of them share.
bool is_device(std::string_view part);

struct DomainInfo {
  std::string name;    // "gpu-0", "package-0", "dram-0", "cpu"; unique on the machine
  std::string source;  // "nvml", "rapl", ...
  std::string method;  // "counter", "power" (integrated), or "" where the source's name says it
  trial::Quality quality = trial::Quality::kMeasured;
  std::string part;         // which part of the machine it counts
  std::string inside;       // the domain of the same source that contains it, else ""; then it is never added
  std::string description;  // one line: what it is and what its joules rest on
  std::string id;           // as the vendor names it for good: a UUID, a file; may be empty
  std::string
      model;  // of a device: "NVIDIA H100 80GB HBM3"; empty where it is not known, and of a host's domains
  base::Seconds resolution;                // its update period
  double relative_error = 0;               // the stated bound for long windows
  std::optional<base::Watts> power_limit;  // as set now, where there is one
};

struct Load {  // what is metered
  // CPU time of its process tree since the window was opened; nothing when it cannot be read.
  std::function<std::optional<base::Seconds>()> cpu_time;
  // Its processes now, for drivers that say which process uses a device.
  std::function<std::vector<pid_t>()> processes;
  // The devices that it holds, by part, and with them their whole energy; absent: it may use all of them.
  std::optional<std::vector<std::string>> holds;
  std::optional<trial::TrialId> trial = {};  // whose it is, where that is a trial
};

// Whether what the domain counts may be the load's: its own devices, and the host, which all loads share.
bool holds(const Load& load, const DomainInfo& domain);

// A reading of the domain, nothing known yet; and one that says why nothing can be: "rapl package-0: WHY".
trial::Reading reading_of(const DomainInfo& info);
trial::Reading unknown(const DomainInfo& info, const std::string& why);

// Who holds a domain that is inside another (the second die of an MI250, which only the first one counts) holds the
// other, too.
void hold_containers(Load& load, const std::vector<DomainInfo>& domains);

class DomainWindow {
 public:
  virtual ~DomainWindow() = default;
  virtual trial::Reading read() = 0;
};

class Domain {
 public:
  virtual ~Domain() = default;
  virtual const DomainInfo& info() const = 0;
  virtual std::unique_ptr<DomainWindow> open(const Load& load) = 0;

  // What must be called between readings, from any thread; null where nothing must.
  virtual Sampled* sampled() { return nullptr; }
  // Windows must be read at least this often, or their counters may wrap unseen.
  virtual std::optional<base::Seconds> read_within() const { return {}; }
  // How much each process used it lately, in any unit, where the driver says.
  virtual std::map<pid_t, double> use_by_process() { return {}; }
};

}  // namespace sm2::meter
