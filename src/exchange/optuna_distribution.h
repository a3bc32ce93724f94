// Parameters as Optuna's distributions (optuna/distributions.py): JSON, and a value as the number that stands for it. Optuna has no
// step on a log scale, so that it is left out there; a step that does not lead to the upper bound ends at the last before it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "base/result.h"
#include "space/parameter.h"

namespace sm2::exchange {

nlohmann::json optuna_distribution(const space::Domain& domain);

// The value must be contained in the domain: the number itself, or the place among the choices.
double optuna_number(const space::Domain& domain, const space::Value& value);

// The value that a number stands for in a distribution's JSON, also as Optuna 1 and 2 wrote it. A choice that is
// null is the text "null". Fails, without saying where, on what is no distribution.
base::Result<space::Value> value_of_optuna(std::string_view distribution, double number);

}  // namespace sm2::exchange
