#include "study/replay.h"

#include "base/match.h"

namespace sm2::study {
namespace {

using trial::TrialId;

// What an event is about, where that is a trial which was decided on before.
std::optional<TrialId> subject(const trial::EventBody& body) {
  return std::visit(base::Match{[](const trial::Created&) { return std::optional<TrialId>(); },
                                [](const trial::Opened&) { return std::optional<TrialId>(); },
                                [](const trial::Decided&) { return std::optional<TrialId>(); },
                                [](const trial::Closed&) { return std::optional<TrialId>(); },
                                [](const auto& about) { return std::optional(about.trial); }},
                    body);
}

// No tuner wrote such an event: somebody else changed the journal, or it was damaged.
base::Result<> possible(const trial::Event& event, const journal::StudyState& before,
                        const std::string& metric) {
  const auto about = subject(event.body);
  const auto trial = about ? before.trials.find(*about) : before.trials.end();
  if (about && (trial == before.trials.end() || trial->second.segments.empty()))
    return base::fail("trial {} was never decided on", *about);
  const auto* evaluated = std::get_if<trial::Evaluated>(&event.body);
  if (evaluated && !evaluated->evaluation.metrics.contains(metric))
    return base::fail("an evaluation of trial {} has no {}", *about, metric);
  return {};
}

base::Result<> tell(const trial::EventBody& body, strategy::Strategy& strategy, Comparable& comparable,
                    const journal::StudyState& after) {
  if (const auto* decided = std::get_if<trial::Decided>(&body)) {
    if (strategy.ask() == decided->decision) return {};
    return base::fail(
        "event {} of the journal is not what this version of sm2 decides; go on with the version "
        "that began the study ({}), or begin a new one under another name",
        after.events, after.version);
  }
  const auto* exited = std::get_if<trial::Exited>(&body);
  if (exited && !std::holds_alternative<trial::Interrupted>(exited->stretch.outcome))
    strategy.tell(exited->trial, comparable.told(exited->trial, exited->stretch));
  return {};
}

}  // namespace

base::Result<journal::StudyState> replay(const journal::Journal& journal, strategy::Strategy& strategy,
                                         Comparable& comparable, Verdicts& verdicts,
                                         const std::string& metric) {
  journal::StudyState state;
  const auto again = [&](const trial::Event& event) -> base::Result<> {
    if (const auto fits = possible(event, state, metric); !fits) {
      return base::fail(
          "event {} of the journal cannot be: {}; the store is damaged: go on from a copy of it, or begin a "
          "new study under another name",
          state.events + 1, fits.error().message);
    }
    state.apply(event);
    comparable.see(event.body, state);
    verdicts.see(event.body, state);
    return tell(event.body, strategy, comparable, state);
  };
  if (auto visited = journal.visit(again); !visited) return tl::unexpected(visited.error());
  return state;
}

}  // namespace sm2::study
