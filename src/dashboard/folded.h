// One study as its events have made it, and where in them each trial was changed last.
#pragma once

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "report/checkpoints.h"
#include "report/course.h"
#include "report/power.h"
#include "report/summary.h"
#include "report/terminal.h"

namespace sm2::dashboard {

// What a list says of a study.
struct Row {
  std::string study;
  std::string trouble;  // why nothing more is known of it; else empty
  std::string state;
  bool ended = false;  // its tuner has, so that none works on it
  bool tuner_alive = false;
  report::Summary summary;
  std::string metric;  // its name
  bool maximize = true;
  std::optional<double> best;          // metric
  std::optional<double> carbon_grams;  // of everything
  base::Seconds created, active, last_event;
  std::size_t events = 0;
  std::string json;  // as in sm2 list --json
};

class Folded {
 public:
  explicit Folded(std::string name) : study{std::move(name), {}, {}, false} {}

  // Applies the events that are new. Fails where they, or the study file that they hold, cannot be read.
  base::Result<> read_on(const journal::Journal& journal, const std::string& store);

  // As of `after` events: the trials that were changed since, the one that was changed first first.
  std::vector<std::pair<std::size_t, trial::TrialId>> changed_after(std::size_t after) const;

  std::string state() const { return report::study_state(study.state, study.tuner_alive); }
  std::string tag() const;  // another one whenever anything of the study is different

  report::Study study;
  report::Course course;
  report::Power power;
  report::Checkpoints checkpoints;
  mutable std::shared_mutex mutex;  // of the whole

 private:
  base::Result<> read_spec(const std::string& store);

  std::map<trial::TrialId, std::size_t> changed_;  // by number of the event
};

bool ended(const journal::StudyState& state);  // by its tuner, which is then gone

Row row_of(const Folded& folded);

}  // namespace sm2::dashboard
