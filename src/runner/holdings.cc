#include "runner/holdings.h"

#include <fmt/format.h>

#include <algorithm>

#include "runner/disk.h"
#include "runner/memory.h"

namespace sm2::runner {
namespace {

constexpr base::Seconds kBetweenMemory{0.25};  // a program can take a gigabyte in that time
constexpr base::Seconds kBetweenDisk{1};
constexpr double kShare = 50;  // of the time a look may take: one in so many

double gibibytes(std::size_t bytes) { return static_cast<double>(bytes) / (1 << 30); }

}  // namespace

trial::OutOfMemory over_memory(std::size_t held, std::size_t limit) {
  return {fmt::format("limit memory: {:.2f} GiB of {:.2f} GiB", gibibytes(held), gibibytes(limit))};
}

std::optional<trial::Outcome> Holdings::look(const Cgroup* cgroup) {
  std::optional<trial::Outcome> over;
  const auto when_due = [&](base::Seconds& due, base::Seconds between, auto look) {
    const base::Seconds now = clock_.monotonic();
    if (over || now < due) return;
    over = look();
    const base::Seconds after = clock_.monotonic();
    due = after + std::max(between, kShare * (after - now));
  };
  if (limits_.memory) when_due(memory_due_, kBetweenMemory, [&] { return look_at_memory(cgroup); });
  if (limits_.disk) when_due(disk_due_, kBetweenDisk, [&] { return look_at_disk(); });
  return over;
}

std::optional<base::Seconds> Holdings::next() const {
  std::optional<base::Seconds> next;
  if (limits_.memory) next = memory_due_;
  if (limits_.disk) next = std::min(disk_due_, next.value_or(disk_due_));
  return next;
}

std::optional<trial::Outcome> Holdings::look_at_memory(const Cgroup* cgroup) const {
  auto held = cgroup ? cgroup->memory() : std::nullopt;
  if (!held) {
    const auto pids = processes_();
    held = resident_of(pids);
    if (held > limits_.memory) held = memory_of(pids);
  }
  if (!held || *held <= *limits_.memory) return {};
  return over_memory(*held, *limits_.memory);
}

std::optional<trial::Outcome> Holdings::look_at_disk() const {
  const std::size_t held = disk_of(folder_);
  if (held <= *limits_.disk) return {};
  return trial::Exceeded{"disk", fmt::format("its folder takes {:.2f} GiB of {:.2f} GiB", gibibytes(held),
                                             gibibytes(*limits_.disk))};
}

}  // namespace sm2::runner
