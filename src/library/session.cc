#include "library/session.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "base/units.h"
#include "library/checked.h"

namespace sm2::library {
namespace {

constexpr double kResourceSlack = 1e-9;

trial::Energy reading(const Used& used) {
  trial::Reading caller;
  caller.domain = "caller";
  caller.source = "caller";
  if (used.joules) {
    caller.joules = base::Joules(*used.joules);
    caller.error = caller.noise = base::Joules(used.joules_error);
  } else {
    caller.note = "it was not told";
  }
  return {caller};
}

trial::Energy since_beginning(const trial::Energy& before, const Used& used) {
  return before.empty() ? reading(used) : trial::add(before, reading(used));
}

void check(const Used& used) {
  const auto amount = [](double number) { return number >= 0 && std::isfinite(number); };
  if (used.joules && !amount(*used.joules)) throw Error(fmt::format("joules: {} is no amount", *used.joules));
  if (!amount(used.joules_error))
    throw Error(fmt::format("joules_error: {} is no amount", used.joules_error));
  if (used.seconds && !amount(*used.seconds))
    throw Error(fmt::format("seconds: {} is no amount", *used.seconds));
}

constexpr const char* kOver = "the search was over";

TrialState state_after(const trial::Outcome& outcome) {
  if (std::holds_alternative<trial::Interrupted>(outcome)) return TrialState::kStopped;
  if (!trial::usable(outcome)) return TrialState::kFailed;
  if (std::holds_alternative<trial::Paused>(outcome)) return TrialState::kPaused;
  return std::holds_alternative<trial::Completed>(outcome) ? TrialState::kFinished : TrialState::kStopped;
}

}  // namespace

Session::Session(std::unique_ptr<strategy::Strategy> strategy, strategy::Options options)
    : strategy_(std::move(strategy)), options_(std::move(options)) {}

std::optional<Asked> Session::ask(bool patient) {
  std::unique_lock lock(mutex_);
  while (!finish_) {
    const trial::Decision decision = strategy_->ask();
    if (const auto* train = std::get_if<trial::Train>(&decision)) return begin(*train);
    if (const auto* dropped = std::get_if<trial::Drop>(&decision)) {
      drop(*dropped);
    } else if (const auto* finish = std::get_if<trial::Finish>(&decision)) {
      finish_ = *finish;
      told_.notify_all();
    } else if (!patient) {
      return {};
    } else if (running_ == 0) {
      throw std::logic_error("the strategy waits, and no trial runs");
    } else {
      told_.wait(lock);
    }
  }
  return {};
}

bool Session::finished() const {
  const std::lock_guard lock(mutex_);
  return finish_.has_value();
}

Asked Session::begin(const trial::Train& train) {
  const auto [place, fresh] = trials_.try_emplace(train.trial);
  Known& known = place->second;
  known.train = train;
  known.state = TrialState::kRunning;
  known.verdict.reset();
  known.so_far = {};
  if (fresh && train.parent) {
    const Known& parent = trials_.at(*train.parent);
    known.kept = parent.kept;
    known.reached = known.kept_at = parent.kept_at;
  }
  Asked asked{train, known.kept_at, known.kept};  // may throw: the copy is the caller's
  ++running_;
  return asked;
}

void Session::drop(const trial::Drop& drop) {
  const auto [place, fresh] = trials_.try_emplace(drop.trial);
  if (fresh) place->second.train.configuration = drop.configuration;
  if (place->second.state != TrialState::kFailed) {
    place->second.state = TrialState::kStopped;
    place->second.reason = drop.reason;
  }
  place->second.kept.reset();
}

Session::Known& Session::running(trial::TrialId id) {
  Known& known = trials_.at(id);
  if (known.state != TrialState::kRunning) throw Error(fmt::format("trial {} has been told already", id));
  return known;
}

Answer Session::report(trial::TrialId id, double resource, double value, const Used& so_far) {
  const std::lock_guard lock(mutex_);
  if (!std::isfinite(resource) || resource < 0)
    throw Error(fmt::format("resource: {} is no amount", resource));
  check(so_far);
  Known& known = running(id);
  if (!known.verdict && resource > known.reached) {
    known.so_far = so_far;
    if (std::isfinite(value)) {
      known.metric = options_.minimized ? -value : value;
      known.reached = resource;
      judge(known);
    } else {
      known.verdict = trial::Diverged{fmt::format("its value is {} at {:g}", value, resource)};
    }
  }
  return {!known.verdict, known.verdict && std::holds_alternative<trial::Paused>(*known.verdict)};
}

void Session::judge(Known& known) {
  if (finish_) {
    known.verdict = trial::Interrupted{};
  } else if (options_.target && *known.metric >= *options_.target) {
    known.verdict = trial::Completed{};
    finish_ = trial::Finish{known.train.trial, fmt::format("trial {} reached the target", known.train.trial)};
    told_.notify_all();
  } else if (known.reached >= options_.resource_max - kResourceSlack) {
    known.verdict = trial::Completed{};
  } else if (known.reached >= known.train.until - kResourceSlack) {
    known.verdict = trial::Paused{};
  } else if (known.train.probe && known.so_far.seconds.value_or(0) >= known.train.probe->value) {
    known.verdict = trial::Paused{};
  } else {
    const strategy::Verdict verdict =
        strategy_->judge(known.train.trial, stretch(known, trial::Interrupted{}));
    if (verdict.action == trial::Action::kPause) known.verdict = trial::Paused{};
    if (verdict.action == trial::Action::kStop) known.verdict = trial::Stopped{verdict.reason};
  }
}

// Also one that ended by itself may be asked for again, or copied.
bool Session::may_go_on(const Known& known) const {
  const bool ended =
      known.state == TrialState::kFinished && known.reached < options_.resource_max - kResourceSlack;
  return known.state == TrialState::kPaused || ended;
}

// Of a stretch that ended well, as far as the caller can tell.
trial::Outcome Session::outcome(const Known& known) const {
  if (known.verdict) return *known.verdict;
  if (!known.metric) return trial::Failed{0, "it ended without a value"};
  return trial::Completed{};
}

trial::Stretch Session::stretch(const Known& known, trial::Outcome outcome) const {
  trial::Stretch made;
  made.outcome = std::move(outcome);
  made.reached = known.reached;
  made.metric = known.metric;
  made.energy = since_beginning(known.energy, known.so_far);
  made.seconds = known.seconds + base::Seconds(known.so_far.seconds.value_or(0));
  return made;
}

void Session::end(trial::TrialId id, std::optional<std::string> failure, const Used& used, std::any state) {
  const std::lock_guard lock(mutex_);
  check(used);
  Known& known = running(id);
  if (used.joules) known.so_far.joules = used.joules, known.so_far.joules_error = used.joules_error;
  if (used.seconds) known.so_far.seconds = used.seconds;
  const trial::Stretch told = stretch(known, failure ? trial::Failed{0, *failure} : outcome(known));
  known.energy = told.energy;
  known.seconds = told.seconds;
  known.state = state_after(told.outcome);
  --running_;
  if (known.state == TrialState::kFailed) known.reason = failure.value_or(trial::describe(told.outcome));
  if (const auto* stopped = std::get_if<trial::Stopped>(&told.outcome)) known.reason = stopped->reason;
  if (std::holds_alternative<trial::Interrupted>(told.outcome)) known.reason = kOver;
  known.kept.reset();
  if (may_go_on(known)) {
    known.kept = std::move(state);
    known.kept_at = known.reached;
  }
  if (!finish_) strategy_->tell(id, told);
  told_.notify_all();
  watch_budget();
}

void Session::watch_budget() {
  if (finish_ || !options_.energy) return;
  const auto spent = total();
  if (!spent) throw Error("max_joules cannot be kept: the joules of a trial were not told");
  if (*spent >= options_.energy->value) {
    finish_ = trial::Finish{{}, fmt::format("the budget of {} is spent", base::format(*options_.energy))};
  }
}

std::optional<trial::TrialId> Session::best_so_far() const {
  std::optional<trial::TrialId> best;
  for (const auto& [id, known] : trials_) {
    if (known.state == TrialState::kFailed || !known.metric) continue;
    if (!best || *known.metric > *trials_.at(*best).metric) best = id;
  }
  return best;
}

std::optional<Best> Session::best() const {
  const std::lock_guard lock(mutex_);
  const bool decided = finish_ && finish_->winner;
  const auto best = decided ? finish_->winner : best_so_far();
  if (!best) return {};
  const TrialRecord found = record(*best, trials_.at(*best));
  return Best{found.id, found.parameters, *found.value, found.resource, found.joules, decided};
}

TrialRecord Session::record(trial::TrialId id, const Known& known) const {
  TrialRecord made;
  made.id = id;
  made.parameters = parameters(known.train.configuration);
  made.state = known.state;
  if (known.metric) made.value = shown(*known.metric);
  made.resource = known.reached;
  if (const auto joules = trial::total(known.energy)) made.joules = joules->value;
  made.reason = known.reason;
  if (!finish_ || known.state != TrialState::kPaused) return made;
  const bool won = finish_->winner == id;
  made.state = won ? TrialState::kFinished : TrialState::kStopped;
  if (!won) made.reason = kOver;
  return made;
}

std::vector<TrialRecord> Session::trials() const {
  const std::lock_guard lock(mutex_);
  std::vector<TrialRecord> all;
  for (const auto& [id, known] : trials_) all.push_back(record(id, known));
  return all;
}

std::optional<double> Session::total() const {
  double sum = 0;
  for (const auto& [id, known] : trials_) {
    if (known.energy.empty()) continue;
    const auto joules = trial::total(known.energy);
    if (!joules) return {};
    sum += joules->value;
  }
  return sum;
}

std::optional<double> Session::joules() const {
  const std::lock_guard lock(mutex_);
  return total();
}

}  // namespace sm2::library
