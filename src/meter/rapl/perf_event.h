// The kernel's RAPL counters as perf events: the PMU /sys/bus/event_source/devices/power, whose events/energy-* say
// their number, unit and scale. The kernel counts 64 bits that start at 0 when the event is opened and do not wrap;
// joules = count * scale. Events are of a whole socket and are opened on one CPU of it (perf_event_open(2), pid -1),
// which needs CAP_PERFMON or kernel.perf_event_paranoid <= 0.
//
// The cpumask names the CPUs: one of each socket or die, or on newer kernels all of them. Of each socket (on Intel: of
// each die) one is used; on AMD the counter is the socket's whatever the mask says. Where the mask names all CPUs and
// a socket has several dies, it is not known whether the dies share a counter: then nothing is read.
//
//   added   energy-pkg and energy-ram of every socket
//   shown   energy-cores and energy-gpu, which are parts of the package; energy-psys, whose `inside` says what it
//           overlaps
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include "meter/rapl/counters.h"

namespace sm2::meter::rapl {

struct Event {
  std::uint32_t type = 0;
  std::uint64_t config = 0;
  int cpu = 0;
};

// Starts counting; gives what reads the count, or errno.
using OpenEvent =
    std::function<tl::expected<std::function<base::Result<std::uint64_t>()>, int>(const Event&)>;

tl::expected<std::function<base::Result<std::uint64_t>()>, int> open_event(const Event& event);

Found find_events(const std::filesystem::path& sysfs, std::string_view vendor, const OpenEvent& open);

// "0,28" or "0-1,4"; nothing where it is not such a list.
std::vector<int> parse_cpus(std::string_view list);

}  // namespace sm2::meter::rapl
