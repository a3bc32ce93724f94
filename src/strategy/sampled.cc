#include "strategy/sampled.h"

#include <algorithm>

#include "sampler/table.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr int kDefaultCandidates = 16;

base::Result<std::unique_ptr<Strategy>> make_sampled(std::string_view name, const space::Space& space,
                                                     const Options& options) {
  if (auto checked = check_sampled_rate(name, options); !checked) return tl::unexpected(checked.error());
  if (auto checked = check_sampled(options); !checked) return tl::unexpected(checked.error());
  auto sampler = sampler::make(name, space, options.seed);
  if (!sampler) return tl::unexpected(sampler.error());
  recall(**sampler, space, options.experience);
  return std::make_unique<Sampled>(space, std::move(*sampler), options);
}

}  // namespace

base::Result<> check_sampled(const Options& options) {
  if (options.pruner == "none" || options.pruner == "median") return {};
  return base::fail("there is no pruner '{}'; this version has none, median", options.pruner);
}

Sampled::Sampled(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler, const Options& options)
    : proposals_(space, std::move(sampler)),
      until_(options.resource_max),
      wanted_(static_cast<std::size_t>(options.candidates.value_or(kDefaultCandidates))) {
  if (const auto limit = proposals_.limit()) wanted_ = std::min(wanted_, *limit);
  if (options.pruner == "median") {
    median_.emplace(MedianOptions{
        .warm_up = options.resource_min, .metric = options.metric, .minimized = options.minimized});
  }
}

trial::Decision Sampled::ask() {
  if (asked_ < wanted_) {
    const auto trial = static_cast<trial::TrialId>(asked_++);
    return trial::Train{trial, proposals_.next(trial), 0, until_, {}, {}};
  }
  if (told_ < asked_) return trial::Wait{};
  if (!best_) return trial::Finish{{}, "no configuration was trained to the end"};
  return trial::Finish{best_, fmt::format("best of {} configurations", asked_)};
}

void Sampled::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  ++told_;
  best_seen_.erase(trial);
  const bool stopped = std::holds_alternative<trial::Stopped>(stretch.outcome);
  const std::optional<double> metric = comparable_metric(stretch);
  // One that ended by itself had what it wanted of the resource.
  proposals_.tell(trial, metric, stopped ? stretch.reached : until_);
  if (!metric || stopped) return;
  const bool earlier_tie = best_ && *metric == best_metric_ && trial < *best_;
  if (best_ && *metric <= best_metric_ && !earlier_tie) return;
  best_ = trial;
  best_metric_ = *metric;
}

Verdict Sampled::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  if (!median_ || !so_far.metric) return {};
  median_->observe(trial, so_far.reached, *so_far.metric);
  double& best = best_seen_.try_emplace(trial, *so_far.metric).first->second;
  best = std::max(best, *so_far.metric);
  const std::optional<std::string> reason = median_->stop(trial, so_far.reached, best);
  if (!reason) return {};
  return {trial::Action::kStop, *reason};
}

#define SM2_MAKE(name, make)                                                                        \
  base::Result<std::unique_ptr<Strategy>> make(const space::Space& space, const Options& options) { \
    return make_sampled(name, space, options);                                                      \
  }
SM2_SAMPLERS(SM2_MAKE)
#undef SM2_MAKE

}  // namespace sm2::strategy
