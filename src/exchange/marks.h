// What other programs call things by: dates in UTC, identifiers that are the same at every export, and whole steps for
// resources.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "report/terminal.h"

namespace sm2::exchange {

// "2026-03-01" + separator + "14:05:09", and with `micros` six digits of the second more.
std::string utc(base::Seconds unix_time, char separator, bool micros);

std::int64_t milliseconds(base::Seconds unix_time);

// 32 hexadecimal digits: of the study's name and first moment, and the number of the trial.
std::string trial_mark(const report::Study& study, trial::TrialId trial);
std::string study_mark(const report::Study& study);

// The steps of a trial's evaluations: their resources where those are whole numbers in the whole study, else 1, 2, 3, ...
class Steps {
 public:
  explicit Steps(const journal::StudyState& state);
  std::vector<std::int64_t> of(const journal::Trial& trial) const;

 private:
  bool by_resource_;
};

}  // namespace sm2::exchange
