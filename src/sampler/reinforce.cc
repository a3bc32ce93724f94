// `reinforce`: policy gradient over the space. Each parameter has a policy of its own (sampler/reinforce.h);
// a trial is one action, and only the policies of its active parameters are moved by it.
//
// Advantage: the value less a running mean, over the running deviation (both with weight 1 / min(trials,
// 20)), at most 2 either way; a failed trial has -2. Rate 0.1, entropy weight 0.01, for choices and widths
// alike.
//
// Parallel: a suggestion keeps its log-probability, and its step is multiplied by min(1, p now / p then), so
// that news of a policy long gone counts little. A later tell of a trial (one of the last 1,000) makes the
// step of the difference.
#include "sampler/reinforce.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "sampler/complete.h"
#include "sampler/table.h"
#include "space/unit.h"

namespace sm2::sampler {
namespace {

constexpr double kRate = 0.1, kEntropy = 0.01;
constexpr double kMostAdvantage = 2;
constexpr double kMemory = 20;  // trials
constexpr std::size_t kKept = 1000;
constexpr double kFirstWidth = 0.3, kLeastWidth = 0.002, kMostWidth = 0.5;

// Mean and deviation of values of which the last kMemory count.
class Baseline {
 public:
  double advantage(double value) const {
    if (count_ < 2 || variance_ <= 0) return 0;
    return std::clamp((value - mean_) / std::sqrt(variance_), -kMostAdvantage, kMostAdvantage);
  }

  void add(double value) {
    const double weight = 1 / std::min(++count_, kMemory);
    const double distance = value - mean_;
    mean_ += weight * distance;
    variance_ = (1 - weight) * (variance_ + weight * distance * distance);
  }

 private:
  double count_ = 0, mean_ = 0, variance_ = 0;
};

struct Action {
  std::vector<std::optional<double>> drawn;  // by parameter; absent: inactive
  double log_probability = 0;
  double advantage = 0;  // that it was already rewarded with
  bool told = false;
};

class Reinforce final : public Sampler {
 public:
  Reinforce(space::Space space, std::uint64_t seed) : space_(std::move(space)), random_(seed) {
    for (const space::Parameter& parameter : space_.parameters()) policies_.emplace_back(parameter.domain);
  }

  space::Configuration suggest(int id) override {
    std::vector<double> drawn, units;
    for (const Policy& policy : policies_) {
      drawn.push_back(policy.draw(random_));
      units.push_back(policy.unit(drawn.back()));
    }
    const space::Configuration configuration = from_units(space_, units);
    Action& action = actions_[id];
    for (std::size_t at = 0; at < drawn.size(); ++at) {
      const bool active = configuration.contains(space_.parameters()[at].name);
      action.drawn.push_back(active ? std::optional(drawn[at]) : std::nullopt);
    }
    action.log_probability = log_probability(action);
    return configuration;
  }

  void tell(int id, const Observation& observation) override {
    const auto found = actions_.find(id);
    if (found == actions_.end()) return;
    Action& action = found->second;
    const double advantage = observation.value ? baseline_.advantage(*observation.value) : -kMostAdvantage;
    if (observation.value) baseline_.add(*observation.value);
    reward(action, advantage - action.advantage);
    action.advantage = advantage;
    told_ += !action.told;
    action.told = true;
    if (told_ >= 2 * kKept) forget();
  }

 private:
  double log_probability(const Action& action) const {
    double sum = 0;
    for (std::size_t at = 0; at < policies_.size(); ++at)
      if (action.drawn[at]) sum += policies_[at].log_probability(*action.drawn[at]);
    return sum;
  }

  void reward(const Action& action, double advantage) {
    const double trust = std::min(1.0, std::exp(log_probability(action) - action.log_probability));
    for (std::size_t at = 0; at < policies_.size(); ++at)
      if (action.drawn[at]) policies_[at].step(*action.drawn[at], trust * advantage, kRate);
  }

  // Leaves the pending actions and the last kKept told ones.
  void forget() {
    std::erase_if(actions_, [&](const auto& entry) {
      if (!entry.second.told || told_ == kKept) return false;
      --told_;
      return true;
    });
  }

  space::Space space_;
  base::Random random_;
  std::vector<Policy> policies_;
  Baseline baseline_;
  std::map<int, Action> actions_;
  std::size_t told_ = 0;  // of actions_
};

std::vector<double> softmax(const std::vector<double>& logits) {
  const double most = *std::ranges::max_element(logits);
  std::vector<double> shares;
  double total = 0;
  for (const double logit : logits) total += shares.emplace_back(std::exp(logit - most));
  for (double& share : shares) share /= total;
  return shares;
}

}  // namespace

Policy::Policy(const space::Domain& domain) : log_width_(std::log(kFirstWidth)) {
  if (!space::ordered(domain)) logits_.resize(std::get<space::Categorical>(domain).values.size());
}

std::vector<double> Policy::shares() const { return logits_.empty() ? logits_ : softmax(logits_); }

double Policy::draw(base::Random& random) const {
  if (logits_.empty()) return mean_ + std::exp(log_width_) * random.normal();
  double left = random.uniform();
  const std::vector<double> all = softmax(logits_);
  std::size_t choice = 0;
  for (; choice + 1 < all.size() && left >= all[choice]; ++choice) left -= all[choice];
  return static_cast<double>(choice);
}

double Policy::unit(double drawn) const {
  if (logits_.empty()) return mirrored(drawn);
  return (drawn + 0.5) / static_cast<double>(logits_.size());
}

double Policy::log_probability(double drawn) const {
  if (!logits_.empty()) return std::log(softmax(logits_)[static_cast<std::size_t>(drawn)]);
  const double z = (drawn - mean_) / std::exp(log_width_);
  return -0.5 * z * z - log_width_ - 0.5 * std::log(2 * std::numbers::pi);
}

void Policy::step(double drawn, double advantage, double rate) {
  if (logits_.empty()) {
    const double z = (drawn - mean_) / std::exp(log_width_);
    mean_ = std::clamp(mean_ + rate * advantage * (drawn - mean_), 0.0, 1.0);
    log_width_ += rate * (advantage * (z * z - 1) / 2 + kEntropy);
    log_width_ = std::clamp(log_width_, std::log(kLeastWidth), std::log(kMostWidth));
    return;
  }
  const std::vector<double> all = softmax(logits_);
  double entropy = 0;
  for (const double share : all) entropy -= share * std::log(share);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const double chosen = static_cast<double>(k) == drawn ? 1 : 0;
    logits_[k] += rate * (advantage * (chosen - all[k]) - kEntropy * all[k] * (std::log(all[k]) + entropy));
  }
}

std::unique_ptr<Sampler> make_reinforce(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<Reinforce>(space, seed);
}

}  // namespace sm2::sampler
