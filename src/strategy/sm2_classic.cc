#include "strategy/sm2_classic.h"

#include <algorithm>

#include "strategy/candidates.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

using Kind = trial::Schedule::Kind;

// Halving by the objective, with the learning rate cycled where `first` says how.
class Race final : public Halving {
 public:
  Race(std::vector<Entry> entries, const Options& options, bool by_energy,
       const std::optional<trial::Schedule>& first, std::map<trial::TrialId, trial::RateBounds> bounds)
      : Halving(std::move(entries), options, by_energy), first_(first), bounds_(std::move(bounds)) {}

 private:
  std::vector<objective::Score> rank(const std::vector<const Entry*>& entries) const override {
    std::vector<objective::Candidate> candidates;
    for (const Entry* entry : entries) candidates.push_back(candidate(*entry));
    return objective::rank(candidates, options().weights);
  }

  std::optional<trial::Schedule> schedule(Entry& entry, double from, double until, bool last) override {
    if (!first_) return {};
    trial::RateBounds& bounds =
        bounds_.try_emplace(entry.trial, trial::RateBounds{first_->low, first_->high}).first->second;
    if (from > 0) bounds = narrowed(bounds, *entry.last);
    const double middle = middle_rate(bounds);
    entry.configuration[kLearningRate] = middle;
    trial::Schedule followed = last ? trial::Schedule{options().schedules.last, bounds.low, bounds.high}
                                    : exploring(bounds, from, until);
    followed.start = from;
    if (!last) return followed;
    followed.cycle = until - from;
    if (followed.kind == Kind::kConstant) followed.low = followed.high = middle;
    return followed;
  }

  trial::Schedule exploring(const trial::RateBounds& bounds, double from, double until) const {
    trial::Schedule followed = *first_;
    followed.low = bounds.low;
    followed.high = bounds.high;
    if (followed.kind == Kind::kRangeTest) {
      followed.kind = Kind::kTriangular;
      followed.cycle = options().schedules.cycle;
    }
    // A rung of equal energy has no end in resource; the median candidate's is where eta leads.
    if (followed.kind == Kind::kOneCycle && from > 0)
      followed.cycle = std::min(until, from * options().eta) - from;
    return followed;
  }

  std::optional<trial::Schedule> first_;
  std::map<trial::TrialId, trial::RateBounds> bounds_;
};

// Trials that were dropped before the race have numbers too.
trial::TrialId after_all(const space::Space& space, const Options& options,
                         const std::vector<Entry>& entries) {
  auto next = static_cast<trial::TrialId>(rung_candidates(space, options).size());
  for (const Entry& entry : entries) next = std::max(next, entry.trial + 1);
  return next;
}

}  // namespace

std::optional<trial::Schedule> first_schedule(const space::Space& space, const Options& options) {
  if (!options.cycle_learning_rate) return {};
  const auto& rate = std::get<space::Real>(space.find(kLearningRate)->domain);
  const trial::SchedulePlan& plan = options.schedules;
  const bool whole_rung = plan.explore == Kind::kOneCycle || plan.explore == Kind::kRangeTest;
  trial::Schedule first{plan.explore, rate.low, rate.high, 0,
                        whole_rung ? std::min(options.resource_min, options.resource_max) : plan.cycle};
  first.log = rate.scale == space::Scale::kLog;
  if (plan.explore == Kind::kExpRange) first.gamma = plan.gamma;
  return first;
}

Sm2Classic::Sm2Classic(std::vector<Entry> entries, const space::Space& space, const Options& options,
                       bool by_energy)
    : options_(options), first_(first_schedule(space, options)), by_energy_(by_energy) {
  if (!first_ || first_->kind != Kind::kRangeTest) {
    begin_race(std::move(entries), {});
    return;
  }
  const trial::TrialId next = after_all(space, options, entries);
  test_.emplace(std::move(entries), *first_, next, options.seed);
  if (test_->over()) end_test();
}

void Sm2Classic::begin_race(std::vector<Entry> entries, std::map<trial::TrialId, trial::RateBounds> bounds) {
  race_ = std::make_unique<Race>(std::move(entries), options_, by_energy_, first_, std::move(bounds));
}

void Sm2Classic::end_test() {
  RangeTest::Result result = test_->result();
  test_.reset();
  drops_ = std::move(result.drops);
  begin_race(std::move(result.entries), std::move(result.bounds));
}

trial::Decision Sm2Classic::ask() {
  if (!drops_.empty()) {
    trial::Drop drop = std::move(drops_.front());
    drops_.pop_front();
    return drop;
  }
  if (race_) return race_->ask();
  if (auto train = test_->next()) return *std::move(train);
  return trial::Wait{};
}

void Sm2Classic::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  if (race_) return race_->tell(trial, stretch);
  test_->tell(trial, stretch);
  if (test_->over()) end_test();
}

Verdict Sm2Classic::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  return race_ ? race_->judge(trial, so_far) : Verdict{};
}

base::Result<std::unique_ptr<Strategy>> make_sm2_classic(const space::Space& space, const Options& options) {
  if (auto checked = check_cycle(space, options); !checked) return tl::unexpected(checked.error());
  return std::make_unique<Sm2Classic>(fresh_entries(rung_candidates(space, options)), space, options);
}

}  // namespace sm2::strategy
