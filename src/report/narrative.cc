#include "report/narrative.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/match.h"
#include "base/units.h"
#include "report/printable.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

using journal::StudyState;
using journal::Trial;
using journal::TrialState;
using Lines = std::vector<Line>;

std::string because(const std::string& reason) { return reason.empty() ? "" : ": " + reason; }

Lines dropped(const trial::Drop& drop, const StudyState& state) {
  const Trial& trial = state.trials.at(drop.trial);
  if (!journal::eligible(trial)) return {};  // told when it failed, or was stopped
  return {{Tone::kWarning,
           fmt::format("trial {} dropped{} ({})", drop.trial, because(drop.reason), text(used(trial)))}};
}

}  // namespace

std::vector<Line> Narrative::tell(const trial::Event& event, const StudyState& after) {
  Lines lines = std::visit(
      base::Match{
          [&](const trial::Created&) -> Lines {
            return {{Tone::kHeading, fmt::format("study {}: strategy {}, metric {}", spec_->name,
                                                 spec_->strategy, spec_->metric.name)}};
          },
          [&](const trial::Opened&) { return opened(after); },
          [&](const trial::Decided& body) {
            return std::visit(
                base::Match{[&](const trial::Train& decision) { return train(decision, after); },
                            [&](const trial::Drop& decision) { return dropped(decision, after); },
                            [&](const trial::Finish&) { return Lines(); },  // Closed tells
                            [](const trial::Wait&) { return Lines(); }},
                body.decision);
          },
          [&](const trial::Launched& body) { return launched(body); },
          [&](const trial::Evaluated& body) -> Lines {
            return {{Tone::kPlain,
                     fmt::format("trial {}  {}  {} {}  {}", body.trial, amount(body.evaluation.resource),
                                 spec_->metric.name, metric_text(metric(*spec_, body.evaluation)),
                                 text(used(after.trials.at(body.trial))))}};
          },
          [](const trial::Checkpointed&) { return Lines(); }, [](const trial::Metered&) { return Lines(); },
          [&](const trial::Exited& body) { return exited(body, after); },
          [&](const trial::Closed& body) { return closed(body, after); },
          [](const trial::Requested& body) -> Lines {
            return {{Tone::kWarning,
                     fmt::format("trial {}: {}, as the user wants", body.trial, trial::name(body.wish))}};
          }},
      event.body);
  for (Line& line : lines) line.text = printable(line.text);
  return lines;
}

std::vector<Line> Narrative::opened(const StudyState& state) {
  Lines lines;
  if (!state.trials.empty()) {
    const Summary summary = summarize(*spec_, state, false);  // nothing runs yet
    lines.push_back({Tone::kHeading, fmt::format("study {} goes on: trials {}; energy so far {}", spec_->name,
                                                 text(summary.trials), text(summary.total))});
    for (const auto& [id, trial] : state.trials) rung_ = std::max(rung_, trial.rung());
  }
  const std::string sources = fmt::format("{}", fmt::join(state.sources, "; "));
  lines.push_back({Tone::kQuiet, "energy from " + (sources.empty() ? "what workers read" : sources)});
  if (state.grid) {
    lines.push_back({Tone::kQuiet, fmt::format("carbon at {:.4g} gCO2e/kWh ({})", state.grid->grams_per_kwh,
                                               state.grid->origin)});
  }
  return lines;
}

std::vector<Line> Narrative::train(const trial::Train& train, const StudyState& state) {
  Lines lines;
  if (train.rung > rung_) {
    lines.push_back({Tone::kHeading, rung_finished(train.rung, state)});
    rung_ = train.rung;
  }
  announced_.insert(train.trial);
  const bool first = state.trials.at(train.trial).segments.size() == 1;
  const std::string limit = train.probe ? ", a probe of " + base::format(*train.probe) : "";
  lines.push_back(
      {Tone::kPlain, fmt::format("trial {} {} to {}{}: {}", train.trial, first ? "starts" : "goes on",
                                 amount(train.until), limit, trial::describe(train))});
  return lines;
}

std::vector<Line> Narrative::launched(const trial::Launched& launched) {
  if (announced_.erase(launched.trial) > 0) return {};
  return {{Tone::kPlain,
           launched.checkpoint
               ? fmt::format("trial {} resumed from checkpoint {}", launched.trial, *launched.checkpoint)
               : fmt::format("trial {} started again, it had no checkpoint", launched.trial)}};
}

std::vector<Line> Narrative::exited(const trial::Exited& exited, const StudyState& state) const {
  const Trial& trial = state.trials.at(exited.trial);
  const std::string note = exited.note.empty() ? "" : "; " + exited.note;
  const auto line = [&](Tone tone, const std::string& what) -> Lines {
    return {{tone, fmt::format("trial {} {}, {}{}", exited.trial, what, text(used(trial)), note)}};
  };
  const trial::Outcome& outcome = exited.stretch.outcome;
  if (!trial::usable(outcome) && !std::holds_alternative<trial::Interrupted>(outcome)) {
    return line(Tone::kBad, trial::describe(outcome));
  }
  if (std::holds_alternative<trial::Interrupted>(outcome)) {
    const bool held = trial.wish == trial::Wish::kPause;
    return line(Tone::kWarning, held ? "paused by the user, until sm2 resume" : "interrupted");
  }
  if (std::holds_alternative<trial::Paused>(outcome)) {
    return line(Tone::kQuiet, "paused at " + amount(exited.stretch.reached));
  }
  if (std::holds_alternative<trial::Stopped>(outcome)) return line(Tone::kQuiet, trial::describe(outcome));
  return line(Tone::kGood, "finished at " + amount(exited.stretch.reached));
}

std::vector<Line> Narrative::closed(const trial::Closed& closed, const StudyState& state) const {
  const Summary summary = summarize(*spec_, state, false);
  Lines lines;
  if (summary.decided) {
    const Trial& winner = state.trials.at(*summary.best);
    lines.push_back({Tone::kGood, fmt::format("winner: trial {} with {}, {} {}", winner.id,
                                              space::describe(winner.configuration), spec_->metric.name,
                                              metric_text(metric(*spec_, winner)))});
  }
  const Tone tone = closed.state == "finished" ? Tone::kHeading : Tone::kWarning;
  lines.push_back(
      {tone, fmt::format("study {}{}; energy {}, {} of it in dropped trials", closed.state,
                         because(closed.reason), text(summary.total), share_text(summary.dropped_share))});
  return lines;
}

// Told when the first trial is sent to the next rung; with strategies that promote early, others still run.
std::string Narrative::rung_finished(int next, const StudyState& state) const {
  int seen = 0;
  int running = 0;
  int left = 0;
  for (const auto& [id, trial] : state.trials) {
    const auto in_last = [&](const journal::Segment& segment) { return segment.train.rung == next - 1; };
    if (!std::ranges::any_of(trial.segments, in_last)) continue;
    ++seen;
    if (trial.state == TrialState::kRunning && trial.rung() < next) ++running;
    if (trial.state == TrialState::kStopped || trial.state == TrialState::kFailed) ++left;
  }
  const std::string still = running > 0 ? fmt::format(", {} still running", running) : "";
  return fmt::format("rung {} {}: {} of {} trials dropped{}; energy so far {}", next - 1,
                     running > 0 ? "promotes" : "finished", left, seen, still,
                     text(summarize(*spec_, state, true).total));
}

std::string Narrative::amount(double resource) const { return resource_text(resource, spec_->resource.unit); }

}  // namespace sm2::report
