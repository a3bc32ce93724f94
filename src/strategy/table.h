// The table of strategies: a name and how one is made. A new strategy is one file, one line here, and one
// test.
#pragma once

#include "strategy/strategy.h"

#define SM2_STRATEGIES(ROW)                                  \
  ROW("sm2", make_sm2)                                       \
  ROW("sm2-classic", make_sm2_classic)                       \
  ROW("successive-halving", make_successive_halving)         \
  ROW("asha", make_asha)                                     \
  ROW("asha-stop", make_asha_stop)                           \
  ROW("hyperband", make_hyperband)                           \
  ROW("bohb", make_bohb)                                     \
  ROW("pbt", make_pbt)                                       \
  ROW("tpe", make_tpe)                                       \
  ROW("cmaes", make_cmaes)                                   \
  ROW("evolution", make_evolution)                           \
  ROW("differential-evolution", make_differential_evolution) \
  ROW("reinforce", make_reinforce)                           \
  ROW("random", make_random)                                 \
  ROW("sobol", make_sobol)                                   \
  ROW("grid", make_grid)

namespace sm2::strategy {

using Make = base::Result<std::unique_ptr<Strategy>>(const space::Space& space, const Options& options);

#define SM2_DECLARE(name, make) Make make;
SM2_STRATEGIES(SM2_DECLARE)
#undef SM2_DECLARE

}  // namespace sm2::strategy
