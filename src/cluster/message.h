// What a study's tuner and its workers say to one another, as text for a mailbox: JSON objects, documented in
// docs/cluster.md. Text from the store is not trusted: what is not understood is an error.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "runner/runner.h"
#include "trial/energy.h"

namespace sm2::cluster {

// From the tuner.
struct Start {
  runner::Job job;
  base::Seconds
      heard;  // when the worker, by its own clock, said last that it is there: what is older than kForsaken is void
};
struct Answer {
  runner::TrialId trial = 0;
  trial::Action action = trial::Action::kContinue;
};
struct End {
  runner::TrialId trial = 0;
  trial::Action action = trial::Action::kPause;
};
struct Over {  // the study has ended, and workers are wanted no more
  std::string why;
};

// From a worker.
struct Present {   // said again every kHeartbeat
  int places = 1;  // trials that it runs at a time
  std::string host;
  long process = 0;
  base::Seconds said;         // when, by its own clock
  std::string hardware = {};  // of its machine (meter/hardware.h)
};
struct Heard {  // of a trial, which had used so much since its process started
  runner::TrialId trial = 0;
  trial::Energy energy;
  std::vector<runner::Event> events;  // of this trial, in order; none: only the energy is told
};
struct Left {};  // in order: its trials have ended

using Message = std::variant<Start, Answer, End, Over, Present, Heard, Left>;

std::string encode(const Message& message);
base::Result<Message> decode(std::string_view text);

// How often a worker says that it is there. One that has not reached its tuner for kAlone pauses its trials; after kForsaken it
// kills them, so that they can be gone on with elsewhere when it has been silent for kGone.
inline constexpr base::Seconds kHeartbeat{2}, kAlone{10}, kForsaken{20}, kGone{25};

}  // namespace sm2::cluster
