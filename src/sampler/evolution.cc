// `evolution`: regularised (aging) evolution (Real et al. 2019, arXiv 1802.01548, algorithm 1). The
// population is the last P told; a parent is the best of S drawn from it; its child differs in one active
// parameter; the oldest dies, however good it is. P = 20, S = 5: smaller than the paper's 100 and 25, for
// studies of hundreds of trials.
//
// Mutation: of an ordered parameter a normal step in the unit, mirrored at the bounds, its deviation drawn
// evenly on a log scale from 0.005 to 0.5 (so that it finds both the region and the place); of an unordered
// one another choice. A step that leaves the value as it was is drawn again, 20 times at most. Units of
// inactive parameters are kept, so they return with their parent.
//
// Until P are told, configurations are random. Failed members are the worst in every tournament.
#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "base/random.h"
#include "sampler/complete.h"
#include "sampler/table.h"
#include "space/unit.h"

namespace sm2::sampler {
namespace {

constexpr std::size_t kPopulation = 20;
constexpr int kTournament = 5;
constexpr double kLeastStep = 0.005, kMostStep = 0.5;
constexpr int kRedraws = 20;

using Units = std::vector<double>;

struct Member {
  int id;
  Units units;
  std::optional<double> value;
};

bool better(const std::optional<double>& a, const std::optional<double>& b) { return a && (!b || *a > *b); }

class Evolution final : public Sampler {
 public:
  Evolution(space::Space space, std::uint64_t seed) : space_(std::move(space)), random_(seed) {}

  space::Configuration suggest(int id) override {
    const Units units =
        population_.size() < kPopulation ? random_units(space_, random_) : child(tournament());
    pending_[id] = units;
    return from_units(space_, units);
  }

  void tell(int id, const Observation& observation) override {
    const auto pending = pending_.find(id);
    if (pending == pending_.end()) {
      const auto member = std::ranges::find(population_, id, &Member::id);
      if (member != population_.end()) member->value = observation.value;
      return;
    }
    population_.push_back({id, std::move(pending->second), observation.value});
    pending_.erase(pending);
    if (population_.size() > kPopulation) population_.pop_front();
  }

 private:
  const Units& tournament() {
    const Member* best = nullptr;
    for (int drawn = 0; drawn < kTournament; ++drawn) {
      const Member& member = population_[random_.index(population_.size())];
      if (!best || better(member.value, best->value)) best = &member;
    }
    return best->units;
  }

  Units child(const Units& parent) {
    const space::Configuration before = from_units(space_, parent);
    if (before.empty()) return parent;
    Units units = parent;
    for (int redraw = 0; redraw < kRedraws; ++redraw) {
      units = parent;
      mutate(units, before);
      if (from_units(space_, units) != before) break;
    }
    return units;
  }

  void mutate(Units& units, const space::Configuration& before) {
    std::vector<std::size_t> active;
    for (std::size_t at = 0; at < units.size(); ++at)
      if (before.contains(space_.parameters()[at].name)) active.push_back(at);
    const std::size_t at = active[random_.index(active.size())];
    if (!space::ordered(space_.parameters()[at].domain)) {
      units[at] = random_.uniform();
      return;
    }
    const double step = kLeastStep * std::pow(kMostStep / kLeastStep, random_.uniform());
    units[at] = mirrored(units[at] + step * random_.normal());
  }

  space::Space space_;
  base::Random random_;
  std::map<int, Units> pending_;
  std::deque<Member> population_;  // oldest first
};

}  // namespace

std::unique_ptr<Sampler> make_evolution(const space::Space& space, std::uint64_t seed) {
  return std::make_unique<Evolution>(space, seed);
}

}  // namespace sm2::sampler
