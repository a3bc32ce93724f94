// Training programs in simulated time: a Runner whose programs follow a function, on a FakeClock that
// advances only in wait(). Programs evaluate at every whole unit of the resource and at `until`, checkpoint
// when told to pause, and go on from there; energy is a power while any of them runs. CPU time is one second a joule.
// Where there is a disk, programs go on from what is on it, and afresh when it is not there.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "runner/device_pool.h"
#include "runner/runner.h"
#include "testing/fake_clock.h"
#include "testing/fake_disk.h"
#include "testing/fake_meter.h"

namespace sm2::testing {

struct FakeProgram {
  enum class Saves { kWhenPaused, kBeforeEvaluations, kAfterEvaluations };  // the latter two when paused, too

  using Configuration = space::Configuration;

  std::string metric = "accuracy";
  std::function<double(const Configuration&, double resource)> curve = [](const Configuration&, double) {
    return 0.5;
  };
  std::function<base::Seconds(const Configuration&)> unit_time = [](const Configuration&) {
    return base::Seconds(10);
  };
  std::function<base::Watts(const Configuration&)> power = [](const Configuration&) {
    return base::Watts(100);
  };
  // Ends the program instead of its evaluation at this resource.
  std::function<std::optional<trial::Outcome>(const Configuration&, double resource)> breaks =
      [](const Configuration&, double) { return std::nullopt; };
  std::function<double(const Configuration&, double resource)> loss =
      [](const Configuration&, double resource) { return 2 / (1 + resource); };
  std::function<std::optional<std::size_t>(const Configuration&, double resource)> memory =
      [](const Configuration&, double) { return std::nullopt; };
  std::optional<double> noise_scale;  // reported with each step
  int steps_per_unit = 0;             // reported
  double samples_per_step = 10;
  Saves saves = Saves::kWhenPaused;
  bool reports_metric = true;
  bool starts = true;
};

class FakeRunner final : public runner::Runner {
 public:
  FakeRunner(FakeClock& clock, FakeMeter& meter, FakeProgram program, FakeDisk* disk = nullptr);

  void give(runner::DevicePool devices) {
    devices_ = std::move(devices);
  }  // to trials; else they use what there is

  bool room() override { return !devices_ || devices_->room(); }
  std::optional<trial::Devices> hold(runner::TrialId trial, const trial::Devices& had) override {
    return devices_ ? std::optional(devices_->take(trial, had)) : std::nullopt;
  }
  void release(runner::TrialId trial) override {
    if (devices_) devices_->give_back(trial);
  }
  base::Result<> start(const runner::Job& job) override;
  std::vector<runner::Event> wait(base::Seconds timeout) override;
  void answer(runner::TrialId trial, trial::Action action) override;
  void end(runner::TrialId trial, trial::Action action) override;
  std::optional<base::Seconds> cpu_time(runner::TrialId trial) const override;
  std::vector<pid_t> processes(runner::TrialId) const override { return {}; }

  const std::vector<runner::Job>& started() const { return started_; }  // every job, in order

 private:
  struct Process {
    runner::Job job;
    double position = 0;
    base::Seconds started;
    base::Seconds next;                  // when the next step or evaluation is due
    bool waits = false;                  // for an answer
    std::vector<runner::Event> unheard;  // happened already, to be heard one at a time
    std::optional<trial::Action> told;
  };

  double next_stop(const Process& process) const;
  void resume(Process& process);
  runner::Event save(const Process& process, bool evaluated);
  runner::Event evaluate(Process& process);
  base::Seconds cpu_time(const Process& process) const;
  std::vector<runner::Event> advance(runner::TrialId trial, Process& process);
  std::vector<runner::Event> leave(runner::TrialId trial, Process& process);
  std::vector<runner::Event> exit(runner::TrialId trial, trial::Outcome outcome, bool by_limit = false);
  void schedule(Process& process);
  void update_power();

  FakeClock& clock_;
  FakeMeter& meter_;
  FakeProgram program_;
  FakeDisk* disk_;
  std::optional<runner::DevicePool> devices_;
  std::map<runner::TrialId, Process> running_;
  std::map<runner::TrialId, base::Seconds> ended_;  // CPU time of processes that ended
  std::vector<runner::Job> started_;
};

}  // namespace sm2::testing
