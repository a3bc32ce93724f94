#include "base/units.h"

#include <cmath>

#include "footprint/footprint.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {
namespace {

template <class Parsed>
void check(const base::Result<Parsed>& parsed) {
  if (!parsed) check_error(parsed.error());
}

// What is read can be shown, and read again as nearly the same.
template <class Quantity>
void check_shown(std::string_view input, base::Result<Quantity> (*parse)(std::string_view), double digit) {
  const auto parsed = parse(input);
  if (!parsed) return check_error(parsed.error());
  require(std::isfinite(parsed->value), "a quantity is finite");
  const auto again = parse(base::format(*parsed));
  require(again.has_value(), "a quantity that is shown can be read");
  const double difference = std::abs(again->value - parsed->value);
  require(difference <= 0.006 * std::abs(parsed->value) + digit, "a quantity is shown to three digits");
}

}  // namespace

void units(std::string_view input) {
  check_shown(input, base::parse_energy, 1e-5);
  check_shown(input, base::parse_power, 1e-2);
  check(base::parse_size(input));
  check(footprint::parse_carbon(input));
  check(footprint::parse_cost(input));
  check(footprint::parse_grid(input));
  check(footprint::parse_price(input));
  const auto duration = base::parse_duration(input);
  check(duration);
  if (duration) require(!has_controls(base::format(*duration)), "a time can be shown");
}

}  // namespace sm2::fuzz
