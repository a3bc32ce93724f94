// The table of samplers: a name and how one is made. A new sampler is one file, one line here, and one test.
#pragma once

#include "sampler/sampler.h"

#define SM2_SAMPLERS(ROW)                                    \
  ROW("random", make_random)                                 \
  ROW("sobol", make_sobol)                                   \
  ROW("tpe", make_tpe)                                       \
  ROW("cmaes", make_cmaes)                                   \
  ROW("evolution", make_evolution)                           \
  ROW("differential-evolution", make_differential_evolution) \
  ROW("reinforce", make_reinforce)

namespace sm2::sampler {

#define SM2_DECLARE(name, make) Make make;
SM2_SAMPLERS(SM2_DECLARE)
#undef SM2_DECLARE

}  // namespace sm2::sampler
