#include "study/replay.h"

namespace sm2::study {

base::Result<journal::StudyState> replay(const std::vector<trial::Event>& events,
                                         strategy::Strategy& strategy, Verdicts& verdicts) {
  journal::StudyState state;
  for (const trial::Event& event : events) {
    state.apply(event);
    verdicts.see(event.body, state);
    if (const auto* decided = std::get_if<trial::Decided>(&event.body)) {
      if (strategy.ask() == decided->decision) continue;
      return base::fail(
          "event {} of the journal is not what this version of sm2 decides; go on with the version that "
          "began the study "
          "({}), or begin a new one under another name",
          state.events, state.version);
    }
    const auto* exited = std::get_if<trial::Exited>(&event.body);
    if (!exited || std::holds_alternative<trial::Interrupted>(exited->stretch.outcome)) continue;
    strategy.tell(exited->trial, exited->stretch);
  }
  return state;
}

}  // namespace sm2::study
