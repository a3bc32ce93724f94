#include "report/power.h"

#include <algorithm>

#include "base/match.h"

namespace sm2::report {
namespace {

constexpr base::Seconds kWindow{5};    // at least, where there are readings so old
constexpr base::Seconds kTooShort{1};  // readings so close tell more of the meter than of the trial
constexpr base::Seconds kApart{0.25};  // readings that are kept: programs may report at any rate

// What the domain of `late` had used by then; a trial that was never read has used nothing yet.
std::optional<base::Joules> used_by(const trial::Energy& early, const trial::Reading& late) {
  if (early.empty()) return base::Joules(0);
  const auto found = std::ranges::find_if(early, [&](const trial::Reading& reading) {
    return reading.domain == late.domain && reading.source == late.source;
  });
  return found == early.end() ? std::nullopt : found->joules;
}

}  // namespace

void Power::tell(const trial::Event& event, const journal::StudyState& after) {
  std::visit(base::Match{
                 [&](const trial::Evaluated& body) {
                   read(body.trial, body.evaluation.seconds, body.evaluation.energy, event.time);
                 },
                 [&](const trial::Metered& body) { read(body.trial, body.seconds, body.energy, event.time); },
                 [&](const trial::Launched& body) {
                   const journal::Trial& trial = after.trials.at(body.trial);
                   running_.insert_or_assign(body.trial, std::deque{Reading{trial.seconds, trial.energy}});
                 },
                 [&](const trial::Exited& body) { running_.erase(body.trial); },
                 [&](const trial::Opened&) { running_.clear(); },
                 [&](const trial::Closed&) { running_.clear(); }, [](const auto&) {}},
             event.body);
}

void Power::read(trial::TrialId trial, base::Seconds ran, const trial::Energy& energy, base::Seconds time) {
  auto& readings = running_[trial];
  if (!readings.empty() && ran < readings.back().ran) readings.clear();
  if (readings.size() > 1 && ran - readings[readings.size() - 2].ran < kApart) readings.pop_back();
  readings.push_back({ran, energy});
  while (readings.size() > 2 && ran - readings[1].ran >= kWindow) readings.pop_front();
  last_heard_ = time;
}

Power::Now Power::now() const {
  Now now;
  now.last_heard = last_heard_;
  std::map<std::pair<std::string, std::string>, Drawn> drawn;
  for (const auto& [trial, readings] : running_) {
    const base::Seconds over = readings.back().ran - readings.front().ran;
    if (over < kTooShort) continue;
    bool known = false;
    for (const trial::Reading& late : readings.back().energy) {
      const auto early = used_by(readings.front().energy, late);
      if (!late.counted) continue;
      if (!late.joules || !early) {
        now.whole = false;
        continue;
      }
      Drawn& one = drawn[{late.domain, late.source}];
      one.domain = late.domain;
      one.source = trial::described_source(late);
      one.quality = late.quality;
      one.power += std::max(*late.joules - *early, base::Joules(0)) / over;
      known = true;
    }
    now.trials += known;
    if (known) now.over = std::max(now.over, over);
  }
  for (auto& [name, one] : drawn) {
    now.total += one.power;
    now.domains.push_back(std::move(one));
  }
  return now;
}

std::optional<base::Watts> Power::watts() const {
  const Now drawn = now();
  if (drawn.trials == 0 || !drawn.whole) return {};
  return drawn.total;
}

}  // namespace sm2::report
