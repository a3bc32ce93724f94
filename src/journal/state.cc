#include "journal/state.h"

#include <algorithm>

#include "base/match.h"

namespace sm2::journal {
namespace {

using base::Seconds;

void start_segment(Trial& trial, const trial::Train& train) {
  trial.configuration = train.configuration;
  trial.state = TrialState::kRunning;
  trial.segments.push_back({train, {}, {}});
}

void end_segment(Trial& trial, const trial::Exited& exited) {
  trial.process_running = false;
  trial.seconds = exited.stretch.seconds;
  trial.note = exited.note;
  if (std::holds_alternative<trial::Interrupted>(exited.stretch.outcome)) return;
  trial.progress = exited.stretch.progress;
  if (!trial.segments.empty()) {
    trial.segments.back().outcome = exited.stretch.outcome;
    trial.segments.back().energy = exited.stretch.energy;
  }
  if (std::holds_alternative<trial::Withdrawn>(exited.stretch.outcome)) {
    trial.state = TrialState::kStopped;
    trial.reason = trial::describe(exited.stretch.outcome);
  } else if (!trial::usable(exited.stretch.outcome)) {
    trial.state = TrialState::kFailed;
    trial.reason = trial::describe(exited.stretch.outcome);
  } else if (std::holds_alternative<trial::Completed>(exited.stretch.outcome)) {
    trial.state = TrialState::kFinished;
  } else if (std::holds_alternative<trial::Stopped>(exited.stretch.outcome)) {
    trial.state = TrialState::kStopped;
    trial.reason = trial::describe(exited.stretch.outcome);
  } else {
    trial.state = TrialState::kPaused;
  }
}

void hold(Trial& trial, const std::optional<trial::Devices>& devices) {
  if (!devices) return;
  if (!trial.devices) trial.devices.emplace();
  for (const trial::Device& device : *devices) {
    std::erase_if(*trial.devices, [&](const trial::Device& had) { return had.id == device.id; });
    trial.devices->push_back(device);
  }
}

void evaluate(Trial& trial, const trial::Evaluation& evaluation) {
  trial.evaluations.push_back(evaluation);
  trial.resource = evaluation.resource;
  trial.seconds = evaluation.seconds;
  trial.progress = evaluation.progress;
}

void charge(Footprint& footprint, base::Joules energy, const StudyState& session) {
  if (session.grid) {
    footprint.grams += footprint::grams(energy, *session.grid);
  } else {
    footprint.without_grid += energy;
  }
  if (session.price) {
    footprint.cost[session.price->currency] += footprint::cost(energy, *session.price).amount;
  } else {
    footprint.without_price += energy;
  }
}

template <class Rate>
void note_once(std::vector<Rate>& rates, const std::optional<Rate>& rate) {
  if (rate && std::ranges::find(rates, *rate) == rates.end()) rates.push_back(*rate);
}

bool unknown(const trial::Energy& energy) { return !energy.empty() && !trial::total(energy); }

void drop(Trial& trial, const trial::Drop& decision) {
  trial.configuration = decision.configuration;
  if (!eligible(trial)) return;
  trial.state = TrialState::kStopped;
  trial.reason = decision.reason;
}

}  // namespace

void StudyState::open(const trial::Opened& body) {
  closed.reset();
  winner.reset();
  version = body.version;
  host = body.host;
  process = body.process;
  sources = body.sources;
  grid = body.grid;
  price = body.price;
  idle = body.idle;
  note_once(grids, grid);
  note_once(prices, price);
  machine = body.hardware;
}

void StudyState::launch(Trial& trial, const trial::Launched& launched) {
  processes += !trial.process_running;
  trial.process_running = true;
  hold(trial, launched.devices);
  const std::string& on = launched.hardware.empty() ? machine : launched.hardware;
  if (on.empty()) return;
  const auto known = std::ranges::find(hardware, on);
  const int kind = static_cast<int>(known - hardware.begin());
  if (known == hardware.end()) hardware.push_back(on);
  std::erase(trial.hardware, kind);
  trial.hardware.push_back(kind);
}

void StudyState::end(Trial& trial, const trial::Exited& exited) {
  processes -= trial.process_running;
  end_segment(trial, exited);
  forget_pause(trial);
}

void StudyState::ask(Trial& trial, trial::Wish wish) {
  held -= trial.wish == trial::Wish::kPause;
  trial.wish = wish == trial::Wish::kResume ? std::nullopt : std::optional(wish);
  held += trial.wish == trial::Wish::kPause;
}

// What has ended can go on no more.
void StudyState::forget_pause(Trial& trial) {
  if (ended(trial) && trial.wish == trial::Wish::kPause) ask(trial, trial::Wish::kResume);
}

// Energies are counted from the trial's beginning, so what is new is the difference; a reading that is unknown is made
// up for by the next one that is not.
void StudyState::spend(Trial& trial, const trial::Energy& energy) {
  const auto total = trial::total(energy);
  unread -= unknown(trial.energy);
  trial.energy = energy;
  unread += unknown(energy);
  if (!total) return;
  const base::Joules more = *total - trial.charged;
  trial.charged = *total;
  charged += more;
  charge(trial.footprint, more, *this);
  charge(footprint, more, *this);
}

// The checkpoint as it is at the decision: a parent that is trained on in the meantime changes nothing.
void StudyState::inherit(Trial& child, TrialId parent) {
  const auto from = trials.find(parent);
  if (from == trials.end() || !from->second.checkpoint) return;
  child.checkpoint = from->second.checkpoint;
  child.checkpoint_resource = child.resource = from->second.checkpoint_resource;
  child.checkpoint_of = parent;
}

// A finished study trains nothing any more: what waits is left, and a winner that waits was trained as far as it was wanted.
void StudyState::close(const trial::Closed& body) {
  closed = body.state;
  closed_reason = body.reason;
  winner = body.winner;
  if (body.state != "finished") return;
  for (auto& [id, trial] : trials) {
    if (trial.state != TrialState::kRunning && trial.state != TrialState::kPaused) continue;
    trial.state = id == winner ? TrialState::kFinished : TrialState::kStopped;
    forget_pause(trial);
  }
}

void StudyState::apply(const trial::Event& event) {
  const bool opens = std::holds_alternative<trial::Opened>(event.body) || events == 0;
  const bool held_up = processes == 0 && held > 0;
  if (!opens && !held_up) active += Seconds(std::max(0.0, (event.time - last_event).value));
  last_event = event.time;
  ++events;
  const auto at = [&](TrialId id) -> Trial& {
    Trial& trial = trials[id];
    trial.id = id;
    trial.last_heard = event.time;
    return trial;
  };
  std::visit(base::Match{[&](const trial::Created& body) {
                           file = body.file;
                           experience = body.experience;
                           energy_to_spend = body.energy;
                           created = event.time;
                         },
                         [&](const trial::Opened& body) {
                           open(body);
                           opened = event.time;
                         },
                         [&](const trial::Decided& body) {
                           std::visit(
                               base::Match{[&](const trial::Train& train) {
                                             const bool first = !trials.contains(train.trial);
                                             start_segment(at(train.trial), train);
                                             if (first && train.parent)
                                               inherit(trials.at(train.trial), *train.parent);
                                           },
                                           [&](const trial::Drop& d) {
                                             drop(at(d.trial), d);
                                             forget_pause(at(d.trial));
                                           },
                                           [&](const trial::Finish& finish) { winner = finish.winner; },
                                           [](const trial::Wait&) {}},
                               body.decision);
                         },
                         [&](const trial::Launched& body) { launch(at(body.trial), body); },
                         [&](const trial::Evaluated& body) {
                           spend(at(body.trial), body.evaluation.energy);
                           evaluate(at(body.trial), body.evaluation);
                         },
                         [&](const trial::Checkpointed& body) {
                           Trial& trial = at(body.trial);
                           trial.checkpoint = body.name;
                           trial.checkpoint_resource = body.resource;
                           trial.checkpoint_of.reset();
                         },
                         [&](const trial::Metered& body) {
                           Trial& trial = at(body.trial);
                           spend(trial, body.energy);
                           trial.seconds = body.seconds;
                         },
                         [&](const trial::Exited& body) {
                           spend(at(body.trial), body.stretch.energy);
                           end(at(body.trial), body);
                         },
                         [&](const trial::Closed& body) { close(body); },
                         [&](const trial::Requested& body) { ask(at(body.trial), body.wish); }},
             event.body);
}

StudyState fold(const std::vector<trial::Event>& events) {
  StudyState state;
  for (const trial::Event& event : events) state.apply(event);
  return state;
}

base::Result<StudyState> fold(const Journal& journal) {
  StudyState state;
  const auto apply = [&](const trial::Event& event) -> base::Result<> {
    state.apply(event);
    return {};
  };
  if (auto visited = journal.visit(apply); !visited) return tl::unexpected(visited.error());
  return state;
}

std::string_view name(TrialState state) {
  switch (state) {
    case TrialState::kRunning:
      return "running";
    case TrialState::kPaused:
      return "paused";
    case TrialState::kFinished:
      return "finished";
    case TrialState::kStopped:
      return "stopped";
    case TrialState::kFailed:
      return "failed";
  }
  return "unknown";
}

namespace {

template <class Which>
trial::Energy sum(const StudyState& state, Which which) {
  trial::Energy energy;
  for (const auto& [id, trial] : state.trials) {
    if (trial.energy.empty() || !which(trial)) continue;
    energy = trial::combine(energy, trial.energy);
  }
  return energy;
}

}  // namespace

bool eligible(const Trial& trial) {
  if (trial.segments.empty() || !trial.segments.back().outcome) return trial.state != TrialState::kFailed;
  const bool withdrawn = std::holds_alternative<trial::Withdrawn>(*trial.segments.back().outcome);
  return trial.state != TrialState::kFailed && !withdrawn;
}

bool ended(const Trial& trial) {
  return trial.state != TrialState::kRunning && trial.state != TrialState::kPaused;
}

trial::Energy total_energy(const StudyState& state) {
  return sum(state, [](const Trial&) { return true; });
}

trial::Energy dropped_energy(const StudyState& state) {
  return sum(state, [](const Trial& trial) {
    return trial.state == TrialState::kStopped || trial.state == TrialState::kFailed;
  });
}

}  // namespace sm2::journal
