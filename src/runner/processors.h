// Which logical processors a trial with a limit of them runs on: as many of those that the tuner may use, the ones that
// the fewest other trials were given. A pure function but for may_use().
#pragma once

#include <cstddef>
#include <vector>

namespace sm2::runner {

using Processors = std::vector<int>;  // by the kernel's numbers

// Those that this process may run on; none when the kernel does not tell.
Processors may_use();

// `taken`: what the trials that run were given. Nothing when there are no more than `count`: the limit is kept anyway.
Processors choose(const Processors& usable, std::size_t count, const std::vector<Processors>& taken);

}  // namespace sm2::runner
