#include "strategy/asha_stop.h"

#include <algorithm>

#include "strategy/asha.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr double kSlack = 1e-9;  // resources are often sums of fractions

}  // namespace

AshaStop::AshaStop(const space::Space& space, std::unique_ptr<sampler::Sampler> sampler,
                   const Options& options)
    : proposals_(space, std::move(sampler)), options_(options) {
  const auto wanted = static_cast<std::size_t>(options.candidates.value_or(kAshaCandidates));
  most_ = std::min(wanted, proposals_.limit().value_or(wanted));
  for (const double resource : rung_resources(options)) rungs_.push_back({resource, TopShare(options.eta)});
}

trial::Decision AshaStop::ask() {
  if (passed_.size() < most_) {
    const auto trial = static_cast<trial::TrialId>(passed_.size());
    passed_.push_back(0);
    ++running_;
    return trial::Train{trial, proposals_.next(trial), 0, options_.resource_max, {}, {}};
  }
  if (running_ > 0) return trial::Wait{};
  if (!best_) return trial::Finish{{}, "no candidate is left: every one failed or was stopped"};
  return trial::Finish{best_->ranked.trial,
                       fmt::format("best of those that passed {} of {} rungs, of {} candidates",
                                   best_->passed, rungs_.size(), passed_.size())};
}

Verdict AshaStop::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  if (!so_far.metric) return {};
  const std::size_t passed_before = passed_[static_cast<std::size_t>(trial)];
  auto reason = pass({*so_far.metric, trial}, so_far.reached);
  if (passed_[static_cast<std::size_t>(trial)] > passed_before)
    proposals_.tell(trial, so_far.metric, so_far.reached);
  if (!reason) return {};
  return {trial::Action::kStop, std::move(*reason)};
}

void AshaStop::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  --running_;
  const auto metric = comparable_metric(stretch);
  proposals_.tell(trial, metric, stretch.reached);
  if (!metric) return;
  const Ranked ranked{*metric, trial};
  pass(ranked, stretch.reached);
  const std::size_t passed = passed_[static_cast<std::size_t>(trial)];
  const bool further = !best_ || passed > best_->passed;
  if (further || (passed == best_->passed && better(ranked, best_->ranked))) best_ = Best{passed, ranked};
}

std::optional<std::string> AshaStop::pass(const Ranked& ranked, double reached) {
  std::optional<std::string> reason;
  std::size_t& at = passed_[static_cast<std::size_t>(ranked.trial)];
  for (; at < rungs_.size() && reached >= rungs_[at].resource * (1 - kSlack); ++at) {
    TopShare& top = rungs_[at].top;
    top.add(ranked);
    const bool stays = top.share() > 0 ? top.holds(ranked) : top.best().trial == ranked.trial;
    if (stays || reason) continue;
    const auto shown = [&](double metric) { return options_.minimized ? -metric : metric; };
    reason = fmt::format(
        "rung {} at {:g}: {} {:.4g} is not among the best {} of {} so far ({:.4g} or better)", at,
        rungs_[at].resource, options_.metric, shown(ranked.metric), std::max<std::size_t>(1, top.share()),
        top.size(), shown(top.last().value_or(top.best()).metric));
  }
  return reason;
}

base::Result<std::unique_ptr<Strategy>> make_asha_stop(const space::Space& space, const Options& options) {
  if (auto checked = check_sampled_rate("asha-stop", options); !checked)
    return tl::unexpected(checked.error());
  auto sampler = sampler::make("random", space, options.seed);
  if (!sampler) return tl::unexpected(sampler.error());
  return std::make_unique<AshaStop>(space, std::move(*sampler), options);
}

}  // namespace sm2::strategy
