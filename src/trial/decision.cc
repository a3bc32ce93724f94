#include "trial/decision.h"

#include <fmt/format.h>

namespace sm2::trial {
std::string describe(const Train& train) {
  if (!train.schedule) return space::describe(train.configuration);
  space::Configuration rest = train.configuration;
  rest.erase("learning_rate");
  const std::string settings = space::describe(rest);
  return fmt::format("{}{}learning_rate={:.3g}..{:.3g} ({})", settings, settings.empty() ? "" : " ",
                     train.schedule->low, train.schedule->high, name(*train.schedule));
}

}  // namespace sm2::trial
