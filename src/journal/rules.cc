#include "journal/rules.h"

#include <fmt/format.h>

#include "base/match.h"

namespace sm2::journal {
namespace {

using Fault = std::optional<std::string>;
using base::Joules;
using base::Seconds;

constexpr double kSlack = 1e-6;  // of sums of rounded numbers, relatively

bool less(double now, double before) { return now < before - kSlack * (1 + before); }

// Judges one event by the state before it. Of an event that is a trial's, the trial is the subject of the sentence.
class Judge {
 public:
  explicit Judge(const StudyState& before) : before_(before) {}

  Fault operator()(const trial::Created&) const {
    return before_.events == 0 ? Fault() : "the study is created a second time";
  }
  Fault operator()(const trial::Opened&) const { return {}; }
  Fault operator()(const trial::Decided& decided) const {
    return std::visit(base::Match{[this](const trial::Train& train) { return decided_on(train); },
                                  [this](const trial::Finish& finish) { return winner(finish.winner); },
                                  [](const auto&) { return Fault(); }},
                      decided.decision);
  }
  Fault operator()(const trial::Launched& launched) const {
    const Trial* trial = find(launched.trial);
    if (!trial || !in_stretch(*trial)) return "is started, and nothing had decided so";
    if (trial->process_running) return "is started, and its process before has not ended";
    return {};
  }
  Fault operator()(const trial::Evaluated& evaluated) const {
    if (auto wrong = running(evaluated.trial)) return wrong;
    const trial::Evaluation& evaluation = evaluated.evaluation;
    const Trial& trial = before_.trials.at(evaluated.trial);
    if (!trial.evaluations.empty() && evaluation.resource <= trial.resource)
      return fmt::format("is evaluated at {:g}, and was at {:g} already", evaluation.resource,
                         trial.resource);
    return spent(trial, evaluation.energy, evaluation.seconds);
  }
  Fault operator()(const trial::Checkpointed& checkpointed) const { return running(checkpointed.trial); }
  Fault operator()(const trial::Metered& metered) const {
    if (auto wrong = running(metered.trial)) return wrong;
    return spent(before_.trials.at(metered.trial), metered.energy, metered.seconds);
  }
  Fault operator()(const trial::Exited& exited) const {
    const Trial* trial = find(exited.trial);
    if (!trial || !in_stretch(*trial)) return "ends, and had not begun";
    return spent(*trial, exited.stretch.energy, exited.stretch.seconds);
  }
  Fault operator()(const trial::Requested& requested) const {
    return find(requested.trial) ? Fault() : "is asked for, and there is none";
  }
  Fault operator()(const trial::Closed& closed) const { return winner(closed.winner); }

 private:
  const Trial* find(TrialId id) const {
    const auto found = before_.trials.find(id);
    return found == before_.trials.end() ? nullptr : &found->second;
  }
  static bool in_stretch(const Trial& trial) {
    return !trial.segments.empty() && !trial.segments.back().outcome;
  }

  Fault running(TrialId id) const {
    const Trial* trial = find(id);
    return trial && trial->process_running ? Fault() : "says something, and does not run";
  }
  Fault decided_on(const trial::Train& train) const {
    const Trial* trial = find(train.trial);
    if (trial && in_stretch(*trial)) return "is to be trained, and is being trained already";
    if (!trial && train.parent && !find(*train.parent))
      return fmt::format("is to go on from trial {}, which there is not", *train.parent);
    return {};
  }
  Fault winner(std::optional<TrialId> id) const {
    return !id || find(*id) ? Fault() : fmt::format("trial {} is to be the winner, which there is not", *id);
  }
  static Fault spent(const Trial& before, const trial::Energy& energy, Seconds seconds) {
    const auto joules = trial::total(energy);
    if (joules && less(joules->value, before.charged.value))
      return fmt::format("has used {:g} J, and had used {:g} J before", joules->value, before.charged.value);
    if (less(seconds.value, before.seconds.value))
      return fmt::format("has run {:g} s, and had run {:g} s before", seconds.value, before.seconds.value);
    return {};
  }

  const StudyState& before_;
};

std::optional<TrialId> trial_of(const trial::EventBody& body) {
  return std::visit(base::Match{[](const trial::Created&) { return std::optional<TrialId>(); },
                                [](const trial::Opened&) { return std::optional<TrialId>(); },
                                [](const trial::Closed&) { return std::optional<TrialId>(); },
                                [](const trial::Decided& decided) {
                                  const auto* train = std::get_if<trial::Train>(&decided.decision);
                                  return train ? std::optional(train->trial) : std::nullopt;
                                },
                                [](const auto& of_trial) { return std::optional(of_trial.trial); }},
                    body);
}

Fault judged(const StudyState& before, const trial::Event& event) {
  const bool created = std::holds_alternative<trial::Created>(event.body);
  const bool opened = std::holds_alternative<trial::Opened>(event.body);
  if (before.events == 0) return created ? Fault() : "the first event is not the study's creation";
  if (before.closed && !opened) return "something happens after the tuner has ended";
  if (!opened && event.time < before.last_event) return "its time is before that of the event before it";
  auto fault = std::visit(Judge(before), event.body);
  const auto trial = trial_of(event.body);
  return fault && trial ? fmt::format("trial {} {}", *trial, *fault) : fault;
}

}  // namespace

std::optional<Breach> Inspection::next(const trial::Event& event) {
  auto fault = judged(state_, event);
  state_.apply(event);
  if (!fault) return {};
  return Breach{state_.events, *std::move(fault)};
}

}  // namespace sm2::journal
