#include "study/too_large.h"

#include <fmt/format.h>

#include <utility>

#include "strategy/candidates.h"
#include "strategy/memory_need.h"

namespace sm2::study {

void TooLarge::add(trial::TrialId trial, space::Configuration configuration) {
  if (!strategy::batch_size(configuration)) return;
  std::erase_if(failed_, [&](const Failed& known) {
    return strategy::needs_no_less_memory(known.configuration, configuration);
  });
  failed_.push_back({trial, std::move(configuration)});
}

std::optional<trial::Outcome> TooLarge::outcome_of(const space::Configuration& configuration) const {
  for (const Failed& known : failed_) {
    if (!strategy::needs_no_less_memory(configuration, known.configuration)) continue;
    return trial::OutOfMemory{fmt::format("not started: batch size {:g} did not fit already (trial {})",
                                          *strategy::batch_size(known.configuration), known.trial)};
  }
  return {};
}

}  // namespace sm2::study
