#include "testing/fake_runner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "runner/holdings.h"

namespace sm2::testing {

using runner::TrialId;
using trial::Action;

FakeRunner::FakeRunner(FakeClock& clock, FakeMeter& meter, FakeProgram program, FakeDisk* disk)
    : clock_(clock), meter_(meter), program_(std::move(program)), disk_(disk) {}

base::Result<> FakeRunner::start(const runner::Job& job) {
  if (!program_.starts) return base::fail("cannot start '{}': No such file or directory", job.command.at(0));
  started_.push_back(job);
  Process process;
  process.job = job;
  process.started = clock_.monotonic();
  schedule(process);
  resume(process);
  running_.emplace(job.trial, std::move(process));
  update_power();
  return {};
}

std::vector<runner::Event> FakeRunner::wait(base::Seconds timeout) {
  for (auto& [trial, process] : running_) {
    if (!process.unheard.empty()) return std::exchange(process.unheard, {});
    if (process.told) return leave(trial, process);
  }
  auto due = running_.end();
  for (auto at = running_.begin(); at != running_.end(); ++at) {
    if (!at->second.waits && (due == running_.end() || at->second.next < due->second.next)) due = at;
  }
  if (due == running_.end() || due->second.next > clock_.monotonic() + timeout) {
    clock_.advance(timeout);
    return {};
  }
  clock_.advance(std::max(base::Seconds(0), due->second.next - clock_.monotonic()));
  return advance(due->first, due->second);
}

void FakeRunner::answer(TrialId trial, Action action) {
  const auto process = running_.find(trial);
  if (process == running_.end()) return;
  process->second.waits = false;
  if (action != Action::kContinue) {
    process->second.told = action;
    return;
  }
  if (program_.saves == FakeProgram::Saves::kAfterEvaluations && !process->second.job.pattern)
    process->second.unheard.push_back(save(process->second, true));
  schedule(process->second);
}

void FakeRunner::end(TrialId trial, Action action) {
  const auto process = running_.find(trial);
  if (process != running_.end()) process->second.told = action;
}

std::optional<base::Seconds> FakeRunner::cpu_time(TrialId trial) const {
  if (const auto process = running_.find(trial); process != running_.end()) return cpu_time(process->second);
  const auto process = ended_.find(trial);
  return process == ended_.end() ? std::nullopt : std::optional(process->second);
}

base::Seconds FakeRunner::cpu_time(const Process& process) const {
  return program_.power(process.job.configuration).value * (clock_.monotonic() - process.started);
}

double FakeRunner::next_stop(const Process& process) const {
  const double evaluation = std::min(std::floor(process.position + 1 + 1e-9), process.job.until);
  if (program_.steps_per_unit == 0) return evaluation;
  const double steps = std::floor(process.position * program_.steps_per_unit + 1e-6) + 1;
  return std::min(evaluation, steps / program_.steps_per_unit);
}

void FakeRunner::schedule(Process& process) {
  const double distance = std::max(0.0, next_stop(process) - process.position);
  process.next = clock_.monotonic() + distance * program_.unit_time(process.job.configuration);
}

void FakeRunner::resume(Process& process) {
  if (!process.job.checkpoint) return;
  FakeCheckpoint from{process.job.from};
  if (disk_)
    from =
        disk_->load(process.job.folder / "checkpoints" / *process.job.checkpoint).value_or(FakeCheckpoint{});
  process.position = from.position;
  schedule(process);
  if (!from.evaluated) process.unheard.push_back(evaluate(process));
}

runner::Event FakeRunner::save(const Process& process, bool evaluated) {
  const std::string name = std::to_string(process.position);
  if (disk_) disk_->save(process.job.folder / "checkpoints" / name, {process.position, evaluated});
  return runner::Checkpoint{process.job.trial, name, process.position};
}

runner::Event FakeRunner::evaluate(Process& process) {
  process.waits = true;
  const double metric = program_.curve(process.job.configuration, process.position);
  return runner::Evaluation{process.job.trial, process.position, {{program_.metric, metric}}};
}

std::vector<runner::Event> FakeRunner::advance(TrialId trial, Process& process) {
  process.position = next_stop(process);
  update_power();
  const space::Configuration& configuration = process.job.configuration;
  if (const auto broken = program_.breaks(configuration, process.position)) return exit(trial, *broken);
  const auto held = program_.memory(configuration, process.position);
  const auto limit = process.job.limits.memory;
  if (held && limit && *held > *limit) return exit(trial, runner::over_memory(*held, *limit), true);
  std::vector<runner::Event> events;
  if (program_.steps_per_unit > 0) {
    trial::Step step;
    step.step = std::llround(process.position * program_.steps_per_unit);
    step.samples = static_cast<double>(*step.step) * program_.samples_per_step;
    step.resource = process.position;
    step.loss = program_.loss(configuration, process.position);
    step.noise_scale = program_.noise_scale;
    events.push_back(runner::Stepped{trial, step});
  }
  const bool whole = std::abs(process.position - std::round(process.position)) < 1e-9;
  if (!whole && process.position < process.job.until) {
    schedule(process);
    return events;
  }
  if (!program_.reports_metric) {
    auto left = exit(trial, trial::Completed{});
    events.insert(events.end(), left.begin(), left.end());
    return events;
  }
  if (program_.saves == FakeProgram::Saves::kBeforeEvaluations && !process.job.pattern) {
    events.push_back(save(process, false));
    process.unheard.push_back(evaluate(process));
  } else {
    events.push_back(evaluate(process));
  }
  return events;
}

std::vector<runner::Event> FakeRunner::leave(TrialId trial, Process& process) {
  if (*process.told == Action::kStop) return exit(trial, trial::Stopped{});
  std::vector<runner::Event> events;
  if (!process.job.pattern) events.push_back(save(process, true));
  auto left = exit(trial, trial::Paused{});
  events.insert(events.end(), left.begin(), left.end());
  return events;
}

std::vector<runner::Event> FakeRunner::exit(TrialId trial, trial::Outcome outcome, bool by_limit) {
  ended_[trial] = cpu_time(running_.at(trial));
  running_.erase(trial);
  update_power();
  return {runner::Exit{trial, std::move(outcome), "", by_limit}};
}

void FakeRunner::update_power() {
  base::Watts power;
  for (const auto& [trial, process] : running_) power += program_.power(process.job.configuration);
  meter_.set_power(power);
}

}  // namespace sm2::testing
