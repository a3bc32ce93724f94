// RAPL as a PMU of perf events: its files in a /sys, and events whose counts a test decides, by number and CPU.
#pragma once

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "meter/rapl/perf_event.h"
#include "testing/sysfs_tree.h"

namespace sm2::testing {

class PerfTree {
 public:
  static constexpr std::uint32_t kType = 9;
  static constexpr std::uint64_t kPackage = 2, kDram = 3;

  explicit PerfTree(std::filesystem::path sysfs, const std::string& cpumask = "0")
      : sysfs_(std::move(sysfs)) {
    SysfsTree::write(pmu() / "type", std::to_string(kType));
    SysfsTree::write(pmu() / "cpumask", cpumask);
  }

  std::filesystem::path pmu() const { return sysfs_ / "bus/event_source/devices/power"; }
  std::filesystem::path event(const std::string& name) const { return pmu() / "events" / name; }

  // Counts of 2^-32 J, as the kernel has it.
  void add(const std::string& name, std::uint64_t config) {
    SysfsTree::write(event(name), "event=0x0" + std::to_string(config));
    SysfsTree::write(event(name + ".unit"), "Joules");
    SysfsTree::write(event(name + ".scale"), "2.3283064365386962890625e-10");
  }
  void place(int cpu, int package, int die = 0) {
    const auto topology = sysfs_ / "devices/system/cpu" / ("cpu" + std::to_string(cpu)) / "topology";
    SysfsTree::write(topology / "physical_package_id", std::to_string(package));
    SysfsTree::write(topology / "die_id", std::to_string(die));
  }
  void use(std::uint64_t config, int cpu, double joules) {
    counts_[{config, cpu}] += static_cast<std::uint64_t>(joules * 4294967296.0);
  }
  void refuse(int code, std::uint64_t config) { refused_[config] = code; }
  void lose(int cpu) { lost_.insert(cpu); }  // its events give no count any more

  meter::rapl::OpenEvent opener() {
    return [this](const meter::rapl::Event& event)
               -> tl::expected<std::function<base::Result<std::uint64_t>()>, int> {
      if (event.type != kType) return tl::unexpected(ENOENT);
      if (const auto code = refused_.find(event.config); code != refused_.end())
        return tl::unexpected(code->second);
      const std::uint64_t start = counts_[{event.config, event.cpu}];
      return [this, event, start]() -> base::Result<std::uint64_t> {
        if (lost_.contains(event.cpu)) return base::fail("perf event: lost");
        return counts_[{event.config, event.cpu}] - start;
      };
    };
  }

 private:
  std::filesystem::path sysfs_;
  std::map<std::pair<std::uint64_t, int>, std::uint64_t> counts_;
  std::map<std::uint64_t, int> refused_;
  std::set<int> lost_;
};

}  // namespace sm2::testing
