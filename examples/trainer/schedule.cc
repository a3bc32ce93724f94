#include "schedule.h"

#include <sm2/schedule.h>

namespace trainer {

double scheduled_rate(const Settings& settings, std::int64_t step, std::int64_t steps) {
  sm2::Schedule schedule = sm2::Schedule::named(settings.schedule);
  schedule.high = settings.learning_rate;
  schedule.low = schedule.shape == sm2::Schedule::Shape::kOneCycle ? settings.learning_rate / 25 : 0;
  schedule.cycle_steps = static_cast<double>(steps);
  return schedule.at(step);
}

}  // namespace trainer
