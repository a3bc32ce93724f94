// The state of a study: the fold of its events, and nothing else. apply() takes time that does not grow with
// the study, but for the event that finishes it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "footprint/footprint.h"
#include "journal/by_id.h"
#include "journal/journal.h"
#include "trial/event.h"

namespace sm2::journal {

using trial::TrialId;

enum class TrialState {
  kRunning,   // decided on; its process runs, or will when the tuner is there again
  kPaused,    // waits at a checkpoint for more
  kFinished,  // trained as far as it was wanted to, by itself or told to stop
  kStopped,  // dropped by a decision, or still waiting when the study finished with another: then without a reason
  kFailed  // its outcome is not usable
};

// What the energy that was read has cost, at the intensity and the price of the session in which it arrived.
struct Footprint {
  double grams = 0;                    // of CO2 equivalent
  base::Joules without_grid;           // arrived in sessions without a grid: not in `grams`
  std::map<std::string, double> cost;  // by currency
  base::Joules without_price;          // likewise not in `cost`
};

struct Segment {  // one Train decision and what came of it
  trial::Train train;
  std::optional<trial::Outcome> outcome;  // absent while it runs
  trial::Energy energy;                   // of the trial since its very beginning, at the end of the stretch
};

struct Trial {
  TrialId id = 0;
  space::Configuration configuration;
  TrialState state = TrialState::kRunning;
  std::vector<Segment> segments;
  std::vector<trial::Evaluation>
      evaluations;                        // by growing resource; energy is the trial's since its beginning
  trial::Energy energy;                   // of everything it ran so far
  Footprint footprint;                    // of `charged`
  base::Joules charged;                   // its energy as far as it is known
  base::Seconds seconds;                  // likewise
  double resource = 0;                    // the last evaluation's
  std::optional<std::string> checkpoint;  // the last one announced, and where it stands
  double checkpoint_resource = 0;
  std::optional<TrialId> checkpoint_of;  // whose checkpoint it begins with, until it announces one of its own
  std::optional<trial::Devices> devices;  // its processes', each once, the last one's last; absent: any
  std::vector<int> hardware;              // it ran on, as indices of StudyState::hardware; likewise
  bool process_running = false;           // launched and not seen to exit: alive now, or the tuner was killed
  base::Seconds last_heard;               // Unix time of its last event
  trial::Progress progress;               // of the last stretch that knew
  std::string reason;                     // why it was dropped by a decision, or how it failed
  std::string note;
  std::optional<trial::Wish> wish;  // of the user, to pause or to stop it, as long as it holds

  int rung() const { return segments.empty() ? 0 : segments.back().train.rung; }
};

struct StudyState {
  std::string file;                             // the study file's text
  std::string experience;                       // that it began with, as stored
  std::optional<base::Joules> energy_to_spend;  // that its strategy was told
  std::optional<std::string>
      closed;  // state of the last Closed; absent while a tuner works, or after it was killed
  std::string closed_reason;
  std::optional<TrialId> winner;
  std::vector<std::string> sources;     // of energy
  std::optional<footprint::Grid> grid;  // of the last session, likewise price and idle
  std::optional<footprint::Price> price;
  std::map<std::string, base::Watts> idle;
  std::string machine;                   // its hardware; empty: not known
  std::vector<std::string> hardware;     // that trials ran on, in order, each once
  std::vector<footprint::Grid> grids;    // every one that a session had, in order, once
  std::vector<footprint::Price> prices;  // likewise
  Footprint footprint;                   // of all trials
  base::Joules charged;                  // likewise: their energy as far as it is known
  std::size_t unread = 0;                // trials whose energy is unknown since it was last read
  std::string version, host;
  long process = 0;
  base::Seconds created, opened, last_event;  // Unix times
  base::Seconds
      active;  // time that tuners spent on the study, all sessions together, but for that in which a user held up all of it
  std::size_t processes = 0;  // that run, as far as the journal knows
  std::size_t held = 0;       // trials that a user has paused
  ById<Trial> trials;
  std::size_t events = 0;

  void apply(const trial::Event& event);

 private:
  void open(const trial::Opened& opened);
  void launch(Trial& trial, const trial::Launched& launched);
  void inherit(Trial& child, TrialId parent);
  void end(Trial& trial, const trial::Exited& exited);
  void ask(Trial& trial, trial::Wish wish);
  void forget_pause(Trial& trial);
  void spend(Trial& trial, const trial::Energy& energy);
  void close(const trial::Closed& closed);
};

StudyState fold(const std::vector<trial::Event>& events);
base::Result<StudyState> fold(const Journal& journal);

// "running", "finished", "interrupted", "budget", "paused", as stored; "interrupted" also after a tuner was killed is
// for the caller to say, who can see whether it lives.
std::string_view name(TrialState state);  // "running", "paused", "finished", "stopped", "failed"

bool ended(const Trial& trial);     // finished, stopped or failed
bool eligible(const Trial& trial);  // as a winner: neither failed nor withdrawn by the user

// Everything spent: the sum over trials. Unknown when one trial's is unknown.
trial::Energy total_energy(const StudyState& state);
// Energy of the trials that are dropped or failed.
trial::Energy dropped_energy(const StudyState& state);

}  // namespace sm2::journal
