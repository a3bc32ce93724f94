// Training programs as processes of this machine: each below a guard that lets nothing escape (guard.h), with
// its own socket (channel.h), log (log.h) and, where possible, control group (cgroup.h). One thread drives it
// by wait(), over epoll. Destroying it kills what still runs. It makes the process a subreaper.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "runner/device_pool.h"
#include "runner/poller.h"
#include "runner/runner.h"
#include "runner/running.h"
#include "runner/runtime_directory.h"

namespace sm2::runner {

class ProcessRunner final : public Runner {
 public:
  // `wake_up`: wait() returns Woken as long as it is readable; the caller empties it. -1: none. `cgroups`:
  // use control groups where they can be made. `devices`: for the trials; absent: each uses what there is.
  static base::Result<std::unique_ptr<ProcessRunner>> make(int wake_up = -1, bool cgroups = true,
                                                           std::optional<DevicePool> devices = {});
  ~ProcessRunner() override;

  bool room() override { return !devices_ || devices_->room(); }
  std::optional<trial::Devices> hold(TrialId trial, const trial::Devices& had) override;
  void release(TrialId trial) override;

  base::Result<> start(const Job& job) override;
  std::vector<Event> wait(base::Seconds timeout) override;
  void answer(TrialId trial, trial::Action action) override;
  void end(TrialId trial, trial::Action action) override;
  std::optional<base::Seconds> cpu_time(TrialId trial) const override;
  std::vector<pid_t> processes(TrialId trial) const override;

  // Whether trials get a control group each, so that their CPU time is exact.
  bool uses_cgroups() const { return cgroups_.has_value(); }

 private:
  ProcessRunner(RuntimeDirectory sockets, int wake_up, bool cgroups, std::optional<DevicePool> devices);
  void dispatch(const Poller::Ready& ready, std::vector<Event>& events);
  int poll_limit(base::Seconds until) const;
  Processors processors_for(int count) const;

  base::SystemClock clock_;
  base::Seconds listened_ = clock_.monotonic();  // to the programs, last
  RuntimeDirectory sockets_;
  int wake_up_;
  std::optional<std::filesystem::path> cgroups_;  // folder to make control groups in
  std::optional<DevicePool> devices_;
  int started_ = 0;
  Poller poller_;
  std::map<TrialId, std::unique_ptr<Running>> running_;
  std::map<TrialId, std::optional<base::Seconds>> ended_;  // CPU time, until the next wait()
};

}  // namespace sm2::runner
