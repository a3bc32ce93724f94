#include "runner/deadlines.h"

#include <algorithm>
#include <utility>

namespace sm2::runner {
namespace {

constexpr base::Seconds kGuardNeeds{2};  // at the least, to kill a tree on a busy machine

}  // namespace

void Deadlines::ask(trial::Action action, base::Seconds now, bool gently) {
  asked_ = std::max(action, asked_.value_or(action));
  if (taken_ != Measure::kNone) return;
  const base::Seconds term = gently ? now + limits_.grace : now;
  next_measure_ = std::min(term, next_measure_.value_or(term));
}

void Deadlines::exceeded(trial::Outcome outcome, base::Seconds now) {
  if (at_once_ || taken_ >= Measure::kKill) return;
  over_limit_ = std::move(outcome);
  at_once_ = taken_ == Measure::kNone;
  taken_ = Measure::kTerminate;
  next_measure_ = now;
}

void Deadlines::check_limits(base::Seconds now, bool awaited) {
  if (awaited && !awaited_since_) awaited_since_ = now;
  if (!awaited && awaited_since_) started_ += now - *std::exchange(awaited_since_, std::nullopt);
  if (next_measure_ || taken_ != Measure::kNone) return;
  if (limits_.wall && !awaited && now - started_ >= *limits_.wall) {
    over_limit_ = trial::TimedOut{"wall", now - started_};
  } else if (limits_.silence && !awaited && now - heard_ >= *limits_.silence) {
    over_limit_ = trial::TimedOut{"silence", now - started_};
  }
  if (over_limit_) next_measure_ = now;
}

Measure Deadlines::due(base::Seconds now, bool awaited) {
  check_limits(now, awaited);
  if (!next_measure_ || now < *next_measure_) return Measure::kNone;
  taken_ = static_cast<Measure>(static_cast<int>(taken_) + 1);
  next_measure_ = now + (taken_ == Measure::kKill ? std::max(limits_.grace, kGuardNeeds) : limits_.grace);
  if (taken_ == Measure::kGiveUp) next_measure_.reset();
  return taken_;
}

std::optional<base::Seconds> Deadlines::next(bool awaited) const {
  if (next_measure_ || taken_ != Measure::kNone) return next_measure_;
  std::optional<base::Seconds> next;
  if (limits_.wall && !awaited) next = started_ + *limits_.wall;
  if (limits_.silence && !awaited) {
    const base::Seconds silent = heard_ + *limits_.silence;
    next = std::min(silent, next.value_or(silent));
  }
  return next;
}

void Deadlines::describe(Observed& observed) const {
  observed.asked = asked_;
  observed.terminated = taken_ >= Measure::kTerminate && !at_once_;
  observed.killed = taken_ >= Measure::kKill;
  observed.over_limit = over_limit_;
}

}  // namespace sm2::runner
