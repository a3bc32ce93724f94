// `tpe`: the tree-structured Parzen estimator. Trials are split into the good ones and the rest; l(x) and
// g(x) are the densities of the two (parzen.h); of 24 draws from l, the one with the largest l(x) / g(x) is
// suggested, which maximises the expected improvement (Bergstra et al. 2011, NeurIPS 24, section 4;
// multivariate kernels as in Falkner et al. 2018, arXiv 1807.01774; which choices matter: Watanabe 2023,
// arXiv 2304.11127).
//
// - Good are the best min(ceil(n / 10), 25) of n trials, compared at one resource (history.h). The k-th best
//   of m weighs ln(m + 1/2) - ln k, scaled so that the mean is 1 (the weights of CMA-ES, arXiv 1604.00772).
//   The rest are all others among the newest 1000, with the pending and the failed: parallel suggestions keep
//   apart (constant liar).
// - A kernel of l is as wide as the good trials are spread along its axis, times m^(-1 / (axes + 4)) (Scott's
//   rule); the kernels of g are wide, for g only has to say where l is not special.
// - The first ten suggestions are random. Afterwards a fifth of them look at one choice only, drawn at
//   random, and at the trials that share it: a choice is worth what it gives when the other parameters suit
//   it, and one that looks bad untuned would not be tried again.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "sampler/history.h"
#include "sampler/parzen.h"
#include "sampler/table.h"

namespace sm2::sampler {
namespace {

constexpr std::size_t kRandomFirst = 10;
constexpr int kDraws = 24;
constexpr std::size_t kMostGood = 25;
constexpr std::size_t kMostRest = 1000;
constexpr double kWidthOfRest = 0.35;
constexpr double kLeastCells = 0.7;   // a kernel on an ordered axis reaches its neighbours
constexpr double kChoiceShare = 0.2;  // of suggestions that look at one choice
constexpr std::size_t kLeastOfChoice = 3;
constexpr int kTries = 50;

// The trials that one suggestion looks at: all, or those with one choice.
struct Slice {
  std::optional<std::size_t> axis;
  double choice = 0;

  bool contains(const Row& row) const { return !axis || row[*axis] == choice; }
};

// The standard deviation along an axis, pulled a little towards that of the uniform distribution.
double spread(const std::vector<double>& units) {
  constexpr double kUniform = 1.0 / 12, kPull = 0.15;
  if (units.size() < 2) return std::sqrt(kUniform);
  const auto count = static_cast<double>(units.size());
  const double mean = std::accumulate(units.begin(), units.end(), 0.0) / count;
  double squares = 0;
  for (const double unit : units) squares += (unit - mean) * (unit - mean);
  return std::sqrt((squares + kPull * kUniform) / (count - 1 + kPull));
}

// Of the good ones, best first.
std::vector<double> rank_weights(std::size_t count) {
  std::vector<double> weights;
  for (std::size_t k = 1; k <= count; ++k)
    weights.push_back(std::log(static_cast<double>(count) + 0.5) - std::log(static_cast<double>(k)));
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(count);
  for (double& weight : weights) weight /= mean;
  return weights;
}

class Tpe final : public Sampler {
 public:
  Tpe(space::Space space, std::uint64_t seed)
      : space_(std::move(space)),
        coordinates_(space_),
        history_(coordinates_.axes().size() + 2),
        all_(coordinates_),
        random_(seed) {
    for (std::size_t axis = 0; axis < coordinates_.axes().size(); ++axis)
      if (coordinates_.axes()[axis].kind == Axis::Kind::kNamed) named_.push_back(axis);
  }

  space::Configuration suggest(int id) override {
    const bool random = history_.told() < kRandomFirst || history_.ranking().size() < 2;
    space::Configuration configuration = random ? space_.sample(random_) : propose(draw_slice());
    const Row row = coordinates_.row(configuration);
    all_.add(row);
    history_.add(id, row);
    return configuration;
  }

  void tell(int id, const Observation& observation) override { history_.tell(id, observation); }

  // Under ids below those of suggestions.
  void recall(const space::Configuration& configuration,
              const std::vector<Observation>& observations) override {
    const int id = std::numeric_limits<int>::min() + static_cast<int>(history_.size());
    const Row row = coordinates_.row(configuration);
    all_.add(row);
    history_.add(id, row);
    for (const Observation& observation : observations) history_.tell(id, observation);
  }

 private:
  Slice draw_slice() {
    if (named_.empty() || random_.uniform() >= kChoiceShare) return {};
    const std::size_t axis = named_[random_.index(named_.size())];
    return {axis, static_cast<double>(random_.index(coordinates_.axes()[axis].values.size()))};
  }

  space::Configuration propose(const Slice& slice) {
    const std::vector<std::size_t> ranked = ranking_of(slice);
    if (slice.axis && ranked.size() < kLeastOfChoice) return sample_from(slice);
    const std::vector<std::size_t> chosen = best_of(slice, ranked);
    Parzen good(coordinates_);
    good.set_widths(widths_of_good(chosen));
    for (const std::size_t place : chosen) good.add(history_.row(place));
    const std::vector<double> of_chosen = rank_weights(chosen.size());
    const Parzen::Weights of_good{1, 0, of_chosen};

    const std::size_t first = history_.size() - std::min(history_.size(), kMostRest);
    const std::vector<double> rest = weights_of_rest(slice, chosen, first);
    const Parzen::Weights of_rest{1, first, rest};
    all_.set_widths(widths_of_rest(rest.size()));

    std::optional<space::Configuration> best;
    double best_ratio = 0;
    for (int k = 0; k < kDraws; ++k) {
      space::Configuration drawn = good.sample(of_good, random_);
      const Row row = coordinates_.row(drawn);
      if (!slice.contains(row)) continue;
      const double ratio = good.log_density(row, of_good) - all_.log_density(row, of_rest);
      if (best && ratio <= best_ratio) continue;
      best_ratio = ratio;
      best = std::move(drawn);
    }
    return best ? *best : sample_from(slice);
  }

  // Random; in the slice, unless it is too rare to be hit.
  space::Configuration sample_from(const Slice& slice) {
    space::Configuration drawn = space_.sample(random_);
    for (int k = 1; k < kTries && !slice.contains(coordinates_.row(drawn)); ++k)
      drawn = space_.sample(random_);
    return drawn;
  }

  std::vector<std::size_t> ranking_of(const Slice& slice) const {
    if (!slice.axis) return history_.ranking();
    std::vector<std::size_t> ranked;
    std::ranges::copy_if(history_.ranking(), std::back_inserter(ranked),
                         [&](std::size_t place) { return slice.contains(history_.row(place)); });
    return ranked;
  }

  // Of all that have a value the best tenth, but no more than half of those that are compared.
  std::vector<std::size_t> best_of(const Slice& slice, std::vector<std::size_t> ranked) const {
    const std::size_t all = slice.axis ? ranked.size() : history_.usable();
    ranked.resize(std::min({(all + 9) / 10, kMostGood, (ranked.size() + 1) / 2}));
    return ranked;
  }

  double shrinkage(double count) const {
    return std::pow(count, -1 / (static_cast<double>(coordinates_.axes().size()) + 4));
  }

  double width(std::size_t axis, double scott, double count, double smoothing) const {
    const Axis& held = coordinates_.axes()[axis];
    if (held.kind == Axis::Kind::kNamed) return smoothing / (count + 1);
    if (held.kind == Axis::Kind::kReal) return scott;
    return std::max(scott, kLeastCells / static_cast<double>(held.values.size()));
  }

  Row widths_of_good(const std::vector<std::size_t>& chosen) const {
    const auto count = static_cast<double>(chosen.size());
    Row widths;
    for (std::size_t axis = 0; axis < coordinates_.axes().size(); ++axis) {
      std::vector<double> units;
      for (const std::size_t place : chosen) {
        const double coordinate = history_.row(place)[axis];
        if (!std::isnan(coordinate)) units.push_back(coordinates_.axes()[axis].unit(coordinate));
      }
      const double scott = std::max(spread(units) * shrinkage(count), 1 / (count + 2));
      widths.push_back(width(axis, scott, count, 2));
    }
    return widths;
  }

  // Changes in steps of a twelfth, since a new width is a new look at every row.
  Row widths_of_rest(std::size_t count) const {
    const double rounded = std::exp2(std::floor(8 * std::log2(static_cast<double>(count))) / 8);
    Row widths;
    for (std::size_t axis = 0; axis < coordinates_.axes().size(); ++axis)
      widths.push_back(width(axis, kWidthOfRest * shrinkage(rounded), rounded, 1));
    return widths;
  }

  std::vector<double> weights_of_rest(const Slice& slice, const std::vector<std::size_t>& chosen,
                                      std::size_t first) const {
    std::vector<double> weights;
    for (std::size_t place = first; place < history_.size(); ++place)
      weights.push_back(slice.contains(history_.row(place)) ? 1 : 0);
    for (const std::size_t place : chosen)
      if (place >= first) weights[place - first] = 0;
    return weights;
  }

  space::Space space_;
  Coordinates coordinates_;
  std::vector<std::size_t> named_;  // axes
  History history_;
  Parzen all_;  // of every suggestion, in the order of history_
  base::Random random_;
};

}  // namespace

std::unique_ptr<Sampler> make_tpe(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<Tpe>(space, seed);
}

}  // namespace sm2::sampler
