#include "meter/rapl/perf_event.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "meter/attribute.h"

namespace sm2::meter::rapl {
namespace {

namespace fs = std::filesystem;

struct EventName {
  std::string_view name;
  Kind kind;
  std::string_view domain;
};

constexpr EventName kEvents[] = {{"energy-pkg", Kind::kPackage, "package"},
                                 {"energy-ram", Kind::kDram, "dram"},
                                 {"energy-cores", Kind::kCore, "core"},
                                 {"energy-gpu", Kind::kUncore, "uncore"},
                                 {"energy-psys", Kind::kPsys, "psys"}};

struct Socket {  // or one die of it
  std::string package;
  int cpu = 0;
};

template <class Number>
std::optional<Number> number(std::string_view text, int base = 10) {
  Number value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || code != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(fd_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  base::Result<std::uint64_t> count() const {
    std::uint64_t value = 0;
    const ssize_t size = read(fd_, &value, sizeof value);
    if (size == sizeof value) return value;
    if (size < 0) return base::fail("perf event: {}", std::generic_category().message(errno));
    return base::fail("perf event: the kernel gives no count any more");
  }

 private:
  int fd_;
};

Unusable strange(const fs::path& file, const std::string& what) {
  return {fmt::format("{}: {}", file.string(), what), "none known; please report this kernel", true};
}

int topology(const fs::path& sysfs, int cpu, const char* what) {
  const auto text =
      Attribute(sysfs / "devices/system/cpu" / ("cpu" + std::to_string(cpu)) / "topology" / what).line();
  return text ? number<int>(*text).value_or(0) : 0;
}

// One CPU of every counter.
tl::expected<std::vector<Socket>, Unusable> find_sockets(const fs::path& sysfs, const fs::path& mask,
                                                         std::string_view vendor) {
  const auto list = Attribute(mask).line();
  if (!list) return tl::unexpected(Unusable{list.error().message, "none known", true});
  const std::vector<int> cpus = parse_cpus(*list);
  if (cpus.empty()) return tl::unexpected(strange(mask, fmt::format("'{}' is not a list of CPUs", *list)));
  std::map<int, std::map<int, int>> first;  // package -> die -> CPU
  bool all = false;
  for (const int cpu : cpus) {
    const int die = is_amd(vendor) ? 0 : topology(sysfs, cpu, "die_id");
    const bool added = first[topology(sysfs, cpu, "physical_package_id")].emplace(die, cpu).second;
    all = all || !added;
  }
  std::vector<Socket> sockets;
  for (const auto& [package, dies] : first) {
    if (all && dies.size() > 1)
      return tl::unexpected(strange(mask, "it does not say which dies share a counter"));
    for (const auto& [die, cpu] : dies) {
      const std::string name = "package-" + std::to_string(package);
      sockets.push_back({dies.size() > 1 ? name + "-die-" + std::to_string(die) : name, cpu});
    }
  }
  return sockets;
}

struct Description {
  std::uint64_t config = 0;
  base::Joules per_count;
};

// "event=0x02", "2.3283064365386962890625e-10" and "Joules".
tl::expected<Description, Unusable> describe(const fs::path& file) {
  const auto text = Attribute(file).line();
  if (!text) return tl::unexpected(Unusable{text.error().message, "none known", true});
  constexpr std::string_view kEvent = "event=0x";
  const auto config =
      text->starts_with(kEvent) ? number<std::uint64_t>(text->substr(kEvent.size()), 16) : std::nullopt;
  if (!config) return tl::unexpected(strange(file, fmt::format("'{}' is not \"event=0x...\"", *text)));
  const auto unit = Attribute(file.string() + ".unit").line();
  if (!unit || *unit != "Joules") return tl::unexpected(strange(file, "its unit is not joules"));
  const auto scale = Attribute(file.string() + ".scale").line();
  char* end = nullptr;
  const double per_count = scale ? std::strtod(scale->c_str(), &end) : 0;
  if (!scale || *end != '\0' || !(per_count > 0) || per_count > 1)
    return tl::unexpected(strange(file, "its scale is not one"));
  return Description{*config, base::Joules(per_count)};
}

Unusable refused(const EventName& event, int cpu, int code) {
  std::string reason =
      fmt::format("perf event {} on CPU {}: {}", event.name, cpu, std::generic_category().message(code));
  if (!is_permission(code))
    return {std::move(reason), "none known; the kernel's log may say more: sudo dmesg", true};
  return {std::move(reason),
          "sudo sysctl kernel.perf_event_paranoid=0 (until the next boot), or sudo setcap cap_perfmon+ep "
          "\"$(command "
          "-v sm2)\"; a container also needs --cap-add PERFMON",
          true};
}

// All counters of one event; stops at the first that cannot be opened.
std::optional<Unusable> open_all(const EventName& event, const fs::path& file, std::uint32_t type,
                                 const std::vector<Socket>& sockets, const OpenEvent& open,
                                 std::vector<RawCounter>& counters) {
  const auto description = describe(file);
  if (!description) return description.error();
  for (const Socket& socket : sockets) {
    auto read = open({type, description->config, socket.cpu});
    if (!read) return refused(event, socket.cpu, read.error());
    RawCounter counter{event.kind, beside(socket.package, std::string(event.domain)), "", "", {}, 0, {}};
    if (event.kind == Kind::kCore || event.kind == Kind::kUncore) counter.inside = socket.package;
    if (event.kind == Kind::kPsys) {
      counter.name = "psys";
      counter.inside = "overlaps " + socket.package;
    }
    counter.id = fmt::format("{} on CPU {}", event.name, socket.cpu);
    counter.per_count = description->per_count;
    counter.highest = std::numeric_limits<std::uint64_t>::max();
    counter.read = *std::move(read);
    counters.push_back(std::move(counter));
    if (event.kind == Kind::kPsys) break;  // one counts the machine
  }
  return {};
}

}  // namespace

std::vector<int> parse_cpus(std::string_view list) {
  constexpr int kMost = 65536;
  std::vector<int> cpus;
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), part.size() + 1));
    const auto dash = part.find('-');
    const auto first = number<int>(part.substr(0, dash));
    const auto last = dash == part.npos ? first : number<int>(part.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= kMost) return {};
    for (int cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
  }
  return cpus;
}

tl::expected<std::function<base::Result<std::uint64_t>()>, int> open_event(const Event& event) {
  perf_event_attr attributes{};
  attributes.type = event.type;
  attributes.size = sizeof attributes;
  attributes.config = event.config;
  const long fd = syscall(SYS_perf_event_open, &attributes, -1, event.cpu, -1, PERF_FLAG_FD_CLOEXEC);
  if (fd < 0) return tl::unexpected(errno);
  return [descriptor = std::make_shared<Descriptor>(static_cast<int>(fd))] { return descriptor->count(); };
}

Found find_events(const fs::path& sysfs, std::string_view vendor, const OpenEvent& open) {
  const fs::path pmu = sysfs / "bus/event_source/devices/power";
  const auto text = Attribute(pmu / "type").line();
  const auto type = text ? number<std::uint32_t>(*text) : std::nullopt;
  if (!type)
    return none({fmt::format("no power events under {}", pmu.string()), "sudo modprobe rapl", false});
  const auto sockets = find_sockets(sysfs, pmu / "cpumask", vendor);
  if (!sockets) return none(sockets.error());
  Found found;
  for (const EventName& event : kEvents) {
    const fs::path file = pmu / "events" / event.name;
    std::error_code code;
    const bool added = event.kind == Kind::kPackage || event.kind == Kind::kDram;
    if (event.kind != Kind::kPackage && !fs::exists(file, code)) continue;
    if (event.kind == Kind::kCore && is_amd(vendor)) continue;
    const std::size_t before = found.counters.size();
    auto why = open_all(event, file, *type, *sockets, open, found.counters);
    if (!why) continue;
    if (added) return none(*std::move(why));
    found.counters.resize(before);
    why->present = false;
    found.unusable.push_back(*std::move(why));
  }
  return found;
}

}  // namespace sm2::meter::rapl
