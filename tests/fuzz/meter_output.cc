#include <cmath>

#include "meter/command/program_meter.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {

void meter_output(std::string_view input) {
  const auto answer = meter::command::parse(input);
  if (!answer) return check_error(answer.error());
  if (const auto* power = std::get_if<base::Watts>(&*answer)) {
    require(std::isfinite(power->value) && *power >= base::Watts(0), "power is finite and not negative");
  } else {
    const auto& counted = std::get<meter::command::Counted>(*answer);
    require(std::isfinite(counted.joules.value) && counted.joules >= base::Joules(0),
            "energy is finite and not negative");
    require(std::isfinite(counted.step.value) && counted.step >= base::Joules(0),
            "the last digit stands for an energy");
  }
}

}  // namespace sm2::fuzz
