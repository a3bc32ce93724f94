// A study told line by line, for people who watch it or read its log later: trials started, resumed,
// evaluated, paused, dropped and failed with the reason, rungs finished, the winner. Feed it every event, in
// order, with the state after it. Lines are printable, without a newline. The spec must outlive it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/spec.h"
#include "journal/state.h"

namespace sm2::report {

enum class Tone { kPlain, kQuiet, kHeading, kGood, kWarning, kBad };

struct Line {
  Tone tone = Tone::kPlain;
  std::string text;
};

class Narrative {
 public:
  explicit Narrative(const config::Spec& spec) : spec_(&spec) {}

  std::vector<Line> tell(const trial::Event& event, const journal::StudyState& after);

 private:
  std::vector<Line> opened(const journal::StudyState& state);
  std::vector<Line> train(const trial::Train& train, const journal::StudyState& state);
  std::vector<Line> launched(const trial::Launched& launched);
  std::vector<Line> exited(const trial::Exited& exited, const journal::StudyState& state) const;
  std::vector<Line> closed(const trial::Closed& closed, const journal::StudyState& state) const;
  std::string rung_finished(int rung, const journal::StudyState& state) const;
  std::string amount(double resource) const;

  const config::Spec* spec_;
  int rung_ = 0;                        // the highest that a trial was sent to
  std::set<trial::TrialId> announced_;  // decided on, not launched yet
};

}  // namespace sm2::report
