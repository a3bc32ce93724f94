#include "strategy/hyperband.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr double kSlack = 1e-9;  // of powers that should be whole

constexpr std::size_t kMost = std::numeric_limits<trial::TrialId>::max();  // there are no more numbers

std::size_t whole(double count) { return static_cast<std::size_t>(std::min<double>(count, kMost)); }
std::size_t rounded_down(double count) { return whole(std::floor(count * (1 + kSlack))); }
std::size_t rounded_up(double count) { return whole(std::ceil(count * (1 - kSlack))); }

}  // namespace

std::vector<std::vector<BracketRung>> hyperband_brackets(double resource_min, double resource_max,
                                                         double eta) {
  int most = 0;  // s_max
  while (resource_min * std::pow(eta, most + 1) * (1 - kSlack) <= resource_max) ++most;
  std::vector<std::vector<BracketRung>> brackets;
  for (int s = most; s >= 0; --s) {
    const std::size_t candidates = rounded_up((most + 1) / (s + 1) * std::pow(eta, s));
    std::vector<BracketRung> rungs;
    for (int i = 0; i <= s; ++i) {
      const double until = i == s ? resource_max : resource_min * std::pow(eta, most - s + i);
      const std::size_t left = rounded_down(static_cast<double>(candidates) * std::pow(eta, -i));
      rungs.push_back({std::max<std::size_t>(1, left), until});
    }
    brackets.push_back(std::move(rungs));
  }
  return brackets;
}

Hyperband::Hyperband(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler,
                     const Options& options)
    : proposals_(space, std::move(sampler)),
      options_(options),
      round_(hyperband_brackets(options.resource_min, options.resource_max, options.eta)) {
  std::size_t wanted = 0;
  for (const auto& rungs : round_) wanted += rungs.front().candidates;
  if (options.candidates) wanted = static_cast<std::size_t>(*options.candidates);
  most_ = std::min({wanted, kMost, proposals_.limit().value_or(wanted)});
}

trial::Decision Hyperband::ask() {
  if (!drops_.empty()) {
    trial::Drop drop = std::move(drops_.front());
    drops_.pop_front();
    return drop;
  }
  for (auto& [number, bracket] : brackets_) {
    if (auto train = next_of(bracket)) return *train;
  }
  if (open_bracket()) return *next_of(brackets_.rbegin()->second);
  if (!running_.empty()) return trial::Wait{};
  if (!best_) return trial::Finish{{}, "no candidate is left: every one failed or was stopped"};
  return trial::Finish{best_->trial, fmt::format("best of {} candidates in {} brackets", started_, opened_)};
}

bool Hyperband::open_bracket() {
  if (promised_ >= most_) return false;
  Bracket bracket;
  bracket.number = opened_++;
  bracket.rungs = round_[bracket.number % round_.size()];
  bracket.to_start = std::min(bracket.rungs.front().candidates, most_ - promised_);
  double left = static_cast<double>(bracket.to_start);
  for (BracketRung& rung : bracket.rungs) {
    rung.candidates = std::min(rung.candidates, std::max<std::size_t>(1, rounded_down(left)));
    left /= options_.eta;
  }
  promised_ += bracket.to_start;
  brackets_.emplace(bracket.number, std::move(bracket));
  return true;
}

std::optional<trial::Train> Hyperband::next_of(Bracket& bracket) {
  Contender next;
  if (bracket.to_start > 0) {
    --bracket.to_start;
    next.trial = started_++;
    next.configuration = proposals_.next(next.trial);
  } else if (!bracket.to_train.empty()) {
    next = std::move(bracket.to_train.front());
    bracket.to_train.pop_front();
  } else {
    return {};
  }
  ++bracket.running;
  trial::Train train{
      next.trial, next.configuration, static_cast<int>(bracket.rung), bracket.rungs[bracket.rung].until, {},
      {}};
  running_.emplace(next.trial, Running{bracket.number, std::move(next)});
  return train;
}

void Hyperband::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  Running told = std::move(running_.extract(trial).mapped());
  Bracket& bracket = brackets_.at(told.bracket);
  --bracket.running;
  const auto metric = comparable_metric(stretch);
  proposals_.tell(trial, metric, stretch.reached);
  if (const auto place = ranked_metric(stretch)) {
    told.contender.metric = *place;
    bracket.done.push_back(std::move(told.contender));
  } else {
    const std::string why = trial::usable(stretch.outcome) ? options_.metric + " is not finite"
                                                           : trial::describe(stretch.outcome);
    drops_.push_back({trial, std::move(told.contender.configuration),
                      fmt::format("bracket {}, rung {}: {}", bracket.number, bracket.rung, why)});
  }
  if (bracket.running == 0 && bracket.to_start == 0 && bracket.to_train.empty()) end_rung(bracket);
}

void Hyperband::end_rung(Bracket& bracket) {
  std::vector<Contender> ranked = std::exchange(bracket.done, {});
  std::ranges::sort(ranked, [](const Contender& a, const Contender& b) {
    return a.metric > b.metric || (a.metric == b.metric && a.trial < b.trial);
  });
  const bool last = bracket.rung + 1 == bracket.rungs.size();
  if (last && !ranked.empty()) {
    const Contender& first = ranked.front();
    const bool wins =
        first.metric != kSilent && (!best_ || first.metric > best_->metric ||
                                    (first.metric == best_->metric && first.trial < best_->trial));
    if (wins) best_ = first;
  }
  if (last || ranked.empty()) {
    brackets_.erase(bracket.number);
    return;
  }
  const std::size_t share = bracket.rungs[bracket.rung + 1].candidates;
  const std::size_t kept = std::min(ranked.size(), share);
  const double sign = options_.minimized ? -1 : 1;
  for (std::size_t place = 0; place < ranked.size(); ++place) {
    Contender& contender = ranked[place];
    if (place < kept) {
      bracket.to_train.push_back(contender);
    } else {
      drops_.push_back(
          {contender.trial, std::move(contender.configuration),
           fmt::format("bracket {}, rung {}: place {} of {}, {} kept: {} {:.4g} (best kept {:.4g})",
                       bracket.number, bracket.rung, place + 1, ranked.size(), kept, options_.metric,
                       sign * contender.metric, sign * ranked.front().metric)});
    }
  }
  ++bracket.rung;
}

base::Result<std::unique_ptr<Strategy>> make_hyperband(const space::Space& space, const Options& options) {
  if (auto checked = check_sampled_rate("hyperband", options); !checked)
    return tl::unexpected(checked.error());
  auto sampler = sampler::make("random", space, options.seed);
  if (!sampler) return tl::unexpected(sampler.error());
  return std::make_unique<Hyperband>(space, std::move(*sampler), options);
}

}  // namespace sm2::strategy
