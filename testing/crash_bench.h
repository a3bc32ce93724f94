// One study on fakes, through any number of sessions of which each may die (testing/doom.h) or be told to leave. The journal, the
// disk and the clock outlive a session; the tuner and its programs do not. What it came to is asked of the witness.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/spec.h"
#include "journal/memory.h"
#include "study/study.h"
#include "testing/crash_scenario.h"
#include "testing/doom.h"
#include "testing/fake_clock.h"
#include "testing/fake_disk.h"
#include "testing/fake_requests.h"
#include "testing/witness.h"

namespace sm2::testing {

struct Session {
  int dies_at = Doom::kNever;     // moment
  double part = 0;                // of the wait in which it dies
  int told_after = Doom::kNever;  // looks, to leave
  int told = 1;                   // times: once in order, twice at once
  bool loses_checkpoints = false;
  std::vector<std::pair<int, trial::Request>> asks = {};  // of users, each after so many looks
};

struct SessionEnd {
  base::Result<study::Conclusion> conclusion;
  bool died = false;
  bool stuck = false;         // it did not come to an end
  bool nothing_lost = false;  // no program had done anything that the journal does not know
  int moments = 0;
};

struct Loss {  // joules that a program used and the journal will never know
  trial::TrialId trial = 0;
  base::Joules joules;
  bool died = false;          // in the session of which they are
  bool at_its_start = false;  // of a process, before any reading of the trial that can tell anything
};

class CrashBench {
 public:
  explicit CrashBench(const CrashScenario& scenario);

  SessionEnd run(const Session& session = {});

  const config::Spec& spec() const { return spec_; }
  std::vector<trial::Event> events() const { return *journal_->read(); }
  const Witness& witness() const { return witness_; }
  const std::vector<Loss>& losses() const { return losses_; }
  base::Watts power_of(trial::TrialId trial) const;

 private:
  void add_earlier_study();
  void note_losses(bool died);

  const CrashScenario& scenario_;
  config::Spec spec_;
  FakeClock clock_;
  FakeDisk disk_;
  FakeRequests requests_;
  journal::MemoryStore store_;
  std::unique_ptr<journal::Journal> journal_;
  Witness witness_;
  std::vector<Loss> losses_;
};

}  // namespace sm2::testing
