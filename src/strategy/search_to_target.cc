#include "strategy/search_to_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace sm2::strategy {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

constexpr double kMargin = 1.3;  // the running one goes on up to so many times the least forecast
// Before a run goes on, the learning rates next to it are looked at: for one evaluation each, if their forecast is at most so
// many times its own, and the look costs at most such a share of it.
constexpr double kPlausible = 2.5, kLook = 0.12;

// A run is stale when it has shown nothing better for so many evaluations and such a share of the resource before.
constexpr double kStaleEvaluations = 4, kStaleShare = 0.5, kReluctance = 2;
// It is past its best when its last evaluations are all worse than those before.
constexpr std::ptrdiff_t kTrend = 3;
constexpr double kPastReluctance = 8;

constexpr int kFullRuns = 10;

}  // namespace

SearchToTarget::SearchToTarget(std::vector<space::Configuration> settings, const Options& options)
    : SettingSearch(std::move(settings), options) {}

std::optional<SearchToTarget::Choice> SearchToTarget::choose() {
  if (full_ >= kFullRuns) return {};
  std::vector<double> costs;
  for (std::size_t arm = 0; arm < arms_.size(); ++arm)
    costs.push_back(arms_[arm].out ? kNever : forecast_joules(arm));
  const auto least = std::ranges::min_element(costs);
  if (*least == kNever) return {};
  if (const auto arm = to_probe(*least)) return Choice{*arm, true};
  const auto best = static_cast<std::size_t>(least - costs.begin());
  return Choice{challenger(best, costs).value_or(best)};
}

// The largest batch size, where nothing is known of it yet, and a look at what its samples cost is worth its price: two starts, as
// another run makes way for it.
std::optional<std::size_t> SearchToTarget::to_probe(double least) const {
  const auto top = largest();
  if (!top || sizes_[*top].probed || sizes_[*top].sample_joules) return {};
  if (2 * start_joules() + options_.probe.value * watts_ > kLook * least) return {};
  return middle_rate_of(*top);
}

// A neighbour of the best that has shown nothing, if it may be about as good and a look at it costs little.
std::optional<std::size_t> SearchToTarget::challenger(std::size_t best,
                                                      const std::vector<double>& costs) const {
  std::optional<std::size_t> chosen;
  for (const std::size_t arm : neighbours(best)) {
    if (looked_at(arm)) continue;
    if (costs[arm] > kPlausible * costs[best] || look_joules(arm) > kLook * costs[best]) continue;
    if (!chosen || costs[arm] < costs[*chosen]) chosen = arm;
  }
  return chosen;
}

double SearchToTarget::forecast_joules(std::size_t arm) {
  const auto& run = arms_[arm].run;
  const double done = run ? runs_[*run].reached : 0;
  const double joules = forecast_->units_to_target(arm, done / interval_) * interval_ * unit_joules(arm);
  if (!run) return joules + start_joules();
  if (goes_on(arm)) return joules * reluctance(*run) / kMargin;
  return joules * reluctance(*run) + start_joules();
}

// How many times its forecast a run counts as.
double SearchToTarget::reluctance(std::size_t at) const {
  const Run& run = runs_[at];
  if (run.seen_at - run.best_at < std::max(kStaleEvaluations * interval_, kStaleShare * run.best_at))
    return 1;
  if (std::ssize(run.seen) < 2 * kTrend) return kReluctance;
  const auto end = run.seen.end();
  const bool falls = *std::max_element(end - kTrend, end) < *std::min_element(end - 2 * kTrend, end - kTrend);
  return falls ? kPastReluctance : kReluctance;
}

trial::Finish SearchToTarget::finish() const {
  std::optional<std::size_t> best;
  for (std::size_t at = 0; at < runs_.size(); ++at) {
    if (runs_[at].failed || runs_[at].seen.empty()) continue;
    if (!best || runs_[at].seen.back() > runs_[*best].seen.back()) best = at;
  }
  if (!best) return {{}, "no candidate is left: every one failed or was stopped"};
  const auto winner = static_cast<trial::TrialId>(*best);
  if (full_ < kFullRuns) return {winner, "no training reached the target; the best of them"};
  return {winner,
          fmt::format("no training reached the target, and {} went to the end; the best of them", full_)};
}

}  // namespace sm2::strategy
