#include "bench/programs.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sm2::bench {
namespace {

using runner::TrialId;
using trial::Action;

// From 0 to 1, as good as random.
double fraction(std::uint64_t number) {
  number = (number + 1) * 0x9e3779b97f4a7c15u;
  number ^= number >> 32;
  return static_cast<double>(number * 0xd6e8feb86659fd93u >> 11) * 0x1p-53;
}

trial::Outcome outcome(Action told) {
  if (told == Action::kPause) return trial::Paused{};
  if (told == Action::kStop) return trial::Stopped{};
  return trial::Completed{};
}

}  // namespace

Programs::Programs(const base::Clock& clock, base::Seconds unit, Pass pass, int most)
    : clock_(clock), unit_(unit), pass_(std::move(pass)), most_(most) {}

base::Result<> Programs::start(const runner::Job& job) {
  Process process{job.from, job.until, fraction(static_cast<std::uint64_t>(job.trial)), !job.pattern, most_};
  running_.insert_or_assign(job.trial, process);
  schedule(job.trial);
  return {};
}

void Programs::schedule(TrialId trial) {
  due_.emplace(clock_.monotonic() + (0.5 + fraction(~static_cast<std::uint64_t>(trial))) * unit_, trial);
}

std::vector<runner::Event> Programs::wait(base::Seconds timeout) {
  std::vector<runner::Event> events;
  for (const TrialId trial : std::exchange(leaving_, {})) leave(trial, events);
  if (events.empty()) {
    const base::Seconds now = clock_.monotonic();
    const base::Seconds next = due_.empty() ? now + timeout : std::min(now + timeout, due_.top().first);
    if (next > now) pass_(next - now);
  }
  while (!due_.empty() && due_.top().first <= clock_.monotonic()) {
    const TrialId trial = due_.top().second;
    due_.pop();
    advance(trial, events);
  }
  return events;
}

void Programs::advance(TrialId trial, std::vector<runner::Event>& events) {
  const auto found = running_.find(trial);
  if (found == running_.end()) return;
  Process& process = found->second;
  process.position = std::min(std::floor(process.position) + 1, process.until);
  const double metric = process.talent - 0.5 / (1 + process.position);
  events.push_back(runner::Evaluation{trial, process.position, {{"accuracy", metric}}});
  --process.left;
  if (process.client) return;
  if (process.position < process.until && process.left > 0) return schedule(trial);
  running_.erase(found);
  events.push_back(runner::Exit{trial, trial::Completed{}, "", false});
}

void Programs::answer(TrialId trial, Action action) {
  const auto found = running_.find(trial);
  if (found == running_.end() || !found->second.client) return;
  if (action != Action::kContinue) return end(trial, action);
  found->second.left > 0 ? schedule(trial) : leaving_.push_back(trial);
}

void Programs::end(TrialId trial, Action action) {
  const auto found = running_.find(trial);
  if (found == running_.end() || found->second.told != Action::kContinue) return;
  found->second.told = action;
  leaving_.push_back(trial);
}

void Programs::leave(TrialId trial, std::vector<runner::Event>& events) {
  const auto found = running_.find(trial);
  if (found == running_.end()) return;
  const Process process = found->second;
  running_.erase(found);
  if (process.told == Action::kPause && process.client)
    events.push_back(runner::Checkpoint{trial, std::to_string(process.position), process.position});
  events.push_back(runner::Exit{trial, outcome(process.told), "", false});
}

}  // namespace sm2::bench
