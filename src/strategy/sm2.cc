#include "strategy/sm2.h"

#include <algorithm>

#include "strategy/candidates.h"
#include "strategy/memory_need.h"
#include "strategy/search_for_best.h"
#include "strategy/search_to_target.h"
#include "strategy/setting_grid.h"
#include "strategy/table.h"
#include "strategy/to_target.h"

namespace sm2::strategy {
namespace {

// Two candidates' joules are told apart only when they differ by more than this: a probe is short.
constexpr double kMargin = 1.25;

std::optional<double> joules_per_sample(const Entry& entry) {
  return entry.last ? entry.last->progress.joules_per_sample : std::nullopt;
}

}  // namespace

Sm2::Sm2(std::vector<Entry> entries, const space::Space& space, const Options& options)
    : options_(options), space_(space), entries_(std::move(entries)), dropped_(entries_.size(), false) {
  std::ranges::stable_sort(entries_, {},
                           [](const Entry& entry) { return batch_size(entry.configuration).value_or(0); });
}

trial::Decision Sm2::ask() {
  if (!drops_.empty()) {
    trial::Drop drop = std::move(drops_.front());
    drops_.pop_front();
    return drop;
  }
  while (next_ < entries_.size() && dropped_[next_]) ++next_;
  if (next_ < entries_.size()) {
    Entry& entry = entries_[next_++];
    ++running_;
    const auto schedule = first_schedule(space_, options_);
    if (schedule) entry.configuration[kLearningRate] = middle_rate({schedule->low, schedule->high});
    const double until = std::min(options_.resource_min, options_.resource_max);
    return trial::Train{entry.trial, entry.configuration, 0, until, schedule, options_.probe};
  }
  if (race_) return race_->ask();
  return trial::Wait{};
}

void Sm2::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  if (race_) return race_->tell(trial, stretch);
  --running_;
  const auto told = std::ranges::find(entries_, trial, &Entry::trial);
  told->last = stretch;
  told->reached = stretch.reached;
  const auto followed = first_schedule(space_, options_);
  const bool rises = followed && followed->kind == trial::Schedule::Kind::kRangeTest;
  if (rises ? !tested(stretch.outcome) : !trial::usable(stretch.outcome)) {
    drop(static_cast<std::size_t>(told - entries_.begin()), "probe: " + trial::describe(stretch.outcome));
  }
  if (std::holds_alternative<trial::OutOfMemory>(stretch.outcome)) {
    for (std::size_t at = next_; at < entries_.size(); ++at) {
      if (dropped_[at] || !needs_no_less_memory(entries_[at].configuration, told->configuration)) continue;
      drop(at, fmt::format("not tried: batch size {:g} did not fit into memory already",
                           *batch_size(told->configuration)));
    }
  }
  const bool more = std::find(dropped_.begin() + static_cast<std::ptrdiff_t>(next_), dropped_.end(), false) !=
                    dropped_.end();
  if (running_ == 0 && !more) end_probe();
}

Verdict Sm2::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  return race_ ? race_->judge(trial, so_far) : Verdict{};
}

bool Sm2::comparable(const Entry& a, const Entry& b) const {
  auto rest_a = a.configuration, rest_b = b.configuration;
  for (auto* rest : {&rest_a, &rest_b}) {
    rest->erase(kBatchSize);
    if (options_.cycle_learning_rate) rest->erase(kLearningRate);
  }
  return rest_a == rest_b && batch_size(a.configuration) && batch_size(b.configuration);
}

void Sm2::drop(std::size_t at, std::string reason) {
  dropped_[at] = true;
  drops_.push_back({entries_[at].trial, entries_[at].configuration, std::move(reason)});
}

void Sm2::end_probe() {
  for (std::size_t small = 0; small < entries_.size(); ++small) {
    for (std::size_t large = small + 1; large < entries_.size(); ++large) {
      const Entry &a = entries_[small], &b = entries_[large];
      const auto cost_a = joules_per_sample(a), cost_b = joules_per_sample(b);
      if (dropped_[small] || dropped_[large] || !cost_a || !cost_b || !comparable(a, b)) continue;
      const double batch_a = *batch_size(a.configuration), batch_b = *batch_size(b.configuration);
      if (batch_a == batch_b) continue;
      if (*cost_b > kMargin * *cost_a) {
        drop(large,
             fmt::format("probe: {:.3g} J per sample, and batch size {:g} needs {:.3g}: a larger batch never "
                         "needs fewer samples",
                         *cost_b, batch_a, *cost_a));
      } else if (*cost_a * batch_a > kMargin * *cost_b * batch_b) {
        drop(small,
             fmt::format("probe: {:.3g} J per step, and batch size {:g} needs {:.3g}: a smaller batch never "
                         "needs fewer steps",
                         *cost_a * batch_a, batch_b, *cost_b * batch_b));
      }
    }
  }
  std::vector<Entry> left;
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    if (!dropped_[at]) left.push_back(entries_[at]);
  }
  race_ = std::make_unique<Sm2Classic>(std::move(left), space_, options_, true);
}

base::Result<std::unique_ptr<Strategy>> make_sm2(const space::Space& space, const Options& options) {
  if (!options.resumes) return make_sm2_classic(space, options);
  if (auto checked = check_cycle(space, options); !checked) return tl::unexpected(checked.error());
  std::vector<space::Configuration> candidates = rung_candidates(space, options);
  if (options.target && !options.resource_is_steps && differ_in_batch_size_alone(candidates))
    return std::make_unique<ToTarget>(std::move(candidates), space, options);
  if (!options.resource_is_steps && !options.cycle_learning_rate) {
    auto settings = setting_grid(space, options);
    if (!settings.empty() && options.target)
      return std::make_unique<SearchToTarget>(std::move(settings), options);
    if (!settings.empty()) return std::make_unique<SearchForBest>(std::move(settings), options);
  }
  return std::make_unique<Sm2>(fresh_entries(std::move(candidates)), space, options);
}

}  // namespace sm2::strategy
