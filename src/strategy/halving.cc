#include "strategy/halving.h"

#include <algorithm>
#include <cmath>

#include "base/units.h"

namespace sm2::strategy {
namespace {

constexpr std::uint64_t kOrderStream = 1;
constexpr double kExploration =
    0.5;  // of a budget of energy, that the rungs still to come may take; the rest is the winner's

bool can_be_ranked(const Entry& entry) {
  return entry.last && trial::usable(entry.last->outcome) && entry.last->metric &&
         std::isfinite(*entry.last->metric);
}

std::string ordinal(std::size_t place) {
  const bool teen = place % 100 / 10 == 1;
  const char* ending = teen              ? "th"
                       : place % 10 == 1 ? "st"
                       : place % 10 == 2 ? "nd"
                       : place % 10 == 3 ? "rd"
                                         : "th";
  return fmt::format("{}{}", place, ending);
}

}  // namespace

std::vector<Entry> fresh_entries(std::vector<space::Configuration> candidates) {
  std::vector<Entry> entries;
  for (space::Configuration& configuration : candidates) {
    Entry entry;
    entry.trial = static_cast<trial::TrialId>(entries.size());
    entry.configuration = std::move(configuration);
    entries.push_back(std::move(entry));
  }
  return entries;
}

Halving::Halving(std::vector<Entry> entries, const Options& options, bool by_energy)
    : options_(options),
      by_energy_(by_energy),
      random_(options.seed, kOrderStream),
      entries_(std::move(entries)) {}

trial::Decision Halving::ask() {
  if (rung_ < 0) begin_rung();
  if (!drops_.empty()) {
    trial::Drop drop = std::move(drops_.front());
    drops_.pop_front();
    return drop;
  }
  if (!pending_.empty()) {
    Entry& entry = entries_[pending_.front()];
    pending_.pop_front();
    running_.insert(entry.trial);
    const double goal = allowance_ ? options_.resource_max : until();
    const double from = allowance_ ? entry.reached : rung_start_;
    const auto followed =
        schedule(entry, from, goal, entries_.size() == 1 || until() >= options_.resource_max);
    return trial::Train{entry.trial, entry.configuration, rung_, goal, followed, {}};
  }
  if (finish_) return *finish_;
  return trial::Wait{};
}

void Halving::tell(trial::TrialId trial, const trial::Stretch& stretch) {
  running_.erase(trial);
  const auto entry = std::ranges::find(entries_, trial, &Entry::trial);
  entry->last = stretch;
  entry->reached = stretch.reached;
  if (running_.empty() && pending_.empty()) end_rung();
}

Verdict Halving::judge(trial::TrialId trial, const trial::Stretch& so_far) {
  if (!allowance_ || entries_.size() == 1) return {};
  const auto entry = std::ranges::find(entries_, trial, &Entry::trial);
  const auto spent = trial::total(so_far.energy);
  if (!spent || !entry->energy_before_rung || *spent - *entry->energy_before_rung < *allowance_) return {};
  return {trial::Action::kPause, {}};
}

// From the second rung on: as much energy for each as the first rung took in the middle, doubled from rung to rung as the
// resource would be.
void Halving::allow_energy() {
  allowance_.reset();
  if (!by_energy_ || rung_ == 0) return;
  if (rung_ == 1) {
    std::vector<base::Joules> used;
    for (const Entry& entry : entries_) {
      if (!entry.energy_before_rung) return first_rung_.reset();
      used.push_back(*entry.energy_before_rung);
    }
    std::ranges::sort(used);
    first_rung_ = used[used.size() / 2];
  }
  if (!first_rung_ || first_rung_->value <= 0) return;
  if (std::ranges::any_of(entries_, [](const Entry& entry) { return !entry.energy_before_rung; })) return;
  allowance_ = *first_rung_ * (std::pow(options_.eta, rung_) - std::pow(options_.eta, rung_ - 1));
  if (!options_.energy) return;
  const auto left = static_cast<double>(entries_.size());
  const double rungs = std::max(1.0, std::ceil(std::log(left) / std::log(options_.eta)));
  allowance_ = std::min(*allowance_, *options_.energy * (kExploration / (rungs * left)));
}

double Halving::until() const {
  if (entries_.size() == 1) return options_.resource_max;
  return std::min(options_.resource_max, options_.resource_min * std::pow(options_.eta, rung_));
}

void Halving::begin_rung() {
  ++rung_;
  if (entries_.empty()) {
    finish_ = trial::Finish{{}, "no candidate is left: every one failed or was stopped"};
    return;
  }
  allow_energy();
  const double goal = allowance_ ? options_.resource_max : until();
  for (std::size_t at = 0; at < entries_.size(); ++at) {
    if (entries_[at].reached < goal) pending_.push_back(at);
  }
  random_.shuffle(pending_);
  if (pending_.empty()) end_rung();
}

void Halving::end_rung() {
  std::vector<const Entry*> usable, silent;
  for (const Entry& entry : entries_) {
    if (can_be_ranked(entry)) {
      usable.push_back(&entry);
    } else if (std::holds_alternative<trial::Paused>(entry.last->outcome) && !entry.last->metric &&
               until() < options_.resource_max) {
      silent.push_back(&entry);
    } else {
      const std::string why = trial::usable(entry.last->outcome) ? "it reported no finite " + options_.metric
                                                                 : trial::describe(entry.last->outcome);
      drops_.push_back({entry.trial, entry.configuration, fmt::format("rung {}: {}", rung_, why)});
    }
  }
  const std::vector<objective::Score> scores = rank(usable);
  const bool at_the_end =
      usable.empty() ? false
      : allowance_   ? std::ranges::all_of(
                         usable, [&](const Entry* entry) { return entry->reached >= options_.resource_max; })
                   : until() >= options_.resource_max;
  const auto share =
      static_cast<std::size_t>(static_cast<double>(usable.size() + silent.size()) / options_.eta);
  // Where nobody has shown a metric there is nothing to rank by.
  const std::size_t kept = usable.empty() ? silent.size() : at_the_end ? 1 : std::max<std::size_t>(1, share);

  std::vector<Entry> next;
  for (std::size_t place = 0; place < scores.size(); ++place) {
    const Entry& entry = *usable[scores[place].candidate];
    if (place < kept && !scores[place].guarded) {
      next.push_back(entry);
      const auto energy = trial::total(entry.last->energy);
      next.back().energy_before_rung = energy;
    } else {
      const Entry& best = *usable[scores.front().candidate];
      drops_.push_back({entry.trial, entry.configuration,
                        why_dropped(entry, scores[place], place + 1, scores.size(), kept, best)});
    }
  }
  // Those that have shown no metric yet come after all others.
  for (const Entry* entry : silent) {
    if (next.size() < kept) {
      next.push_back(*entry);
      next.back().energy_before_rung = trial::total(entry->last->energy);
    } else {
      drops_.push_back(
          {entry->trial, entry->configuration,
           fmt::format("rung {}: it has not reported {} yet, and others have", rung_, options_.metric)});
    }
  }
  if (at_the_end && !next.empty()) {
    finish_ = trial::Finish{next.front().trial, fmt::format("best after {} rungs", rung_ + 1)};
  }
  rung_start_ = until();
  entries_ = std::move(next);
  if (!finish_) begin_rung();
}

std::vector<objective::Score> Halving::rank(const std::vector<const Entry*>& entries) const {
  std::vector<objective::Candidate> candidates;
  for (const Entry* entry : entries) candidates.push_back(candidate(*entry));
  return objective::rank(candidates, {.energy = 0, .stability = 0, .guard = {}});
}

std::optional<trial::Schedule> Halving::schedule(Entry&, double, double, bool) { return {}; }

objective::Candidate Halving::candidate(const Entry& entry) const {
  objective::Candidate candidate;
  candidate.metric = *entry.last->metric;
  const auto energy = trial::total(entry.last->energy);
  if (energy && entry.energy_before_rung) candidate.energy = *energy - *entry.energy_before_rung;
  candidate.energy_noise = trial::noise(entry.last->energy);
  candidate.stability = entry.last->progress.stability;
  return candidate;
}

std::string Halving::why_dropped(const Entry& entry, const objective::Score& score, std::size_t place,
                                 std::size_t ranked, std::size_t kept, const Entry& best) const {
  const auto shown = [&](const Entry& e) { return options_.minimized ? -*e.last->metric : *e.last->metric; };
  std::string why =
      fmt::format("rung {}: {} of {}, {} kept: {} {:.4g} (best kept {:.4g})", rung_, ordinal(place), ranked,
                  std::min(kept, ranked), options_.metric, shown(entry), shown(best));
  if (score.energy) {
    why += fmt::format(", {} in the rung (best kept {})", base::format(*candidate(entry).energy),
                       base::format(*candidate(best).energy));
  }
  if (score.stability) why += fmt::format(", stability {:.2f}", *score.stability);
  if (score.energy || score.stability) why += fmt::format(", objective {:.3f}", score.objective);
  if (score.guarded)
    why += fmt::format("; {} is more than the guard of {:.4g} below the best", options_.metric,
                       *options_.weights.guard);
  return why;
}

}  // namespace sm2::strategy
