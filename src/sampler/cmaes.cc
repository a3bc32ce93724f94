// `cmaes`: covariance matrix adaptation evolution strategy (Hansen 2016, arXiv 1604.00772;
// sampler/adapting_normal.h) with margin for whole numbers and ordered choices (arXiv 2205.13482), restarted
// with twice the population when it has converged (IPOP: Auger and Hansen 2005).
//
// Ordered parameters are its axes, in units. Conditional ones too: while inactive their coordinate has no
// effect and selection is blind to it. Unordered choices are drawn independently, by learnt shares: after a
// generation q <- (1 - c) q + c (weighted share of the value among the better half), never below 1 / (values
// x population). Bounds: a continuous coordinate outside [0, 1] is mirrored at the bound where it is
// evaluated, and learnt from as it was drawn, so that an optimum at a bound looks like any other; a discrete
// one gives the first or last value.
//
// Parallel: a generation ends when as many members were told as its population and as there are pending
// suggestions; so it grows with the number of workers. Members suggested one generation ago still count;
// older ones do not, and nothing is kept of them. Defaults: population 4 + 3 ln n, sigma 0.2, first mean in
// the middle.
#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "base/random.h"
#include "sampler/adapting_normal.h"
#include "sampler/complete.h"
#include "sampler/table.h"
#include "space/unit.h"

namespace sm2::sampler {
namespace {

using Eigen::VectorXd;

constexpr double kSigma = 0.2;
constexpr double kChoiceRate = 0.2;  // c
constexpr int kDoublings = 9;        // of the population, at most

struct Member {
  VectorXd x;                        // of the axes
  std::vector<std::size_t> choices;  // of the unordered parameters
  int generation = 0;                // that it was drawn in
  bool told = false;
  std::optional<double> value;
};

class Cmaes final : public Sampler {
 public:
  Cmaes(space::Space space, std::uint64_t seed) : space_(std::move(space)), random_(seed) {
    for (std::size_t at = 0; at < space_.parameters().size(); ++at) {
      const space::Domain& domain = space_.parameters()[at].domain;
      (space::ordered(domain) ? axes_ : unordered_).push_back(at);
    }
    const double n = static_cast<double>(std::max<std::size_t>(1, space_.parameters().size()));
    population_ = 4 + static_cast<std::size_t>(3 * std::log(n));
    begin(VectorXd::Constant(static_cast<Eigen::Index>(axes_.size()), 0.5));
  }

  space::Configuration suggest(int id) override {
    Member member;
    member.generation = generation_;
    std::vector<double> units(space_.parameters().size());
    if (normal_) {
      member.x = normal_->draw(random_);
      const VectorXd seen = normal_->seen(member.x);
      for (std::size_t at = 0; at < axes_.size(); ++at) {
        const double coordinate = seen[static_cast<Eigen::Index>(at)];
        units[axes_[at]] = continuous(at) ? mirrored(coordinate) : coordinate;
      }
    }
    for (std::size_t at = 0; at < unordered_.size(); ++at) {
      member.choices.push_back(choose(shares_[at]));
      units[unordered_[at]] =
          (static_cast<double>(member.choices.back()) + 0.5) / static_cast<double>(shares_[at].size());
    }
    members_[id] = std::move(member);
    return from_units(space_, units);
  }

  void tell(int id, const Observation& observation) override {
    const auto found = members_.find(id);
    if (found == members_.end()) return;
    Member& member = found->second;
    told_ += !member.told;
    member.told = true;
    member.value = observation.value;
    if (told_ >= population_ && 2 * told_ >= members_.size()) end_generation();
  }

 private:
  void begin(VectorXd mean) {
    members_.clear();
    told_ = 0;
    bests_.clear();
    shares_.clear();
    for (const std::size_t at : unordered_) {
      const auto count = std::get<space::Categorical>(space_.parameters()[at].domain).values.size();
      shares_.emplace_back(count, 1 / static_cast<double>(count));
    }
    if (axes_.empty()) return;
    std::vector<space::Domain> domains;
    for (const std::size_t at : axes_) domains.push_back(space_.parameters()[at].domain);
    normal_.emplace(std::move(domains), std::move(mean), kSigma);
  }

  bool continuous(std::size_t axis) const {
    return !space::cardinality(space_.parameters()[axes_[axis]].domain);
  }

  std::size_t choose(const std::vector<double>& shares) {
    double left = random_.uniform();
    for (std::size_t at = 0; at + 1 < shares.size(); ++at) {
      if (left < shares[at]) return at;
      left -= shares[at];
    }
    return shares.size() - 1;
  }

  void end_generation() {
    std::vector<const Member*> ranked;
    for (const auto& [id, member] : members_)
      if (member.told) ranked.push_back(&member);
    std::ranges::stable_sort(ranked, [](const Member* a, const Member* b) {
      return a->value && (!b->value || *a->value > *b->value);
    });
    const auto usable = static_cast<std::size_t>(
        std::ranges::count_if(ranked, [](const Member* member) { return member->value.has_value(); }));
    if (usable > 0) {
      learn(ranked, usable);
      bests_.push_back(*ranked.front()->value);
    }
    std::erase_if(members_, [&](const auto& entry) {
      return entry.second.told || entry.second.generation < generation_;
    });
    told_ = 0;
    ++generation_;
    if (converged()) restart();
  }

  void learn(const std::vector<const Member*>& ranked, std::size_t usable) {
    if (normal_) {
      std::vector<VectorXd> draws;
      for (const Member* member : ranked) draws.push_back(member->x);
      normal_->update(draws, usable);
    }
    const Recombination recombination(ranked.size(), usable, 1);
    for (std::size_t at = 0; at < unordered_.size(); ++at) {
      std::vector<double>& shares = shares_[at];
      for (double& share : shares) share *= 1 - kChoiceRate;
      for (std::size_t rank = 0; rank < ranked.size() && recombination.weights[rank] > 0; ++rank)
        shares[ranked[rank]->choices[at]] += kChoiceRate * recombination.weights[rank];
      keep_margin(shares);
    }
  }

  void keep_margin(std::vector<double>& shares) const {
    const auto count = static_cast<double>(shares.size());
    const double least = 1 / (count * static_cast<double>(population_));
    double total = 0;
    for (double& share : shares) total += share = std::max(share, least);
    // What is above the least shrinks, so that the shares add up to 1.
    const double factor = (1 - count * least) / (total - count * least);
    for (double& share : shares) share = least + (share - least) * factor;
  }

  // The bests of 10 + 30 n / population generations are all alike, or the distribution is a point.
  bool converged() {
    const std::size_t window = 10 + 30 * space_.parameters().size() / population_;
    while (bests_.size() > window) bests_.pop_front();
    if (normal_ && normal_->collapsed()) return true;
    if (bests_.size() < window) return false;
    const auto [least, most] = std::ranges::minmax(bests_);
    return most - least <= 1e-12 * std::max(std::abs(least), std::abs(most));
  }

  void restart() {
    if (restarts_++ < kDoublings) population_ *= 2;
    VectorXd mean(static_cast<Eigen::Index>(axes_.size()));
    for (double& coordinate : mean) coordinate = random_.uniform();
    begin(std::move(mean));
  }

  space::Space space_;
  base::Random random_;
  std::vector<std::size_t> axes_, unordered_;  // places in space_.parameters()
  std::size_t population_ = 0;
  int generation_ = 0, restarts_ = 0;
  std::optional<AdaptingNormal> normal_;     // absent: no axes
  std::vector<std::vector<double>> shares_;  // of the unordered parameters' values
  std::map<int, Member> members_;            // of this generation, and pending ones of the last
  std::size_t told_ = 0;                     // of members_
  std::deque<double> bests_;                 // of the last generations
};

}  // namespace

std::unique_ptr<Sampler> make_cmaes(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<Cmaes>(space, seed);
}

}  // namespace sm2::sampler
