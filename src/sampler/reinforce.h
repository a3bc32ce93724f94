// The policy of `reinforce` for one parameter, and one step of policy gradient on it (Williams 1992, Machine
// Learning 8, sections 4 and 6): a softmax over the values of an unordered choice, a normal distribution in
// the unit for an ordered parameter. With advantage a and rate r, and entropy weight h:
//
//     softmax   logit_k  += r (a ([k chosen] - p_k) - h p_k (ln p_k + H))             H the entropy
//     normal    mean     += r a (x - mean)                                rates scaled by the variance,
//               ln width += r (a (((x - mean) / width)^2 - 1) / 2 + h)    as in Williams' section 6
//
// The width stays between 0.002 and 0.5 and the mean in [0, 1]; a draw outside is mirrored where it is
// evaluated. Pure.
#pragma once

#include <vector>

#include "base/random.h"
#include "space/parameter.h"

namespace sm2::sampler {

class Policy {
 public:
  explicit Policy(const space::Domain& domain);

  // A choice's number, or a coordinate, not yet mirrored.
  double draw(base::Random& random) const;
  double unit(double drawn) const;
  double log_probability(double drawn) const;
  void step(double drawn, double advantage, double rate);

  std::vector<double> shares() const;  // of a choice's values; empty for an ordered parameter

 private:
  std::vector<double> logits_;
  double mean_ = 0.5, log_width_;
};

}  // namespace sm2::sampler
