#include "testing/fake_runner.h"

#include <algorithm>
#include <cmath>

#include "runner/holdings.h"

namespace sm2::testing {

using runner::TrialId;
using trial::Action;

FakeRunner::FakeRunner(FakeClock& clock, FakeMeter& meter, FakeProgram program)
    : clock_(clock), meter_(meter), program_(std::move(program)) {}

base::Result<> FakeRunner::start(const runner::Job& job) {
  if (!program_.starts) return base::fail("cannot start '{}': No such file or directory", job.command.at(0));
  started_.push_back(job);
  Process process;
  process.job = job;
  if (job.checkpoint) process.position = job.from;
  schedule(process);
  running_.emplace(job.trial, std::move(process));
  update_power();
  return {};
}

std::vector<runner::Event> FakeRunner::wait(base::Seconds timeout) {
  for (auto& [trial, process] : running_) {
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
  if (action == Action::kContinue) {
    schedule(process->second);
  } else {
    process->second.told = action;
  }
}

void FakeRunner::end(TrialId trial, Action action) {
  const auto process = running_.find(trial);
  if (process != running_.end()) process->second.told = action;
}

std::optional<base::Seconds> FakeRunner::cpu_time(TrialId) const { return {}; }

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
  process.waits = true;
  events.push_back(runner::Evaluation{
      trial, process.position, {{program_.metric, program_.curve(configuration, process.position)}}});
  return events;
}

std::vector<runner::Event> FakeRunner::leave(TrialId trial, Process& process) {
  if (*process.told == Action::kStop) return exit(trial, trial::Stopped{});
  std::vector<runner::Event> events;
  if (!process.job.pattern) {
    events.push_back(runner::Checkpoint{trial, std::to_string(process.position), process.position});
  }
  auto left = exit(trial, trial::Paused{});
  events.insert(events.end(), left.begin(), left.end());
  return events;
}

std::vector<runner::Event> FakeRunner::exit(TrialId trial, trial::Outcome outcome, bool by_limit) {
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
