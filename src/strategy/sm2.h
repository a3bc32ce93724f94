// `sm2`: sm2-classic behind a probe. The probe trains every candidate for a moment, smallest batch first, and
// learns what a sample costs; the training is kept. Candidates that differ in batch size alone are compared
// by what theory leaves possible (gradient noise scale, McCandlish et al. 2018, arXiv 1812.06162): a larger
// batch never needs fewer samples, a smaller one never fewer steps. So a larger batch that does not use fewer
// joules per sample cannot pay, nor can a smaller one that does not use fewer joules per step; such
// candidates are dropped. When a batch does not fit into memory, those that need no less (strategy/memory_need.h) are not
// tried.
#pragma once

#include <deque>
#include <memory>

#include "strategy/sm2_classic.h"

namespace sm2::strategy {

class Sm2 final : public Strategy {
 public:
  Sm2(std::vector<Entry> entries, const space::Space& space, const Options& options);

  trial::Decision ask() override;
  void tell(trial::TrialId trial, const trial::Stretch& stretch) override;
  Verdict judge(trial::TrialId trial, const trial::Stretch& so_far) override;

 private:
  void end_probe();
  void drop(std::size_t at, std::string reason);
  bool comparable(const Entry& a, const Entry& b) const;

  Options options_;
  space::Space space_;
  std::vector<Entry> entries_;  // smallest batch first
  std::vector<bool> dropped_;
  std::size_t next_ = 0;  // to be probed
  std::size_t running_ = 0;
  std::deque<trial::Drop> drops_;
  std::unique_ptr<Sm2Classic> race_;  // after the probe
};

}  // namespace sm2::strategy
