#include "study/study.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/host_name.h"
#include "base/match.h"
#include "base/units.h"
#include "config/command.h"
#include "footprint/footprint.h"
#include "journal/refusal.h"
#include "study/experience.h"
#include "study/replay.h"
#include "study/trial_limits.h"

namespace sm2::study {
namespace {

using trial::Action;
using trial::TrialId;

// How often energy is journalled while trials run, soon after a start and then ever less often: what a kill -9 can make
// uncertain.
constexpr base::Seconds kFirstHeartbeat{0.1}, kHeartbeat{2};
constexpr double kHeartbeatsPerSecond =
    1000;  // of so many processes that it would be more, each is noted less often
constexpr base::Seconds kTogether{0.5};  // of several trials, heartbeats that come so close are made one
constexpr base::Seconds kStopped{0.2};   // not listening for longer: this process was stopped (SIGSTOP)
constexpr base::Seconds kHeeding{1};     // how often users' requests are looked for
constexpr base::Seconds kLeastPatience{1e-3};  // no busy loop, however times are rounded

base::Seconds heartbeat(std::size_t processes) {
  return std::max(kHeartbeat, base::Seconds(static_cast<double>(processes) / kHeartbeatsPerSecond));
}

// The energy of a trial whose tuner was killed: the last stretch of time that nobody read is not in it. The mean power so
// far bounds it.
void widen(trial::Energy& energy, base::Seconds seconds, base::Seconds unread) {
  const std::string lost =
      fmt::format("the tuner was killed: up to {:g} s of one process are not in it", unread.value);
  for (trial::Reading& reading : energy) {
    if (reading.joules && seconds > base::Seconds(0)) reading.error += *reading.joules * (unread / seconds);
    if (reading.note.find(lost) != std::string::npos) continue;
    reading.note += reading.note.empty() ? lost : "; " + lost;
  }
}

bool on_target(const config::Metric& metric, const journal::Trial& trial) {
  return !trial.evaluations.empty() &&
         config::reaches_target(metric, trial.evaluations.back().metrics.at(metric.name));
}

std::string joined(const std::string& note, const std::string& more) {
  return note.empty() || more.empty() ? note + more : note + "; " + more;
}

// Energy of earlier sessions that had no grid or price counts at today's.
std::optional<std::string> carbon_spent(const journal::StudyState& state, const config::Budget& budget) {
  if (!budget.carbon) return {};
  if (!state.grid) return "a budget of carbon cannot be kept: the grid intensity is not known";
  const double grams = state.footprint.grams + footprint::grams(state.footprint.without_grid, *state.grid);
  if (grams < *budget.carbon) return {};
  return fmt::format("the budget of {} is spent ({})", footprint::format_carbon(*budget.carbon),
                     footprint::format_carbon(grams));
}

std::optional<std::string> cost_spent(const journal::StudyState& state, const config::Budget& budget) {
  if (!budget.cost) return {};
  const std::string& currency = budget.cost->currency;
  if (!state.price || state.price->currency != currency)
    return fmt::format("a budget of cost cannot be kept: there is no price in {}", currency);
  footprint::Cost cost = footprint::cost(state.footprint.without_price, *state.price);
  for (const auto& [paid_in, amount] : state.footprint.cost) {
    if (paid_in != currency)
      return fmt::format("a budget of cost cannot be kept: some energy was priced in {}, not in {}", paid_in,
                         currency);
    cost.amount += amount;
  }
  if (cost.amount < budget.cost->amount) return {};
  return fmt::format("the budget of {} is spent ({})", footprint::format_cost(*budget.cost),
                     footprint::format_cost(cost));
}

}  // namespace

Study::Study(Setup setup)
    : setup_(std::move(setup)),
      verdicts_(setup_.spec, setup_.strategy, comparable_),
      ledger_(setup_.journal, setup_.clock, setup_.say) {}

base::Result<Conclusion> Study::run() {
  if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
  look_after();
  while (true) {
    decide();
    const bool leaving = setup_.interruptions() > 0;
    const auto durable = ledger_.commit(leaving);
    if (!durable) return tl::unexpected(durable.error());
    if (*durable) {
      settle_requests();
      act();
      if (!ledger_.empty()) continue;  // of what was not started
      if (conclusion_ && running_.empty()) return *conclusion_;
    } else if (leaving) {
      return Conclusion{"interrupted", "ended by the user", {}, ledger_.paused_for()};
    } else if (setup_.spec.pattern) {
      answer();  // a program without a client hears of no evaluation: it is only ended where it should
    }
    listen();
    look_after();
  }
}

base::Result<> Study::begin() {
  wall_offset_ = setup_.clock.wall() - setup_.clock.monotonic();
  metered_ = listened_ = setup_.clock.monotonic();
  auto state = replay(setup_.journal, setup_.strategy, comparable_, verdicts_, setup_.spec.metric.name);
  if (!state) return tl::unexpected(state.error());
  state_ = std::move(*state);
  reservation_ = Reservation(state_);
  if (state_.events == 0) {
    const strategy::Options& options = setup_.spec.options;
    record(trial::Created{setup_.spec.text, encode(options.experience), options.energy});
  }
  std::vector<std::string> sources;
  for (const meter::DomainInfo& domain : setup_.meter.domains())
    sources.push_back(fmt::format("{} {}: {}", domain.source, domain.name, domain.description));
  record(trial::Opened{SM2_VERSION, base::host_name(), getpid(), std::move(sources), setup_.grid,
                       setup_.price, setup_.idle, setup_.meter.hardware({})});
  settle_interrupted();
  heeded_.insert(setup_.earlier.begin(), setup_.earlier.end());
  return {};
}

// Stretches that an earlier tuner left open: those that had come to their end but for the process's exit are
// ended, the others go on from their last checkpoint. A target that was reached ends the study, also where others still
// ran when the tuner died.
void Study::settle_interrupted() {
  std::vector<TrialId> open;
  for (const auto& [id, trial] : state_.trials) {
    if (trial.state == journal::TrialState::kRunning) open.push_back(id);
  }
  for (const TrialId id : open) {
    const journal::Trial& trial = state_.trials.at(id);
    trial::Stretch stretch{trial::Interrupted{}, trial.resource, last_metric(id),
                           trial.energy,         trial.seconds,  trial.progress};
    if (trial.process_running) {
      widen(stretch.energy, trial.seconds, heartbeat(open.size()));
      finish_stretch(id, stretch, "the tuner was killed");
    }
    auto outcome = settled(trial);
    if (!outcome) {
      relaunch_.push_back(id);
      continue;
    }
    stretch.outcome = *std::move(outcome);
    finish_stretch(id, stretch, "");
  }
  const auto usable = [&](TrialId id) { return journal::eligible(state_.trials.at(id)); };
  const auto first = std::ranges::find_if(verdicts_.on_target(), usable);
  if (first != verdicts_.on_target().end()) end_on_target(*first);
}

// What an open stretch has come to, where nothing is left to be done for it.
std::optional<trial::Outcome> Study::settled(const journal::Trial& trial) const {
  if (trial.wish == trial::Wish::kStop) return trial::Withdrawn{};
  if (trial.evaluations.empty()) return {};
  const double metric = trial.evaluations.back().metrics.at(setup_.spec.metric.name);
  if (!std::isfinite(metric)) return diverged(metric, trial.resource);
  const config::TrialLimits& limits = setup_.spec.trial_limits;
  if (auto over = over_energy(limits, trial.energy)) return over;
  if (auto over = over_time(limits, trial.seconds)) return over;
  if (on_target(setup_.spec.metric, trial)) return trial::Completed{};
  const strategy::Verdict* verdict = verdicts_.of(trial.id);
  if (verdict && verdict->action == Action::kStop) return trial::Stopped{verdict->reason};
  const double until = trial.segments.back().train.until;
  const bool at_end = trial.resource >= until - kResourceSlack;
  if (at_end && until >= setup_.spec.resource.max - kResourceSlack) return trial::Completed{};
  const bool saved = setup_.spec.pattern || trial.checkpoint_resource >= trial.resource - kResourceSlack;
  if (saved && (at_end || verdict)) return trial::Paused{};
  return {};
}

void Study::decide() {
  const auto busy = [this] { return running_.size() + starts_.size(); };
  while (!conclusion_ && !ledger_.paused() && busy() < static_cast<std::size_t>(places())) {
    if (const auto spent = budget_spent()) return close("budget", *spent, {});
    if (busy() > 0 && budget_reserved()) return;
    auto next = next_to_launch();
    if (next == relaunch_.end()) {
      const trial::Decision decision = setup_.strategy.ask();
      if (std::holds_alternative<trial::Wait>(decision)) return;
      record(trial::Decided{decision});
      if (const auto* finish = std::get_if<trial::Finish>(&decision))
        close("finished", finish->reason, finish->winner);
      const auto* train = std::get_if<trial::Train>(&decision);
      if (!train || is_stopped(*train) || cannot_fit(*train)) continue;
      relaunch_.push_back(train->trial);
      next = next_to_launch();
      if (next == relaunch_.end()) continue;
    }
    if (!setup_.runner.room()) {
      if (busy() == 0) close("interrupted", "too few devices are left for a trial", {});
      return;
    }
    const TrialId id = *next;
    relaunch_.erase(next);
    launch(state_.trials.at(id).segments.back().train);
  }
}

// The last one that the user does not want to be paused.
std::vector<TrialId>::iterator Study::next_to_launch() {
  const auto held = [this](TrialId id) { return state_.trials.at(id).wish == trial::Wish::kPause; };
  const auto found = std::find_if_not(relaunch_.rbegin(), relaunch_.rend(), held);
  return found == relaunch_.rend() ? relaunch_.end() : std::prev(found.base());
}

// What the commit has made safe to do.
void Study::act() {
  answer();
  if (starts_.empty()) return;
  for (; !starts_.empty(); starts_.pop_front()) start_next();
  close_when_done();
}

void Study::answer() {
  for (const auto& [trial, action] : std::exchange(answers_, {})) {
    if (action != Action::kContinue) ending_.insert(trial);
    if (const auto running = running_.find(trial); running != running_.end()) {
      running->second.answered();
      await_deadline(trial, running->second);
    }
    setup_.runner.answer(trial, action);
  }
}

// Its energy counts from here: between the decision and this the study may have been paused, and it may have ended, as
// when a budget is found to be spent.
void Study::start_next() {
  const runner::Job job = starts_.front();
  const journal::Trial& trial = state_.trials.at(job.trial);
  const trial::Train& train = trial.segments.back().train;
  meter::Load load;
  load.trial = job.trial;
  load.cpu_time = [this, id = job.trial] {
    return waits_to_start(id) ? base::Seconds(0) : setup_.runner.cpu_time(id);
  };
  load.processes = [this, id = job.trial] { return setup_.runner.processes(id); };
  if (job.devices) load.holds = trial::parts(*job.devices);
  auto window = setup_.meter.open(std::move(load));
  Stint& stint =
      running_
          .emplace(std::piecewise_construct, std::forward_as_tuple(job.trial),
                   std::forward_as_tuple(train, std::move(window), trial.energy, trial.seconds, setup_.clock))
          .first->second;
  if (setup_.knob && train.tune_power && places() == 1)
    stint.tune(std::make_unique<PowerTuning>(*setup_.knob, trial.progress.power_limit));
  heartbeats_.set(job.trial, metered_ + kFirstHeartbeat);
  await_deadline(job.trial, stint);
  if (conclusion_) return handle(runner::Exit{job.trial, trial::Interrupted{}, "not started"});
  auto started = inherit(job.trial);
  if (!started && setup_.interruptions() > 1) {
    if (!ledger_.paused()) close("interrupted", "ended by the user", {});
    return handle(runner::Exit{job.trial, trial::Interrupted{}, "left at once"});
  }
  if (started) started = setup_.runner.start(job);
  if (!started) handle(runner::Exit{job.trial, trial::Failed{0, started.error().message}, ""});
}

void Study::listen() {
  const base::Seconds patience = this->patience();
  const auto events = setup_.runner.wait(patience);
  const base::Seconds now = setup_.clock.monotonic();
  const base::Seconds late = now - std::exchange(listened_, now) - patience;
  overslept_ = late > kStopped ? late : base::Seconds(0);
  for (const runner::Event& event : events) {
    std::visit([this](const auto& happened) { handle(happened); }, event);
  }
}

// Time passes: probes end, energy is noted, budgets run out, the user wants to leave.
void Study::look_after() {
  const base::Seconds now = setup_.clock.monotonic();
  for (const TrialId id : deadlines_.due(now)) hold_to_time(id, now);
  if (now >= next_metering()) {
    meter(now);
    if (const auto spent = budget_spent(); spent && !conclusion_) close("budget", *spent, {});
  }
  heed(now);
  const int interruptions = setup_.interruptions();
  if (interruptions > 0 && !conclusion_ && !ledger_.paused()) close("interrupted", "ended by the user", {});
  if (interruptions > 1) {
    for (const TrialId id : running()) handle(runner::Exit{id, trial::Interrupted{}, "left at once"});
  }
}

// What cannot be read now, or be made durable, is heeded later.
void Study::heed(base::Seconds now) {
  if (!setup_.requests || now < heeds_) return;
  heeds_ = now + kHeeding;
  if (conclusion_ || ledger_.paused()) return;
  const auto pending = setup_.requests->pending();
  if (!pending) return;
  for (const journal::Pending& asked : *pending) {
    if (!conclusion_ && heeded_.insert(asked.id).second) carry_out(asked.request);
  }
}

// Much may have changed since it was asked.
void Study::carry_out(const trial::Request& request) {
  using trial::Wish;
  if (journal::refusal(request, setup_.spec.name, state_, true)) return;
  if (!request.trial) {
    if (request.wish == Wish::kPause) close("paused", "by the user", {});
    if (request.wish == Wish::kStop) close("interrupted", "stopped by the user", {});
    return;
  }
  record(trial::Requested{*request.trial, request.wish});
  if (request.wish == Wish::kPause) set_aside(*request.trial);
  if (request.wish == Wish::kStop) stop_trial(*request.trial);
}

void Study::set_aside(TrialId id) {
  if (!running_.contains(id) || ending_.contains(id)) return;
  set_aside_.insert(id);
  end(id, Action::kPause);
}

void Study::stop_trial(TrialId id) {
  if (running_.contains(id)) return end_as(id, trial::Withdrawn{});
  if (std::erase(relaunch_, id) == 0) return;
  const journal::Trial& trial = state_.trials.at(id);
  finish_stretch(
      id, {trial::Withdrawn{}, trial.resource, last_metric(id), trial.energy, trial.seconds, trial.progress},
      "");
}

// What they came to is durable.
void Study::settle_requests() {
  std::erase_if(heeded_, [this](journal::RequestId id) { return setup_.requests->settle(id).has_value(); });
}

void Study::hold_to_time(TrialId id, base::Seconds now) {
  const Stint& stint = running_.at(id);
  if (auto over = over_time(setup_.spec.trial_limits, stint.seconds())) end_as(id, *std::move(over));
  const auto probe_ends = stint.probe_ends();
  if (!ending_.contains(id) && probe_ends && now >= *probe_ends) {
    if (auto over = over_limit(stint.energy())) {
      end_as(id, *std::move(over));
    } else {
      end(id, Action::kPause);
    }
  }
  await_deadline(id, stint);
}

// While it waits for an answer there is none; what is decided already needs no other.
void Study::await_deadline(TrialId id, const Stint& stint) {
  const auto& limit = setup_.spec.trial_limits.time;
  auto next = limit && !outcomes_.contains(id) ? stint.reaches(*limit) : std::nullopt;
  if (const auto probe = ending_.contains(id) ? std::nullopt : stint.probe_ends())
    next = std::min(*probe, next.value_or(*probe));
  next ? deadlines_.set(id, *next) : deadlines_.erase(id);
}

void Study::meter(base::Seconds now) {
  metered_ = now;
  for (const TrialId id : heartbeats_.due(now)) {
    Stint& stint = running_.at(id);
    heartbeats_.set(id, next_heartbeat(now, stint.running_for()));
    trial::Energy energy = stint.energy();
    if (stint.unread(energy)) continue;
    if (auto over = over_limit(energy)) end_as(id, *std::move(over));
    record(trial::Metered{id, std::move(energy), stint.seconds()});
  }
}

void Study::close(std::string state, std::string reason, std::optional<TrialId> winner) {
  conclusion_ = Conclusion{std::move(state), std::move(reason), winner};
  end_all(Action::kPause);
  close_when_done();
}

// A program that waits for an answer is told with it: not before its evaluation is durable.
void Study::end(TrialId trial, Action action) {
  ending_.insert(trial);
  const auto held = std::ranges::find(answers_, trial, &std::pair<TrialId, Action>::first);
  if (held == answers_.end()) return setup_.runner.end(trial, action);
  held->second = std::max(held->second, action);
}

void Study::end_all(Action action) {
  for (const TrialId id : running()) {
    if (!ending_.contains(id)) end(id, action);
  }
}

// By growing id.
std::vector<TrialId> Study::running() const {
  std::vector<TrialId> trials;
  for (const auto& [id, stint] : running_) trials.push_back(id);
  std::ranges::sort(trials);
  return trials;
}

// It has a stint, so it is the one that is being started if any.
bool Study::waits_to_start(TrialId trial) const { return !starts_.empty() && starts_.front().trial == trial; }

std::optional<trial::Outcome> Study::over_limit(const trial::Energy& energy) const {
  const config::TrialLimits& limits = setup_.spec.trial_limits;
  if (auto over = over_energy(limits, energy)) return over;
  return unknown_energy(limits, energy);
}

// To be stopped now, and to be judged so however its process ends.
void Study::end_as(TrialId trial, trial::Outcome outcome) {
  if (!outcomes_.try_emplace(trial, std::move(outcome)).second) return;
  end(trial, Action::kStop);
}

void Study::handle(const runner::Evaluation& evaluation) {
  const auto running = running_.find(evaluation.trial);
  if (running == running_.end()) return;
  Stint& stint = running->second;
  if (!setup_.spec.pattern) stint.excuse(overslept_);
  stint.evaluated();
  const journal::Trial& trial = state_.trials.at(evaluation.trial);
  const double resource = evaluation.resource.value_or(trial.resource + 1);
  const double metric = evaluation.metrics.at(setup_.spec.metric.name);
  const bool repeated = !trial.evaluations.empty() && resource <= trial.resource;
  const trial::Energy energy = stint.energy();
  if (!repeated) {
    record(trial::Evaluated{evaluation.trial,
                            {resource, evaluation.metrics, energy, stint.seconds(), stint.progress()}});
  }
  Action action = next_action(stint.train(), resource);
  const strategy::Verdict* verdict = verdicts_.of(evaluation.trial);
  if (verdict && resource >= trial.resource) action = std::max(action, verdict->action);
  auto over = over_energy(setup_.spec.trial_limits, trial.energy);
  if (!over) over = over_time(setup_.spec.trial_limits, stint.seconds());
  if (!std::isfinite(metric)) over = diverged(metric, resource);
  if (over) {
    outcomes_.try_emplace(evaluation.trial, *std::move(over));
    action = Action::kStop;
  } else if (trial.wish == trial::Wish::kStop) {
    action = Action::kStop;
  } else if (!conclusion_ && config::reaches_target(setup_.spec.metric, metric)) {
    outcomes_[evaluation.trial] = trial::Completed{};
    action = Action::kStop;
    ending_.insert(evaluation.trial);
    end_on_target(evaluation.trial);
  }
  answers_.emplace_back(evaluation.trial, action);
  if (setup_.spec.pattern) return;
  stint.waits(energy);
  await_deadline(evaluation.trial, stint);
}

void Study::end_on_target(TrialId trial) {
  close("finished", fmt::format("trial {} reached the target", trial), trial);
}

trial::Diverged Study::diverged(double metric, double resource) const {
  return {fmt::format("{} is {} at {} {:g}", setup_.spec.metric.name, metric, setup_.spec.resource.unit,
                      resource)};
}

void Study::handle(const runner::Stepped& stepped) {
  const auto running = running_.find(stepped.trial);
  if (running == running_.end()) return;
  running->second.add(stepped.step);
  await_deadline(stepped.trial, running->second);
  if (running->second.diverged())
    end_as(stepped.trial, trial::Diverged{"the loss is not a finite number any more"});
}

void Study::handle(const runner::Checkpoint& checkpoint) {
  const auto running = running_.find(checkpoint.trial);
  if (running == running_.end()) return;
  const double last =
      std::max(state_.trials.at(checkpoint.trial).resource, running->second.resource().value_or(0));
  record(trial::Checkpointed{checkpoint.trial, checkpoint.name, checkpoint.resource.value_or(last)});
}

void Study::handle(const runner::Exit& exit) {
  const auto running = running_.find(exit.trial);
  if (running == running_.end()) return;
  const Stint& stint = running->second;
  const journal::Trial& trial = state_.trials.at(exit.trial);
  trial::Stretch stretch;
  stretch.outcome = outcome_of(exit, stint);
  if (!conclusion_ && std::holds_alternative<trial::Interrupted>(stretch.outcome))
    stretch.outcome = settled(trial).value_or(trial::Interrupted{});
  stretch.reached = std::max(trial.resource, trial.checkpoint_resource);
  stretch.metric = last_metric(exit.trial);
  stretch.energy = stint.energy();
  stretch.seconds = stint.seconds();
  stretch.progress = stint.progress();
  std::string note = joined(exit.note, stint.note());
  const bool out_of_memory = std::holds_alternative<trial::OutOfMemory>(stretch.outcome);
  if (out_of_memory && trial.evaluations.empty() && (exit.by_limit || places() == 1))
    too_large_.add(exit.trial, trial.configuration);
  running_.erase(running);
  heartbeats_.erase(exit.trial);
  deadlines_.erase(exit.trial);
  setup_.runner.release(exit.trial);
  ending_.erase(exit.trial);
  outcomes_.erase(exit.trial);
  set_aside_.erase(exit.trial);
  const bool lost = !conclusion_ && std::holds_alternative<trial::Interrupted>(stretch.outcome);
  finish_stretch(exit.trial, std::move(stretch), std::move(note));
  if (lost) relaunch_.push_back(exit.trial);
  close_when_done();
}

void Study::close_when_done() {
  if (!conclusion_ || !running_.empty() || !starts_.empty()) return;
  record(trial::Closed{conclusion_->state, conclusion_->reason, conclusion_->winner});
}

trial::Outcome Study::outcome_of(const runner::Exit& exit, const Stint& stint) const {
  if (const auto decided = outcomes_.find(exit.trial); decided != outcomes_.end()) return decided->second;
  const strategy::Verdict* verdict = verdicts_.of(exit.trial);
  if (verdict && verdict->action == Action::kStop) return trial::Stopped{verdict->reason};
  const journal::Trial& trial = state_.trials.at(exit.trial);
  const bool at_end = !trial.evaluations.empty() && trial.resource >= stint.train().until - kResourceSlack;
  const bool in_order = std::holds_alternative<trial::Paused>(exit.outcome) ||
                        std::holds_alternative<trial::Stopped>(exit.outcome) ||
                        std::holds_alternative<trial::Completed>(exit.outcome);
  if (verdict && !at_end && in_order) return trial::Paused{};
  if (at_end && in_order) {
    if (stint.train().until >= setup_.spec.resource.max - kResourceSlack) return trial::Completed{};
    return trial::Paused{};
  }
  if (conclusion_ || set_aside_.contains(exit.trial)) return trial::Interrupted{};
  if (std::holds_alternative<trial::Completed>(exit.outcome) && trial.evaluations.empty()) {
    return trial::Failed{0, fmt::format("it ended without ever reporting {}", setup_.spec.metric.name)};
  }
  return exit.outcome;
}

Action Study::next_action(const trial::Train& train, double resource) const {
  if (resource >= train.until - kResourceSlack) {
    return train.until >= setup_.spec.resource.max - kResourceSlack ? Action::kStop : Action::kPause;
  }
  return conclusion_ ? Action::kPause : Action::kContinue;
}

// Its checkpoint, where it has none of its own yet: the one that its parent had.
base::Result<> Study::inherit(TrialId trial) {
  const journal::Trial& child = state_.trials.at(trial);
  const auto parent = child.segments.front().train.parent;
  if (!parent) return {};
  if (!child.checkpoint) return base::fail("trial {}, which it goes on from, has no checkpoint", *parent);
  if (!child.checkpoint_of) return {};
  const auto place = [&](TrialId of) { return checkpoint_place(setup_.folder, of, *child.checkpoint); };
  return setup_.copy(place(*child.checkpoint_of), place(trial));
}

// Ends the trial where the user wanted that while it waited for its turn.
bool Study::is_stopped(const trial::Train& train) {
  if (state_.trials.at(train.trial).wish != trial::Wish::kStop) return false;
  relaunch_.push_back(train.trial);
  stop_trial(train.trial);
  return true;
}

// Ends the trial as out of memory if so.
bool Study::cannot_fit(const trial::Train& train) {
  const journal::Trial& trial = state_.trials.at(train.trial);
  if (trial.segments.size() > 1) return false;
  auto outcome = too_large_.outcome_of(train.configuration);
  if (!outcome) return false;
  const double reached = std::max(trial.resource, trial.checkpoint_resource);
  finish_stretch(train.trial, {*std::move(outcome), reached, {}, {}, {}, {}}, "");
  return true;
}

void Study::launch(const trial::Train& train) {
  const journal::Trial& trial = state_.trials.at(train.trial);
  const config::Spec& spec = setup_.spec;
  runner::Job job;
  job.trial = train.trial;
  job.command = config::substitute(spec.command, train.configuration);
  job.directory = spec.directory;
  job.configuration = train.configuration;
  job.folder = setup_.folder / std::to_string(train.trial);
  job.checkpoint = trial.checkpoint;
  job.from = trial.checkpoint ? trial.checkpoint_resource : 0;
  job.until = train.until;
  job.unit = spec.resource.unit;
  job.metric = spec.metric.name;
  job.schedule = train.schedule;
  if (spec.pattern) job.pattern = runner::Pattern{*spec.pattern, spec.metric.name, spec.resource.unit};
  job.limits = spec.limits;
  job.devices = setup_.runner.hold(train.trial, trial.devices.value_or(trial::Devices()));
  trial::Launched launched{train.trial, trial.checkpoint, job.devices, hardware_of(job)};
  starts_.push_back(std::move(job));
  record(std::move(launched));
}

// Empty where it is what the session has.
std::string Study::hardware_of(const runner::Job& job) const {
  meter::Load load;
  load.trial = job.trial;
  if (job.devices) load.holds = trial::parts(*job.devices);
  std::string hardware = setup_.meter.hardware(load);
  return hardware == state_.machine ? "" : hardware;
}

void Study::finish_stretch(TrialId trial, trial::Stretch stretch, std::string note) {
  record(trial::Exited{trial, stretch, std::move(note)});
  if (std::holds_alternative<trial::Interrupted>(stretch.outcome)) return;
  setup_.strategy.tell(trial, comparable_.told(trial, std::move(stretch)));
}

std::optional<double> Study::last_metric(TrialId trial) const {
  const auto& evaluations = state_.trials.at(trial).evaluations;
  if (evaluations.empty()) return {};
  return config::oriented(setup_.spec.metric, evaluations.back().metrics.at(setup_.spec.metric.name));
}

std::optional<std::string> Study::budget_spent() const {
  const config::Budget& budget = setup_.spec.budget;
  if (budget.time && state_.active >= *budget.time) {
    return fmt::format("the budget of {} is spent", base::format(*budget.time));
  }
  const char* kept = budget.energy ? "energy" : budget.carbon ? "carbon" : budget.cost ? "cost" : nullptr;
  if (!kept || state_.trials.empty()) return {};
  if (state_.unread > 0) {
    const trial::Energy spent = journal::total_energy(state_);
    if (!trial::total(spent))
      return fmt::format("a budget of {} cannot be kept: what was spent is {}", kept, trial::describe(spent));
  }
  if (budget.energy && state_.charged >= *budget.energy)
    return fmt::format("the budget of {} is spent ({})", base::format(*budget.energy),
                       trial::describe(journal::total_energy(state_)));
  if (const auto carbon = carbon_spent(state_, budget)) return carbon;
  return cost_spent(state_, budget);
}

base::Seconds Study::longest_heartbeat() const {
  const base::Seconds longest = heartbeat(running_.size());
  const auto within = setup_.meter.read_within();
  return within ? std::min(longest, std::max(kFirstHeartbeat, *within)) : longest;
}

// Of a process that has run for `age`. Those of several that have run for long fall together, into one commit.
base::Seconds Study::next_heartbeat(base::Seconds now, base::Seconds age) const {
  const base::Seconds interval = std::min(std::max(kFirstHeartbeat, age), longest_heartbeat());
  const base::Seconds next = now + interval;
  if (setup_.workers == 1 || interval <= kTogether) return next;
  return std::floor(next / kTogether) * kTogether;
}

// Whether those that run are expected to use up what is left.
bool Study::budget_reserved() const {
  if (!setup_.spec.budget.energy) return false;
  return state_.unread == 0 && state_.charged + reservation_.total() >= *setup_.spec.budget.energy;
}

base::Seconds Study::next_metering() const {
  return heartbeats_.next().value_or(metered_ + longest_heartbeat());
}

base::Seconds Study::patience() const {
  base::Seconds until = next_metering();
  const auto heeds = setup_.requests ? std::optional(heeds_) : std::nullopt;
  for (const auto& next : {ledger_.next_try(), deadlines_.next(), heeds})
    until = std::min(until, next.value_or(until));
  return std::max(kLeastPatience, until - setup_.clock.monotonic());
}

void Study::record(trial::EventBody body) {
  trial::Event event{setup_.clock.monotonic() + wall_offset_, std::move(body)};
  state_.apply(event);
  comparable_.see(event.body, state_);
  reservation_.see(event.body, state_);
  verdicts_.see(event.body, state_);
  setup_.observe(event, state_);
  ledger_.add(std::move(event));
}

}  // namespace sm2::study
