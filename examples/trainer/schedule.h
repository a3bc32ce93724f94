// The learning rate of a training that no tuner's schedule steers, over all its steps: a schedule of
// sm2/schedule.h as one cycle. constant stays at the rate; cosine falls from it to 0; one-cycle rises to it
// from a 25th in three tenths of the steps, and falls to a 250,000th (the numbers of PyTorch's OneCycleLR).
#pragma once

#include <cstdint>

#include "trainer.h"

namespace trainer {

double scheduled_rate(const Settings& settings, std::int64_t step, std::int64_t steps);

}  // namespace trainer
