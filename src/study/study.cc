#include "study/study.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/host_name.h"
#include "base/match.h"
#include "base/units.h"
#include "config/command.h"
#include "footprint/footprint.h"
#include "study/replay.h"

namespace sm2::study {
namespace {

using trial::Action;
using trial::TrialId;

// How often energy is journalled while trials run, soon after a start and then ever less often: what a kill -9 can make
// uncertain.
constexpr base::Seconds kFirstHeartbeat{0.1}, kHeartbeat{2};
constexpr base::Seconds kLeastPatience{1e-3};  // no busy loop, however times are rounded
constexpr double kResourceSlack = 1e-9;        // resources are often sums of fractions

// The energy of a trial whose tuner was killed: the last stretch of time that nobody read is not in it. The mean power so
// far bounds it.
void widen(trial::Energy& energy, base::Seconds seconds) {
  constexpr const char* kLost = "the tuner was killed: up to 2 s of one process are not in it";
  for (trial::Reading& reading : energy) {
    if (reading.joules && seconds > base::Seconds(0))
      reading.error += *reading.joules * (kHeartbeat / seconds);
    reading.note += reading.note.empty() ? kLost : std::string("; ") + kLost;
  }
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

Study::Study(Setup setup) : setup_(std::move(setup)) {}

base::Result<Conclusion> Study::run() {
  if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
  look_after();
  while (true) {
    decide();
    if (auto committed = commit(); !committed) return tl::unexpected(committed.error());
    act();
    if (conclusion_ && running_.empty()) return *conclusion_;
    listen();
    look_after();
  }
}

base::Result<> Study::begin() {
  wall_offset_ = setup_.clock.wall() - setup_.clock.monotonic();
  metered_ = setup_.clock.monotonic();
  const auto events = setup_.journal.read();
  if (!events) return tl::unexpected(events.error());
  auto state = replay(*events, setup_.strategy);
  if (!state) return tl::unexpected(state.error());
  state_ = std::move(*state);
  if (state_.events == 0) record(trial::Created{setup_.spec.text});
  std::vector<std::string> sources;
  for (const meter::DomainInfo& domain : setup_.meter.domains())
    sources.push_back(fmt::format("{} {}: {}", domain.source, domain.name, domain.description));
  record(trial::Opened{SM2_VERSION, base::host_name(), getpid(), std::move(sources), setup_.grid,
                       setup_.price, setup_.idle});
  settle_interrupted();
  return {};
}

// Stretches that an earlier tuner left open: those that had come to their end but for the process's exit are
// ended, the others go on from their last checkpoint.
void Study::settle_interrupted() {
  std::vector<TrialId> open;
  for (const auto& [id, trial] : state_.trials) {
    if (trial.state == journal::TrialState::kRunning) open.push_back(id);
  }
  for (const TrialId id : open) {
    const journal::Trial& trial = state_.trials.at(id);
    const trial::Train train = trial.segments.back().train;
    trial::Stretch stretch{trial::Interrupted{}, trial.resource, last_metric(id),
                           trial.energy,         trial.seconds,  trial.progress};
    if (trial.process_running) {
      widen(stretch.energy, trial.seconds);
      finish_stretch(id, stretch, "the tuner was killed");
    }
    const bool at_end = trial.resource >= train.until - kResourceSlack && !trial.evaluations.empty();
    const bool last = train.until >= setup_.spec.resource.max;
    const bool saved = setup_.spec.pattern || trial.checkpoint_resource >= train.until - kResourceSlack;
    if (at_end && (last || saved)) {
      stretch.outcome = last ? trial::Outcome(trial::Completed{}) : trial::Outcome(trial::Paused{});
      finish_stretch(id, stretch, "");
    } else {
      relaunch_.push_back(id);
    }
  }
}

void Study::decide() {
  while (!conclusion_ && running_.size() < static_cast<std::size_t>(setup_.workers)) {
    if (!relaunch_.empty()) {
      launch(state_.trials.at(relaunch_.back()).segments.back().train);
      relaunch_.pop_back();
      continue;
    }
    if (const auto spent = budget_spent()) return close("budget", *spent, {});
    const trial::Decision decision = setup_.strategy.ask();
    if (std::holds_alternative<trial::Wait>(decision)) return;
    record(trial::Decided{decision});
    if (const auto* train = std::get_if<trial::Train>(&decision)) launch(*train);
    if (const auto* finish = std::get_if<trial::Finish>(&decision))
      close("finished", finish->reason, finish->winner);
  }
}

base::Result<> Study::commit() {
  if (batch_.empty()) return {};
  auto appended = setup_.journal.append(batch_);
  if (appended) batch_.clear();
  return appended;
}

// What the commit has made safe to do.
void Study::act() {
  for (const auto& [trial, action] : std::exchange(answers_, {})) {
    if (action != Action::kContinue) ending_[trial] = true;
    setup_.runner.answer(trial, action);
  }
  for (const runner::Job& job : std::exchange(starts_, {})) {
    const auto started = setup_.runner.start(job);
    if (!started) handle(runner::Exit{job.trial, trial::Failed{0, started.error().message}, ""});
  }
}

void Study::listen() {
  for (const runner::Event& event : setup_.runner.wait(patience())) {
    std::visit([this](const auto& happened) { handle(happened); }, event);
  }
}

// Time passes: probes end, energy is noted, budgets run out, the user wants to leave.
void Study::look_after() {
  const base::Seconds now = setup_.clock.monotonic();
  for (auto& [id, stint] : running_) {
    const auto probe_ends = stint.probe_ends();
    if (ending_[id] || !probe_ends || now < *probe_ends) continue;
    ending_[id] = true;
    setup_.runner.end(id, Action::kPause);
  }
  if (now >= next_metering()) {
    metered_ = now;
    for (auto& [id, stint] : running_) {
      trial::Energy energy = stint.energy();
      if (stint.unread(energy)) continue;
      record(trial::Metered{id, std::move(energy), stint.seconds()});
    }
    if (const auto spent = budget_spent(); spent && !conclusion_) close("budget", *spent, {});
  }
  const int interruptions = setup_.interruptions();
  if (interruptions > 0 && !conclusion_) close("interrupted", "ended by the user", {});
  if (interruptions > 1) {
    while (!running_.empty())
      handle(runner::Exit{running_.begin()->first, trial::Interrupted{}, "left at once"});
  }
}

void Study::close(std::string state, std::string reason, std::optional<TrialId> winner) {
  conclusion_ = Conclusion{std::move(state), std::move(reason), winner};
  if (running_.empty()) {
    record(trial::Closed{conclusion_->state, conclusion_->reason, conclusion_->winner});
  } else {
    end_all(Action::kPause);
  }
}

void Study::end_all(Action action) {
  for (auto& [id, stint] : running_) {
    if (std::exchange(ending_[id], true)) continue;
    setup_.runner.end(id, action);
  }
}

void Study::handle(const runner::Evaluation& evaluation) {
  const auto running = running_.find(evaluation.trial);
  if (running == running_.end()) return;
  const Stint& stint = running->second;
  const journal::Trial& trial = state_.trials.at(evaluation.trial);
  const double resource = evaluation.resource.value_or(trial.resource + 1);
  const double metric = evaluation.metrics.at(setup_.spec.metric.name);
  const bool repeated = !trial.evaluations.empty() && resource <= trial.resource;
  if (!repeated) {
    record(trial::Evaluated{
        evaluation.trial, {resource, evaluation.metrics, stint.energy(), stint.seconds(), stint.progress()}});
  }
  Action action = next_action(stint.train(), resource);
  if (!std::isfinite(metric)) {
    verdicts_[evaluation.trial] = trial::Diverged{fmt::format("{} is {} at {} {:g}", setup_.spec.metric.name,
                                                              metric, setup_.spec.resource.unit, resource)};
    action = Action::kStop;
  } else if (!conclusion_ && reached_target(metric)) {
    verdicts_[evaluation.trial] = trial::Completed{};
    action = Action::kStop;
    ending_[evaluation.trial] = true;
    close("finished", fmt::format("trial {} reached the target", evaluation.trial), evaluation.trial);
  }
  answers_.emplace_back(evaluation.trial, action);
}

void Study::handle(const runner::Stepped& stepped) {
  const auto running = running_.find(stepped.trial);
  if (running == running_.end()) return;
  running->second.add(stepped.step);
  if (!running->second.diverged() || verdicts_.contains(stepped.trial)) return;
  verdicts_[stepped.trial] = trial::Diverged{"the loss is not a finite number any more"};
  if (!std::exchange(ending_[stepped.trial], true)) setup_.runner.end(stepped.trial, Action::kStop);
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
  stretch.reached = std::max(trial.resource, trial.checkpoint_resource);
  stretch.metric = last_metric(exit.trial);
  stretch.energy = stint.energy();
  stretch.seconds = stint.seconds();
  stretch.progress = stint.progress();
  running_.erase(running);
  ending_.erase(exit.trial);
  verdicts_.erase(exit.trial);
  finish_stretch(exit.trial, std::move(stretch), exit.note);
  if (conclusion_ && running_.empty()) {
    record(trial::Closed{conclusion_->state, conclusion_->reason, conclusion_->winner});
  }
}

trial::Outcome Study::outcome_of(const runner::Exit& exit, const Stint& stint) const {
  if (const auto verdict = verdicts_.find(exit.trial); verdict != verdicts_.end()) return verdict->second;
  const journal::Trial& trial = state_.trials.at(exit.trial);
  const bool at_end = !trial.evaluations.empty() && trial.resource >= stint.train().until - kResourceSlack;
  const bool asked = std::holds_alternative<trial::Paused>(exit.outcome) ||
                     std::holds_alternative<trial::Stopped>(exit.outcome);
  if (at_end && (asked || std::holds_alternative<trial::Completed>(exit.outcome))) {
    if (stint.train().until >= setup_.spec.resource.max - kResourceSlack) return trial::Completed{};
    return trial::Paused{};
  }
  if (conclusion_) return trial::Interrupted{};
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
  starts_.push_back(std::move(job));
  meter::Load load;
  load.cpu_time = [this, id = train.trial] {
    const bool started = std::ranges::find(starts_, id, &runner::Job::trial) == starts_.end();
    return started ? setup_.runner.cpu_time(id) : base::Seconds(0);
  };
  load.processes = [this, id = train.trial] { return setup_.runner.processes(id); };
  auto window = setup_.meter.open(std::move(load));
  running_.emplace(
      std::piecewise_construct, std::forward_as_tuple(train.trial),
      std::forward_as_tuple(train, std::move(window), trial.energy, trial.seconds, setup_.clock));
  record(trial::Launched{train.trial, trial.checkpoint});
}

void Study::finish_stretch(TrialId trial, trial::Stretch stretch, std::string note) {
  record(trial::Exited{trial, stretch, std::move(note)});
  if (!std::holds_alternative<trial::Interrupted>(stretch.outcome)) setup_.strategy.tell(trial, stretch);
}

bool Study::reached_target(double metric) const {
  const config::Metric& wanted = setup_.spec.metric;
  return wanted.target && config::oriented(wanted, metric) >= config::oriented(wanted, *wanted.target);
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
  const trial::Energy spent = journal::total_energy(state_);
  if (spent.empty()) return {};
  const auto joules = trial::total(spent);
  if (!joules)
    return fmt::format("a budget of {} cannot be kept: what was spent is {}", kept, trial::describe(spent));
  if (budget.energy && *joules >= *budget.energy)
    return fmt::format("the budget of {} is spent ({})", base::format(*budget.energy),
                       trial::describe(spent));
  if (const auto carbon = carbon_spent(state_, budget)) return carbon;
  return cost_spent(state_, budget);
}

base::Seconds Study::next_metering() const {
  base::Seconds interval = kHeartbeat;
  for (const auto& [id, stint] : running_)
    interval = std::min(interval, std::max(kFirstHeartbeat, stint.running_for()));
  if (const auto within = setup_.meter.read_within())
    interval = std::min(interval, std::max(kFirstHeartbeat, *within));
  return metered_ + interval;
}

base::Seconds Study::patience() const {
  const base::Seconds now = setup_.clock.monotonic();
  base::Seconds until = next_metering();
  for (const auto& [id, stint] : running_) {
    const auto ending = ending_.find(id);
    if (ending != ending_.end() && ending->second) continue;
    if (const auto probe_ends = stint.probe_ends()) until = std::min(until, *probe_ends);
  }
  return std::max(kLeastPatience, until - now);
}

void Study::record(trial::EventBody body) {
  batch_.push_back({setup_.clock.monotonic() + wall_offset_, std::move(body)});
  state_.apply(batch_.back());
  setup_.observe(batch_.back(), state_);
}

}  // namespace sm2::study
