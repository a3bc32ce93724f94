#include "report/ahead.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "report/figures.h"

namespace sm2::report {
namespace {

using base::Joules;
using base::Seconds;
using journal::Trial;
using journal::TrialState;

std::string at_most(const config::Spec& spec) { return spec.metric.target ? "at most " : ""; }

// Of the one trial that runs, from the units that it has behind it; nothing once it has used more than that says.
std::optional<std::string> end_of_stretch(const config::Spec& spec, const Trial& trial) {
  if (trial.evaluations.empty() || trial.segments.front().train.parent) return {};
  const trial::Evaluation& last = trial.evaluations.back();
  const trial::Train& train = trial.segments.back().train;
  const auto then = trial::total(last.energy), now = trial::total(trial.energy);
  if (train.probe || !then || !now || last.resource <= 0) return {};
  const double share = train.until / last.resource;
  const Joules energy = *then * share - *now;
  const Seconds time = last.seconds * share - trial.seconds;
  if (!(energy > Joules(0) && time > Seconds(0))) return {};
  return fmt::format("trial {} to {}: {}about {} and {}, as its {} took", trial.id,
                     resource_text(train.until, spec.resource.unit), at_most(spec), base::format(energy),
                     base::format(time), resource_text(last.resource, spec.resource.unit));
}

struct Range {
  double least = 0, most = 0;
  void add(double value, bool first) {
    least = first ? value : std::min(least, value);
    most = first ? value : std::max(most, value);
  }
};

template <class Quantity>
std::string text(Range each, double many, double begun) {
  const auto in_all = [&](double one) { return Quantity(std::max(0.0, one * many - begun)); };
  const std::string least = base::format(in_all(each.least)), most = base::format(in_all(each.most));
  return least == most ? least : least + " to " + most;
}

// Of a strategy that trains so many trials to the end, and nothing else. Trials at a time share what they use, and one that is
// alone at last has all of it: then the finished ones are no measure.
std::optional<std::string> end_of_trainings(const config::Spec& spec, const journal::StudyState& state,
                                            std::size_t wanted, std::size_t places) {
  constexpr int kEnough = 2;  // to say from what to what
  Range energy, time;
  int finished = 0;
  std::size_t over = 0;
  Joules begun_energy;
  Seconds begun_time;
  for (const auto& [id, trial] : state.trials) {
    if (trial.state == TrialState::kFinished) {
      const auto joules = trial::total(trial.energy);
      if (!joules) return {};
      energy.add(joules->value, finished == 0);
      time.add(trial.seconds.value, finished == 0);
      ++finished;
    }
    if (trial.state == TrialState::kFinished || trial.state == TrialState::kFailed) {
      ++over;
      continue;
    }
    begun_energy += trial::total(trial.energy).value_or(Joules(0));
    begun_time += trial.seconds;
  }
  if (finished < kEnough || over >= wanted || wanted - over < places) return {};
  const auto left = static_cast<double>(wanted - over);
  const auto at_once = static_cast<double>(places);
  return fmt::format("{} of {} trainings to the end: {}{} and {}, as the {} finished ones took",
                     wanted - over, wanted, at_most(spec), text<Joules>(energy, left, begun_energy.value),
                     text<Seconds>(time, left / at_once, begun_time.value / at_once), finished);
}

std::optional<std::string> end_of_budget(const config::Spec& spec, const journal::StudyState& state,
                                         const Live& live) {
  if (!spec.budget.energy || !live.watts || state.unread > 0 || *live.watts <= base::Watts(0)) return {};
  const Joules left = std::max(*spec.budget.energy - state.charged, Joules(0));
  return fmt::format("the energy budget lasts {} at this power",
                     base::format(Seconds(left.value / live.watts->value)));
}

std::vector<const Trial*> running(const journal::StudyState& state) {
  std::vector<const Trial*> found;
  for (const auto& [id, trial] : state.trials) {
    if (trial.state == TrialState::kRunning && trial.process_running && !trial.segments.empty())
      found.push_back(&trial);
  }
  return found;
}

}  // namespace

std::vector<std::string> ahead(const config::Spec& spec, const journal::StudyState& state, const Live& live) {
  std::vector<std::string> all;
  const auto add = [&](std::optional<std::string> text) {
    if (text) all.push_back(*std::move(text));
  };
  if (live.trainings) add(end_of_trainings(spec, state, *live.trainings, live.places));
  if (const auto now = running(state); now.size() == 1) add(end_of_stretch(spec, *now.front()));
  add(end_of_budget(spec, state, live));
  return all;
}

}  // namespace sm2::report
