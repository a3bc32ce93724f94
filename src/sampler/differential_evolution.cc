// `differential-evolution`: a child is a member moved by the difference of two others and crossed with a
// fourth (Storn and Price 1997: rand/1/bin), and takes that one's place in the population if it is no worse:
//
//     v = x_a + F (x_b - x_c);   child_j = v_j with chance CR, and for one j always; else target_j
//
// F is drawn evenly from 0.5 to 1 for each child (dither), CR = 0.9, population 10 + 2 n, at most 60. Every
// parameter is a number in the unit, choices and inactive parameters too (Awad et al. 2021, DEHB, arXiv
// 2105.09821, section 3); a coordinate that leaves [0, 1] is drawn anew, uniformly.
//
// Parallel: targets come in turn; a child is judged against whoever holds the place when it is told. Until
// every place is held, configurations are random. A failed child takes no place except an empty one. A later
// tell of a trial counts while it holds a place.
#include <algorithm>
#include <array>
#include <map>

#include "base/random.h"
#include "sampler/complete.h"
#include "sampler/table.h"

namespace sm2::sampler {
namespace {

constexpr double kLeastF = 0.5, kMostF = 1.0;
constexpr double kCrossover = 0.9;

using Units = std::vector<double>;

struct Member {
  int id = -1;  // no trial: the place is empty
  Units units;
  std::optional<double> value;
};

struct Child {
  std::size_t place;
  Units units;
};

class DifferentialEvolution final : public Sampler {
 public:
  DifferentialEvolution(space::Space space, std::uint64_t seed)
      : space_(std::move(space)),
        random_(seed),
        population_(std::min<std::size_t>(60, 10 + 2 * space_.parameters().size())) {}

  space::Configuration suggest(int id) override {
    const std::size_t place = next_++ % population_.size();
    Units units = held_ < population_.size() ? random_units(space_, random_) : child(place);
    space::Configuration configuration = from_units(space_, units);
    pending_[id] = {place, std::move(units)};
    return configuration;
  }

  void tell(int id, const Observation& observation) override {
    const auto pending = pending_.find(id);
    if (pending == pending_.end()) {
      const auto member = std::ranges::find(population_, id, &Member::id);
      if (member != population_.end()) member->value = observation.value;
      return;
    }
    auto& [place, units] = pending->second;
    const bool room = held_ < population_.size();
    Member& holder = population_[room ? empty_place() : place];
    if (room) ++held_;
    if (room || (observation.value && (!holder.value || *observation.value >= *holder.value)))
      holder = {id, std::move(units), observation.value};
    pending_.erase(pending);
  }

 private:
  std::size_t empty_place() const {
    return static_cast<std::size_t>(std::ranges::find(population_, -1, &Member::id) - population_.begin());
  }

  Units child(std::size_t target) {
    std::array<std::size_t, 4> places{target};
    for (std::size_t drawn = 1; drawn < places.size(); ++drawn) {
      const auto end = places.begin() + static_cast<std::ptrdiff_t>(drawn);
      do {
        places[drawn] = random_.index(population_.size());
      } while (std::find(places.begin(), end, places[drawn]) != end);
    }
    const Units& a = population_[places[1]].units;
    const Units& b = population_[places[2]].units;
    const Units& c = population_[places[3]].units;
    Units units = population_[target].units;
    if (units.empty()) return units;
    const double f = kLeastF + (kMostF - kLeastF) * random_.uniform();
    const std::size_t always = random_.index(units.size());
    for (std::size_t at = 0; at < units.size(); ++at) {
      if (at != always && random_.uniform() >= kCrossover) continue;
      units[at] = a[at] + f * (b[at] - c[at]);
      if (units[at] < 0 || units[at] > 1) units[at] = random_.uniform();
    }
    return units;
  }

  space::Space space_;
  base::Random random_;
  std::vector<Member> population_;
  std::size_t held_ = 0, next_ = 0;
  std::map<int, Child> pending_;
};

}  // namespace

std::unique_ptr<Sampler> make_differential_evolution(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<DifferentialEvolution>(space, seed);
}

}  // namespace sm2::sampler
