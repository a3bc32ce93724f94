#include "strategy/asha.h"

#include <algorithm>
#include <cmath>

#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr double kSlack = 1e-9;  // a power that should be resource_max is no rung below it

}  // namespace

std::vector<double> rung_resources(const Options& options) {
  std::vector<double> resources;
  for (double k = 0, at = options.resource_min; at < options.resource_max * (1 - kSlack);
       at = options.resource_min * std::pow(options.eta, ++k))
    resources.push_back(at);
  resources.push_back(options.resource_max);
  return resources;
}

Asha::Asha(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler, const Options& options)
    : proposals_(space, std::move(sampler)), configurations_(space.parameters()) {
  const auto wanted = static_cast<std::size_t>(options.candidates.value_or(kAshaCandidates));
  most_ = std::min(wanted, proposals_.limit().value_or(wanted));
  for (const double until : rung_resources(options)) rungs_.push_back({until, TopShare(options.eta), {}});
}

trial::Decision Asha::ask() {
  for (std::size_t rung = rungs_.size() - 1; rung-- > 0;) {
    const auto& waiting = rungs_[rung].waiting;
    if (!waiting.empty() && rungs_[rung].top.holds(waiting.front())) return promote(rung, rung + 1);
  }
  if (rung_of_.size() < most_) return start();
  if (running_ > 0) return trial::Wait{};

  const auto highest = highest_waiting();
  if (!highest) return trial::Finish{{}, "no candidate is left: every one failed or was stopped"};
  if (*highest + 1 < rungs_.size() && !std::exchange(last_call_, true))
    return promote(*highest, rungs_.size() - 1);
  const Ranked& best = rungs_[*highest].waiting.front();
  if (best.metric == kSilent) return trial::Finish{{}, "no candidate has reported its metric"};
  return trial::Finish{best.trial, fmt::format("best of {} at rung {}, of {} candidates",
                                               rungs_[*highest].top.size(), *highest, rung_of_.size())};
}

void Asha::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  --running_;
  Rung& rung = rungs_[static_cast<std::size_t>(rung_of_[static_cast<std::size_t>(trial)])];
  const auto metric = comparable_metric(stretch);
  proposals_.tell(trial, metric, stretch.reached);
  const auto place = ranked_metric(stretch);
  if (!place) return;
  rung.top.add({*place, trial});
  rung.waiting.push_back({*place, trial});
  std::ranges::push_heap(rung.waiting, worse);
}

trial::Train Asha::start() {
  const auto trial = static_cast<trial::TrialId>(rung_of_.size());
  space::Configuration configuration = proposals_.next(trial);
  configurations_.add(configuration);
  rung_of_.push_back(0);
  ++running_;
  return {trial, std::move(configuration), 0, rungs_.front().until, {}, {}};
}

trial::Train Asha::promote(std::size_t from, std::size_t to) {
  auto& waiting = rungs_[from].waiting;
  std::ranges::pop_heap(waiting, worse);
  const trial::TrialId trial = waiting.back().trial;
  waiting.pop_back();
  const auto index = static_cast<std::size_t>(trial);
  rung_of_[index] = static_cast<int>(to);
  ++running_;
  return {trial, configurations_.at(index), rung_of_[index], rungs_[to].until, {}, {}};
}

// A promoted trial has an entry further up, unless it failed there: so the best of the highest rung is here.
std::optional<std::size_t> Asha::highest_waiting() const {
  for (std::size_t rung = rungs_.size(); rung-- > 0;) {
    if (!rungs_[rung].waiting.empty()) return rung;
  }
  return {};
}

base::Result<std::unique_ptr<Strategy>> make_asha(const space::Space& space, const Options& options) {
  if (auto checked = check_sampled_rate("asha", options); !checked) return tl::unexpected(checked.error());
  auto sampler = sampler::make("random", space, options.seed);
  if (!sampler) return tl::unexpected(sampler.error());
  return std::make_unique<Asha>(space, std::move(*sampler), options);
}

}  // namespace sm2::strategy
