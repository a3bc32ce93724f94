// The figures people ask a study for: which trial is best and the command line to use, what finding it cost,
// and how much of that went into candidates that were dropped. Computed in one pass over the trials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"
#include "report/figures.h"

namespace sm2::report {

struct Counts {
  int running = 0, paused = 0, finished = 0, stopped = 0, failed = 0, interrupted = 0;
  int all() const { return running + paused + finished + stopped + failed + interrupted; }
  bool operator==(const Counts&) const = default;
};

// Nothing spent is 0 J; a trial whose energy is unknown makes every sum that holds it unknown.
struct Summary {
  Counts trials;
  std::optional<trial::TrialId> best;  // the winner once decided, else the best metric among usable trials
  bool decided = false;                // `best` is the winner
  Spent total;
  Spent dropped;                        // in trials that were dropped or failed
  Spent winner;                         // in the winner; unknown until there is one
  Spent training;                       // in the winner's last stretch, likewise
  Spent exploring;                      // everything before that stretch
  Spent known, known_dropped;           // the same sums over trials whose energy is known
  int unknown = 0;                      // trials whose energy is not
  std::optional<double> dropped_share;  // of the total
  trial::Energy energy;                 // of everything, by domain
  journal::Footprint dropped_footprint;
};

// Without a tuner that lives, trials that were training are counted as interrupted.
Summary summarize(const config::Spec& spec, const journal::StudyState& state, bool tuner_alive);

// The study's metric as last reported; may be NaN or infinite, absent before the first evaluation.
std::optional<double> metric(const config::Spec& spec, const trial::Evaluation& evaluation);
std::optional<double> metric(const config::Spec& spec, const journal::Trial& trial);

// Whether its strategy weighs metric, energy and stability; others rank by the metric alone.
bool weighs(const config::Spec& spec);

// What a trial used: nothing when no process of it ever ran.
Spent used(const journal::Trial& trial);

// "running" while a tuner lives, "paused" where that was told to wait, else how the last one left it; "interrupted" after it was
// killed.
std::string study_state(const journal::StudyState& state, bool tuner_alive);

// Why the last tuner ended, or waits; empty while one works, or where it was killed.
std::string closed_reason(const journal::StudyState& state, bool tuner_alive);

// As journal::name() has it; of one that is to train, and has begun to, "paused" where the user wants that, and "interrupted" where
// it has no process, or no tuner that lives.
std::string_view trial_state(const journal::Trial& trial, bool tuner_alive);

// The parameters of a trial, the learning rate as its last stretch followed it.
std::string settings(const journal::Trial& trial);

std::vector<std::string> command(const config::Spec& spec, const journal::Trial& trial);
std::string command_line(const config::Spec& spec, const journal::Trial& trial);  // quoted for a shell

// "6: 1 finished, 5 stopped"
std::string text(const Counts& counts);

}  // namespace sm2::report
