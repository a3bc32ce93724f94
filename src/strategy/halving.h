// Successive halving with pause and resume (Jamieson and Talwalkar 2016, arXiv 1502.07943): rung i trains
// every candidate that is left to eta^i times the least resource, in random order, each from its checkpoint;
// then floor(n / eta) of the n usable ones are kept, at least one. A single candidate left trains on to the
// most resource. Candidates that fail leave. What "better" means, and which learning-rate schedule a stretch
// follows, is for subclasses to say. With `by_energy`, rungs after the first give every candidate the same energy
// instead, and a trial pauses at its first evaluation past it: a wasteful candidate sees less data. Of a budget of energy
// (options.energy) they take at most half.
#pragma once

#include <deque>
#include <set>

#include "base/random.h"
#include "strategy/strategy.h"

namespace sm2::strategy {

struct Entry {  // a candidate in the race
  trial::TrialId trial = 0;
  space::Configuration configuration;
  double reached = 0;
  std::optional<trial::Stretch> last;
  std::optional<base::Joules> energy_before_rung = base::Joules(0);
};

// Entries for candidates that have not trained yet, trials numbered from 0.
std::vector<Entry> fresh_entries(std::vector<space::Configuration> candidates);

class Halving : public Strategy {
 public:
  Halving(std::vector<Entry> entries, const Options& options, bool by_energy = false);

  trial::Decision ask() final;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) final;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) final;

 protected:
  // Ranks the usable entries of a rung, best first; candidates are indices into `entries`.
  virtual std::vector<objective::Score> rank(const std::vector<const Entry*>& entries) const;
  // Called before an entry trains to `until`, in a rung that began at `from`; `last` when it is to reach the
  // end.
  virtual std::optional<trial::Schedule> schedule(Entry& entry, double from, double until, bool last);

  const Options& options() const { return options_; }
  objective::Candidate candidate(const Entry& entry) const;

 private:
  double until() const;
  void allow_energy();
  void begin_rung();
  void end_rung();
  std::string why_dropped(const Entry& entry, const objective::Score& score, std::size_t place,
                          std::size_t ranked, std::size_t kept, const Entry& best) const;

  Options options_;
  bool by_energy_;
  base::Random random_;
  std::vector<Entry> entries_;  // still in the race
  int rung_ = -1;               // before the first ask
  double rung_start_ = 0;
  std::deque<std::size_t> pending_;  // indices of entries to train in this rung
  std::set<trial::TrialId> running_;
  std::deque<trial::Drop> drops_;
  std::optional<base::Joules> first_rung_,
      allowance_;  // with by_energy: what a candidate used, and may use in this rung
  std::optional<trial::Finish> finish_;
};

}  // namespace sm2::strategy
