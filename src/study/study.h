// The loop that ties a study together: ask the strategy, run, meter, journal, tell. What happened in a round
// is made durable in one commit before anything that rests on it is done: a decision before it is carried
// out, an evaluation before it is answered. One thread. Everything comes from outside, so that a study runs
// on fakes in simulated time.
//
// A strategy's verdict on a running trial (verdicts.h) is answered to the evaluation that it is on: pause ends the stretch
// as Paused, stop as Stopped with its reason. What was killed in between is settled when the study goes on: a stop at
// once; a pause at once where the checkpoint stands at the evaluation, or where programs do not resume, else the process
// is started again from the checkpoint before it, and told to pause when it comes to that evaluation again.
//
// A trial with a parent begins from a copy of the checkpoint that its parent had when it was decided on; the copy is made
// before its process starts, and again after a kill that left it unfinished. Its energy counts from there.
//
// A trial's limits of energy and time (trial_limits.h) are looked at with its energy, and at each evaluation; the runner
// holds the others. One that cannot fit into memory,
// because another has shown it before its first evaluation, is told so without a start (too_large.h). Of several trials at
// a time each may take what the other needs, so that only a limit of the study file shows it then.
//
// Users ask by other programs (journal/requests.h) for a trial, or the study, to be paused, resumed or stopped; what was asked
// of a trial is journalled and holds for every tuner after this one. A trial that is paused so is one whose process was
// interrupted, and is not started again before it is resumed; one that is stopped ends as Withdrawn, at once where it runs, else
// when the strategy wants it trained on. A study that is paused so has ended; when it is resumed it is begun again.
//
// A process that was interrupted while the study goes on, as its worker was lost, is settled like one of a tuner that died.
//
// While the journal cannot take what happened (ledger.h) the study is paused: nothing new is decided or started, programs that
// wait for an answer go on waiting, the others train on, and limits hold. Time that a program waits is none of its own.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "config/spec.h"
#include "footprint/footprint.h"
#include "journal/journal.h"
#include "journal/state.h"
#include "meter/meter.h"
#include "meter/power_knob.h"
#include "runner/runner.h"
#include "strategy/strategy.h"
#include "study/agenda.h"
#include "study/checkpoint_copy.h"
#include "study/comparable.h"
#include "study/ledger.h"
#include "study/reservation.h"
#include "study/stint.h"
#include "study/too_large.h"
#include "study/verdicts.h"

namespace sm2::study {

struct Conclusion {
  std::string state;  // "finished", "budget", "interrupted", "paused"
  std::string reason;
  std::optional<trial::TrialId> winner;  // of a finished study; absent when no trial was usable
  base::Seconds unstored = {};  // the last part of an interrupted one, which the journal could not take
};

// How many times the user asked to end: once pauses the trials in order, twice leaves at once.
using Interruptions = std::function<int()>;
using CopyCheckpoint =
    std::function<base::Result<>(const std::filesystem::path& from, const std::filesystem::path& to)>;
using Observer = std::function<void(const trial::Event&, const journal::StudyState&)>;

struct Setup {
  const config::Spec& spec;
  strategy::Strategy& strategy;  // fresh
  runner::Runner& runner;
  meter::Meter& meter;
  journal::Journal& journal;
  const base::Clock& clock;
  std::filesystem::path folder;  // of the trials
  int workers = 1;               // trials at a time
  Interruptions interruptions = [] { return 0; };
  Observer observe = [](const trial::Event&, const journal::StudyState&) {};
  std::optional<footprint::Grid> grid = {};      // of this session's energy
  std::optional<footprint::Price> price = {};    // likewise
  std::map<std::string, base::Watts> idle = {};  // by domain, as the meter's readings have it
  meter::PowerKnob* knob = nullptr;              // of the devices that trials use; null: none
  CopyCheckpoint copy = copy_checkpoint;
  Say say = [](const std::string&) {};  // what is wrong with the store
  std::function<int()> joined = [] {
    return 0;
  };  // trials at a time besides, at workers elsewhere: as it is now
  journal::Requests* requests = nullptr;  // of users; null: there are none
  std::vector<journal::RequestId> earlier =
      {};  // requests that an earlier tuner did not hear: not for this one
};

class Study {
 public:
  explicit Study(Setup setup);

  // Runs the study to its end, from its beginning or from where its journal stands. Fails when the journal
  // does for good.
  base::Result<Conclusion> run();

  const journal::StudyState& state() const { return state_; }
  journal::StudyState take_state() { return std::move(state_); }  // after its end

 private:
  base::Result<> begin();
  void settle_interrupted();
  std::optional<trial::Outcome> settled(const journal::Trial& trial) const;
  void decide();
  std::vector<trial::TrialId>::iterator next_to_launch();
  void act();
  void answer();
  void start_next();
  void close_when_done();
  void listen();
  void look_after();
  void heed(base::Seconds now);
  void carry_out(const trial::Request& request);
  void set_aside(trial::TrialId trial);
  void stop_trial(trial::TrialId trial);
  void settle_requests();
  void hold_to_time(trial::TrialId trial, base::Seconds now);
  void await_deadline(trial::TrialId trial, const Stint& stint);
  void meter(base::Seconds now);
  void end_on_target(trial::TrialId trial);
  void close(std::string state, std::string reason, std::optional<trial::TrialId> winner);

  void handle(const runner::Evaluation& evaluation);
  void handle(const runner::Stepped& stepped);
  void handle(const runner::Checkpoint& checkpoint);
  void handle(const runner::Exit& exit);
  void handle(const runner::Woken&) {}

  void launch(const trial::Train& train);
  bool cannot_fit(const trial::Train& train);
  bool is_stopped(const trial::Train& train);
  std::string hardware_of(const runner::Job& job) const;
  base::Result<> inherit(trial::TrialId trial);
  void finish_stretch(trial::TrialId trial, trial::Stretch stretch, std::string note);
  void end(trial::TrialId trial, trial::Action action);
  void end_all(trial::Action action);
  std::vector<trial::TrialId> running() const;
  bool waits_to_start(trial::TrialId trial) const;
  int places() const { return setup_.workers + setup_.joined(); }
  void end_as(trial::TrialId trial, trial::Outcome outcome);
  std::optional<trial::Outcome> over_limit(const trial::Energy& energy) const;
  trial::Outcome outcome_of(const runner::Exit& exit, const Stint& stint) const;
  trial::Action next_action(const trial::Train& train, double resource) const;
  trial::Diverged diverged(double metric, double resource) const;
  std::optional<double> last_metric(trial::TrialId trial) const;
  std::optional<std::string> budget_spent() const;
  base::Seconds longest_heartbeat() const;
  base::Seconds next_heartbeat(base::Seconds now, base::Seconds age) const;
  bool budget_reserved() const;
  base::Seconds next_metering() const;
  base::Seconds patience() const;
  void record(trial::EventBody body);

  Setup setup_;
  journal::StudyState state_;
  Comparable comparable_;
  Reservation reservation_;
  Verdicts verdicts_;
  base::Seconds wall_offset_;  // event times are monotonic within a session, whatever the wall clock does
  Ledger ledger_;              // what is not yet durable
  std::deque<runner::Job> starts_;                                 // to be started when it is
  std::vector<std::pair<trial::TrialId, trial::Action>> answers_;  // likewise to be given
  std::vector<trial::TrialId> relaunch_;                           // stretches to start, or to go on with
  std::unordered_map<trial::TrialId, Stint> running_;
  std::map<trial::TrialId, trial::Outcome> outcomes_;  // decided before the process ended
  std::set<trial::TrialId> ending_;                    // asked to end
  std::set<trial::TrialId> set_aside_;                 // likewise, to be paused as the user wants
  Agenda heartbeats_;                                  // when the energy of what runs is noted next
  Agenda deadlines_;                                   // when its probe, or its time, is over
  TooLarge too_large_;
  base::Seconds metered_;                // monotonic time of the last heartbeat
  base::Seconds listened_;               // to the runner, last
  base::Seconds overslept_{0};           // before that, as this process was stopped
  base::Seconds heeds_{0};               // requests next
  std::set<journal::RequestId> heeded_;  // and not settled
  std::optional<Conclusion> conclusion_;
};

}  // namespace sm2::study
