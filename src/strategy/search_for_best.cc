#include "strategy/search_for_best.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sm2::strategy {
namespace {

// A gain counts from so much of the way from the start to the goal; that there is none is believed after so many whole trainings.
constexpr double kLeastGain = 0.0005;
constexpr int kBelieved = 3;
constexpr double kMargin = 1.3;  // what the running one promises counts so many times
// Before a run goes on, the learning rates next to it are looked at: for one evaluation each, if they promise at least such a share
// of what it does, and the look costs at most such a share of what it needs.
constexpr double kPlausible = 0.4, kLook = 0.2;

// Whole trainings that a study may take for each halving of its settings, times the weight of energy.
constexpr double kTrainings = 0.6;

}  // namespace

SearchForBest::SearchForBest(std::vector<space::Configuration> settings, const Options& options)
    : SettingSearch(std::move(settings), options) {}

std::optional<SearchForBest::Choice> SearchForBest::choose() {
  const auto known = best();
  const std::vector<double> gain = gains(known);
  std::optional<std::size_t> chosen;
  double most = 0;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    if (taken(arm) || gain[arm] < kLeastGain) continue;
    const double worth = gain[arm] / std::sqrt(joules_to_end(arm)) * (goes_on(arm) ? kMargin : 1);
    if (worth <= most) continue;
    most = worth;
    chosen = arm;
  }
  const bool doubted = !chosen && full_ < kBelieved;
  if (doubted) chosen = furthest(known);
  if (!chosen || (known && spent() + joules_to_end(*chosen) > allowed(known->arm))) return {};
  return Choice{doubted ? *chosen : challenger(*chosen, gain).value_or(*chosen)};
}

std::optional<SearchForBest::Best> SearchForBest::best() const {
  std::optional<Best> best;
  for (const Run& run : runs_) {
    if (run.failed || run.seen.empty()) continue;
    const double standing = forecast_->standing(run.arm, run.seen_at / interval_, written(run.seen.back()));
    if (!best || standing > best->standing) {
      best = Best{run.arm, standing, best ? std::optional(best->standing) : std::nullopt};
    } else if (!best->second || standing > *best->second) {
      best->second = standing;
    }
  }
  return best;
}

// The one with the best metric gives that up when it goes on: what it then falls back on is the second.
std::vector<double> SearchForBest::gains(const std::optional<Best>& best) {
  std::vector<double> gains;
  const auto record = best ? std::optional(best->standing) : std::nullopt;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
    const bool holds = best && best->arm == arm;
    gains.push_back(taken(arm) ? 0 : forecast_->gain(arm, record, holds ? best->second : record));
  }
  return gains;
}

// A neighbour of the chosen one that has shown nothing, if it may be about as good and a look at it costs little.
std::optional<std::size_t> SearchForBest::challenger(std::size_t chosen,
                                                     const std::vector<double>& gains) const {
  std::optional<std::size_t> found;
  for (const std::size_t arm : neighbours(chosen)) {
    if (taken(arm) || looked_at(arm) || gains[arm] < kPlausible * gains[chosen]) continue;
    if (look_joules(arm) > kLook * joules_to_end(chosen)) continue;
    if (!found || gains[arm] > gains[*found]) found = arm;
  }
  return found;
}

// Of the runs that may go on, the one that came furthest; the best one keeps what it has, unless it is the only one.
std::optional<std::size_t> SearchForBest::furthest(const std::optional<Best>& best) const {
  std::optional<std::size_t> found;
  double most = 0;
  for (const Run& run : runs_) {
    const bool kept = best && best->arm == run.arm && runs_.size() > 1;
    if (taken(run.arm) || kept || run.reached <= most) continue;
    most = run.reached;
    found = run.arm;
  }
  return found;
}

double SearchForBest::whole_joules(std::size_t arm) const {
  return start_joules() + options_.resource_max * unit_joules(arm);
}

double SearchForBest::joules_to_end(std::size_t arm) const {
  const auto& run = arms_[arm].run;
  const double done = run ? runs_[*run].reached : 0;
  const double joules = (options_.resource_max - done) * unit_joules(arm);
  return run && runs_[*run].running ? joules : joules + start_joules();
}

double SearchForBest::spent() const {
  double joules = 0;
  for (const Run& run : runs_) {
    joules += run.joules;
    if (run.running && !goes_on(run.arm)) joules += joules_to_end(run.arm);
  }
  return joules;
}

double SearchForBest::allowed(std::size_t winner) const {
  if (options_.weights.energy <= 0) return std::numeric_limits<double>::infinity();
  const double halvings = std::log2(std::max<double>(2, static_cast<double>(arms_.size())));
  return kTrainings / options_.weights.energy * halvings * whole_joules(winner);
}

trial::Finish SearchForBest::finish() const {
  const auto known = best();
  if (!known) return {{}, "no candidate is left: every one failed or was stopped"};
  const std::size_t winner = *arms_[known->arm].run;
  return {static_cast<trial::TrialId>(winner),
          fmt::format(
              "the best of {} settings that were trained, for {:.1f} times what a whole training of it takes",
              runs_.size(), spent() / whole_joules(known->arm))};
}

}  // namespace sm2::strategy
