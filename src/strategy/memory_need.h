// Which configurations need no less memory than another, whatever the program: those with a batch size at least as large and
// the same settings otherwise. Settings that are known by their names to be mere numbers of the training (a rate, a decay, a
// seed) may differ, or be absent from one, but for 0 and another value: a momentum of 0 needs no buffer. Any other
// setting may be a width, a depth or a length, and says nothing unless it is the same.
#pragma once

#include "space/configuration.h"

namespace sm2::strategy {

// So that where `failed` did not fit, `configuration` does not either. False where one has no batch_size.
bool needs_no_less_memory(const space::Configuration& configuration, const space::Configuration& failed);

}  // namespace sm2::strategy
