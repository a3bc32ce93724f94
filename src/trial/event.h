// The events of a study: everything that happened, in order. The journal keeps them; the state of a study is
// their fold (journal/state.h) and nothing else. docs/journal.md documents how they are stored.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/quantity.h"
#include "footprint/footprint.h"
#include "trial/decision.h"
#include "trial/device.h"
#include "trial/report.h"
#include "trial/request.h"

namespace sm2::trial {

struct Created {                            // first event of a study
  std::string file;                         // the study file's text; the study is this text
  std::string experience = {};              // of earlier studies, that it began with: JSON; empty: none
  std::optional<base::Joules> energy = {};  // that the strategy was told it may spend
};
struct Opened {         // a tuner began, or went on with, the study
  std::string version;  // of sm2
  std::string host;
  long process = 0;
  std::vector<std::string> sources;              // of energy, described
  std::optional<footprint::Grid> grid = {};      // of the energy from here to the next Opened, where known
  std::optional<footprint::Price> price = {};    // likewise
  std::map<std::string, base::Watts> idle = {};  // by domain, measured before or stated by the user
  std::string hardware = {};  // of the tuner's machine (meter/hardware.h); empty: not known
};
struct Decided {
  Decision decision;  // Train, Drop or Finish
};
struct Launched {  // the process of the current Train was started
  TrialId trial = 0;
  std::optional<std::string> checkpoint;  // that it goes on from
  std::optional<Devices> devices = {};    // that it is given; absent: it may use all of the machine
  std::string hardware = {};              // that it runs on; empty: that of the session's Opened
};
struct Evaluated {
  TrialId trial = 0;
  Evaluation evaluation;
};
struct Checkpointed {
  TrialId trial = 0;
  std::string name;
  double resource = 0;
};
struct Metered {  // now and then while a process runs, so that little is lost when the tuner is killed
  TrialId trial = 0;
  Energy energy;          // of the trial since its very beginning
  base::Seconds seconds;  // likewise
};
struct Exited {  // the process ended; an outcome other than Interrupted ends the stretch
  TrialId trial = 0;
  Stretch stretch;
  std::string note;  // what else is worth knowing: processes it left behind, output cut short
};
struct Requested {  // the user asked for it (trial/request.h)
  TrialId trial = 0;
  Wish wish = Wish::kPause;
};
struct Closed {       // the tuner ended in order, or waits to be told to go on
  std::string state;  // "finished", "interrupted", "budget", "paused"
  std::string reason;
  std::optional<TrialId> winner;
};

using EventBody = std::variant<Created, Opened, Decided, Launched, Evaluated, Checkpointed, Metered, Exited,
                               Closed, Requested>;

struct Event {
  base::Seconds time;  // Unix time
  EventBody body;
};

}  // namespace sm2::trial
