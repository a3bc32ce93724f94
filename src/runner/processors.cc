#include "runner/processors.h"

#include <sched.h>

#include <algorithm>
#include <map>

namespace sm2::runner {

Processors may_use() {
  cpu_set_t set;
  CPU_ZERO(&set);
  Processors usable;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return usable;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (CPU_ISSET(processor, &set)) usable.push_back(processor);
  }
  return usable;
}

Processors choose(const Processors& usable, std::size_t count, const std::vector<Processors>& taken) {
  if (usable.size() <= count) return {};
  std::map<int, int> trials;
  for (const Processors& one : taken) {
    for (const int processor : one) ++trials[processor];
  }
  Processors chosen = usable;
  std::ranges::stable_sort(chosen, {}, [&](int processor) { return trials[processor]; });
  chosen.resize(count);
  std::ranges::sort(chosen);
  return chosen;
}

}  // namespace sm2::runner
