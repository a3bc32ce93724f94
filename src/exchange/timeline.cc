#include "exchange/timeline.h"

#include "base/match.h"

namespace sm2::exchange {

void Timeline::apply(const trial::Event& event) {
  const auto seen = [&](trial::TrialId id) -> Trial& {
    const auto [at, fresh] = trials.try_emplace(id);
    if (fresh) at->second.began = event.time;
    if (!at->second.ran) at->second.ended = event.time;
    return at->second;
  };
  const auto heard = [&](trial::TrialId id) -> Trial& {
    Trial& trial = seen(id);
    trial.ran = true;
    trial.ended = event.time;
    return trial;
  };
  std::visit(
      base::Match{[&](const trial::Decided& body) {
                    if (const auto* train = std::get_if<trial::Train>(&body.decision)) seen(train->trial);
                    if (const auto* drop = std::get_if<trial::Drop>(&body.decision)) seen(drop->trial);
                  },
                  [&](const trial::Launched& body) { heard(body.trial); },
                  [&](const trial::Evaluated& body) { heard(body.trial).evaluated.push_back(event.time); },
                  [&](const trial::Checkpointed& body) { heard(body.trial); },
                  [&](const trial::Metered& body) { heard(body.trial); },
                  [&](const trial::Exited& body) { heard(body.trial); }, [](const auto&) {}},
      event.body);
}

}  // namespace sm2::exchange
