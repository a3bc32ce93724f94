#include "runner/process_runner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runner/device_variables.h"
#include "runner/orphans.h"

namespace sm2::runner {
namespace {

constexpr TrialId kWakeUp = -1;
constexpr base::Seconds kLongestPoll{3'600};

}  // namespace

base::Result<std::unique_ptr<ProcessRunner>> ProcessRunner::make(int wake_up, bool cgroups,
                                                                 std::optional<DevicePool> devices) {
  auto sockets = RuntimeDirectory::make();
  if (!sockets) return tl::unexpected(sockets.error());
  return std::unique_ptr<ProcessRunner>(
      new ProcessRunner(std::move(*sockets), wake_up, cgroups, std::move(devices)));
}

ProcessRunner::ProcessRunner(RuntimeDirectory sockets, int wake_up, bool cgroups,
                             std::optional<DevicePool> devices)
    : sockets_(std::move(sockets)), wake_up_(wake_up), devices_(std::move(devices)) {
  adopt_orphans();
  if (wake_up_ >= 0) poller_.add(wake_up_, kWakeUp);
  const auto own = cgroups ? own_cgroup() : std::nullopt;
  if (!own) return;
  remove_stale_cgroups(*own);
  if (Cgroup::make(*own, cgroup_name(0))) cgroups_ = own;
}

ProcessRunner::~ProcessRunner() = default;

std::optional<trial::Devices> ProcessRunner::hold(TrialId trial, const trial::Devices& had) {
  if (!devices_) return {};
  return devices_->take(trial, had);
}

void ProcessRunner::release(TrialId trial) {
  if (devices_) devices_->give_back(trial);
}

base::Result<> ProcessRunner::start(const Job& job) {
  if (running_.contains(job.trial)) return base::fail("trial {} is running already", job.trial);
  ended_.erase(job.trial);
  Running::Place place{sockets_.path(), std::nullopt, {}, {}};
  if (cgroups_) place.cgroup = *cgroups_ / cgroup_name(++started_);
  if (job.limits.cpu) place.processors = processors_for(*job.limits.cpu);
  if (job.devices && devices_) place.variables = device_variables(*job.devices, devices_->vendors());
  auto running = Running::start(job, place, poller_, clock_.monotonic());
  if (!running) return tl::unexpected(running.error());
  running_[job.trial] = std::move(*running);
  return {};
}

Processors ProcessRunner::processors_for(int count) const {
  std::vector<Processors> taken;
  for (const auto& [trial, running] : running_) taken.push_back(running->processors());
  return choose(may_use(), static_cast<std::size_t>(count), taken);
}

std::vector<Event> ProcessRunner::wait(base::Seconds timeout) {
  ended_.clear();
  std::vector<Event> events;
  const base::Seconds until = clock_.monotonic() + timeout;
  do {
    const int limit_ms = poll_limit(until);
    const auto ready = poller_.wait(limit_ms);
    const base::Seconds now = clock_.monotonic();
    const base::Seconds unheard = now - std::exchange(listened_, now) - base::Seconds(1e-3 * limit_ms);
    // What a program said while nobody listened, as the store was slow, comes before what its silence would mean.
    for (const auto& one : ready) dispatch(one, events);
    for (const auto& [trial, running] : running_) {
      if (unheard > base::Seconds(0)) running->excuse(unheard);
      running->enforce_limits(clock_.monotonic());
    }
    std::erase_if(running_, [&](const auto& one) {
      const auto& [trial, running] = one;
      if (!running->over()) return false;
      running->conclude(clock_.monotonic(), events);
      ended_[trial] = running->cpu_time();
      return true;
    });
  } while (events.empty() && clock_.monotonic() < until);
  return events;
}

void ProcessRunner::dispatch(const Poller::Ready& ready, std::vector<Event>& events) {
  if (ready.trial == kWakeUp) {
    events.push_back(Woken{});
    return;
  }
  const auto found = running_.find(ready.trial);
  if (found != running_.end()) found->second->ready(ready.fd, clock_.monotonic(), events);
}

// Milliseconds to the next thing that has to be done, rounded up.
int ProcessRunner::poll_limit(base::Seconds until) const {
  for (const auto& [trial, running] : running_) {
    until = std::min(until, running->next_limit().value_or(until));
  }
  const base::Seconds left = std::clamp(until - clock_.monotonic(), base::Seconds(0), kLongestPoll);
  return static_cast<int>(std::ceil(left.value * 1e3));
}

void ProcessRunner::answer(TrialId trial, trial::Action action) {
  const auto found = running_.find(trial);
  if (found != running_.end()) found->second->answer(action, clock_.monotonic());
}

void ProcessRunner::end(TrialId trial, trial::Action action) {
  const auto found = running_.find(trial);
  if (found != running_.end()) found->second->end(action, clock_.monotonic());
}

std::optional<base::Seconds> ProcessRunner::cpu_time(TrialId trial) const {
  if (const auto found = running_.find(trial); found != running_.end()) return found->second->cpu_time();
  if (const auto found = ended_.find(trial); found != ended_.end()) return found->second;
  return base::Seconds(0);
}

std::vector<pid_t> ProcessRunner::processes(TrialId trial) const {
  const auto found = running_.find(trial);
  return found == running_.end() ? std::vector<pid_t>() : found->second->processes();
}

}  // namespace sm2::runner
