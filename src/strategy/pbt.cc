#include "strategy/pbt.h"

#include <algorithm>
#include <cmath>

#include "space/unit.h"
#include "strategy/candidates.h"
#include "strategy/proposals.h"
#include "strategy/table.h"

namespace sm2::strategy {
namespace {

constexpr int kPopulation = 8;
constexpr double kFifth = 0.2;
constexpr double kRedraw = 0.25;
constexpr double kStep = 0.1;
constexpr int kMostFailures = 3;
constexpr double kSlack = 1e-9;  // resources are often sums of fractions
constexpr std::uint64_t kExploreStream = 3;

bool exists(const space::Parameter& parameter, const space::Configuration& configuration) {
  if (!parameter.condition) return true;
  const auto parent = configuration.find(parameter.condition->parent);
  return parent != configuration.end() &&
         std::ranges::find(parameter.condition->values, parent->second) != parameter.condition->values.end();
}

// One step up or down, the other way where the range ends; further if that reaches no other value.
space::Value moved(const space::Domain& domain, const space::Value& value, bool up) {
  const double unit = space::to_unit(domain, value);
  for (double step = kStep; step <= 1; step += kStep) {
    for (const double direction : {up ? step : -step, up ? -step : step}) {
      const double there = unit + direction;
      if (there < 0 || there > 1) continue;
      space::Value next = space::from_unit(domain, there);
      if (next != value) return next;
    }
  }
  return value;
}

space::Value perturbed(const space::Domain& domain, const space::Value& value, base::Random& random) {
  if (random.uniform() < kRedraw) return space::sample(domain, random);
  const bool up = random.index(2) == 1;
  return space::ordered(domain) ? moved(domain, value, up) : value;
}

// How many of `count` are the best, or the worst, fifth.
std::size_t fifth(std::size_t count) {
  const auto rounded_up = static_cast<std::size_t>(std::ceil(kFifth * static_cast<double>(count) - kSlack));
  return std::min(rounded_up, count / 2);
}

}  // namespace

space::Configuration perturb(const space::Space& space, const space::Configuration& configuration,
                             base::Random& random) {
  space::Configuration made;
  for (bool grown = true; std::exchange(grown, false);) {
    for (const space::Parameter& parameter : space.parameters()) {
      if (made.contains(parameter.name) || !exists(parameter, made)) continue;
      const auto old = configuration.find(parameter.name);
      made[parameter.name] = old == configuration.end() ? space::sample(parameter.domain, random)
                                                        : perturbed(parameter.domain, old->second, random);
      grown = true;
    }
  }
  return made;
}

Pbt::Pbt(const space::Space& space, std::vector<space::Configuration> population, const Options& options)
    : space_(space), options_(options), random_(options.seed, kExploreStream) {
  for (space::Configuration& configuration : population) {
    Member member;
    member.trial = next_trial_++;
    member.configuration = std::move(configuration);
    members_.push_back(std::move(member));
  }
}

trial::Decision Pbt::ask() {
  if (copying_) {
    trial::Train first = std::move(*copying_);
    copying_.reset();
    return first;
  }
  for (Member* member : ready()) {
    const auto allowed = sources(*member);
    if (!allowed || (allowed->empty() && member->failures == 0)) return train(*member, member->trained);
    std::vector<const Member*> idle;
    std::ranges::copy_if(*allowed, std::back_inserter(idle),
                         [](const Member* source) { return !source->running; });
    if (!idle.empty()) return copy(*member, *idle[random_.index(idle.size())]);
  }
  if (!running_.empty()) return trial::Wait{};
  const auto best = ranked();
  if (best.empty())
    return trial::Finish{{}, "no member of the population is left: every one failed or was stopped"};
  if (*best.front()->metric == kSilent) return trial::Finish{{}, "no member has reported its metric"};
  return trial::Finish{best.front()->trial,
                       fmt::format("best of {} members, of {} trials", best.size(), next_trial_)};
}

void Pbt::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  Member& member = members_[running_.extract(trial).mapped()];
  member.running = false;
  member.trained = std::clamp(stretch.reached, member.until, options_.resource_max);
  member.metric = ranked_metric(stretch);
  member.failures = member.metric ? 0 : member.failures + 1;
}

std::vector<Pbt::Member*> Pbt::ready() {
  std::vector<Member*> ready;
  for (Member& member : members_) {
    const bool goes_on = member.trained < options_.resource_max && member.failures == 0;
    const bool replaced = member.failures > 0 && member.failures < kMostFailures;
    if (!member.running && (goes_on || replaced)) ready.push_back(&member);
  }
  std::ranges::stable_sort(ready, {}, &Member::trained);
  return ready;
}

std::vector<const Pbt::Member*> Pbt::ranked() const {
  std::vector<const Member*> ranked;
  for (const Member& member : members_) {
    if (member.metric) ranked.push_back(&member);
  }
  std::ranges::sort(ranked, [](const Member* a, const Member* b) {
    return *a->metric > *b->metric || (*a->metric == *b->metric && a->trial < b->trial);
  });
  return ranked;
}

std::optional<std::vector<const Pbt::Member*>> Pbt::sources(const Member& member) const {
  const auto all = ranked();
  const bool failed = member.failures > 0;
  if (!failed && !member.metric) return {};
  const std::size_t count =
      failed ? std::min<std::size_t>(all.size(), std::max<std::size_t>(1, fifth(all.size())))
             : fifth(all.size());
  const auto place = static_cast<std::size_t>(std::ranges::find(all, &member) - all.begin());
  if (!failed && place < all.size() - count) return {};
  std::vector<const Member*> sources;
  std::copy_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), std::back_inserter(sources),
               [&](const Member* source) {
                 if (source->trained >= options_.resource_max) return false;
                 return failed || (source->trained >= member.trained && *source->metric > *member.metric);
               });
  return sources;
}

trial::Train Pbt::train(Member& member, double from) {
  const int interval = static_cast<int>(from / options_.resource_min + kSlack);
  member.until = std::min(options_.resource_max, from + options_.resource_min);
  if (options_.resource_max - member.until < kSlack * options_.resource_max)
    member.until = options_.resource_max;
  member.running = true;
  running_[member.trial] = static_cast<std::size_t>(&member - members_.data());
  return {member.trial, member.configuration, interval, member.until, {}, {}};
}

trial::Decision Pbt::copy(Member& member, const Member& source) {
  std::optional<trial::Drop> drop;
  if (member.failures == 0) {
    const double sign = options_.minimized ? -1 : 1;
    drop = trial::Drop{
        member.trial, member.configuration,
        fmt::format("at {:g}: {} {:.4g} is among the worst of the population; trial {} takes its place, a "
                    "copy of trial {} ({:.4g})",
                    member.trained, options_.metric, sign * *member.metric, next_trial_, source.trial,
                    sign * *source.metric)};
  }
  member.trial = next_trial_++;
  member.configuration = perturb(space_, source.configuration, random_);
  trial::Train first = train(member, source.trained);
  first.parent = source.trial;
  if (!drop) return first;
  copying_ = std::move(first);
  return *drop;
}

base::Result<std::unique_ptr<Strategy>> make_pbt(const space::Space& space, const Options& options) {
  if (auto checked = check_sampled_rate("pbt", options); !checked) return tl::unexpected(checked.error());
  if (!options.resumes) {
    return base::fail(
        "pbt copies checkpoints, and a program that is read by a pattern has none that can be resumed: use "
        "the client "
        "library, or another strategy, for example asha-stop");
  }
  constexpr double kMostIntervals = 1e9;
  if (options.resource_max / options.resource_min > kMostIntervals) {
    return base::fail(
        "pbt trains in intervals of study.resource.min = {:g}, of which study.resource.max = {:g} has more "
        "than "
        "{:g}: give a larger min, for example {:g}",
        options.resource_min, options.resource_max, kMostIntervals, options.resource_max / 100);
  }
  const int population = options.candidates.value_or(kPopulation);
  return std::make_unique<Pbt>(space, draw_candidates(space, population, options.seed), options);
}

}  // namespace sm2::strategy
