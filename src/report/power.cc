#include "report/power.h"

#include <algorithm>

#include "base/match.h"

namespace sm2::report {
namespace {

constexpr base::Seconds kWindow{5};    // at least, where there are readings so old
constexpr base::Seconds kTooShort{1};  // readings so close tell more of the meter than of the trial

const trial::Reading* same_domain(const trial::Energy& energy, const trial::Reading& like) {
  const auto found = std::ranges::find_if(energy, [&](const trial::Reading& reading) {
    return reading.domain == like.domain && reading.source == like.source;
  });
  return found == energy.end() ? nullptr : &*found;
}

}  // namespace

void Power::tell(const trial::Event& event) {
  std::visit(base::Match{
                 [&](const trial::Evaluated& body) {
                   read(body.trial, body.evaluation.seconds, body.evaluation.energy, event.time);
                 },
                 [&](const trial::Metered& body) { read(body.trial, body.seconds, body.energy, event.time); },
                 [&](const trial::Launched& body) { running_.erase(body.trial); },
                 [&](const trial::Exited& body) { running_.erase(body.trial); },
                 [&](const trial::Opened&) { running_.clear(); },
                 [&](const trial::Closed&) { running_.clear(); }, [](const auto&) {}},
             event.body);
}

void Power::read(trial::TrialId trial, base::Seconds ran, const trial::Energy& energy, base::Seconds time) {
  auto& readings = running_[trial];
  if (!readings.empty() && ran < readings.back().ran) readings.clear();
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
      const trial::Reading* early = same_domain(readings.front().energy, late);
      if (!late.counted || !late.joules || early == nullptr || !early->joules) continue;
      Drawn& one = drawn[{late.domain, late.source}];
      one.domain = late.domain;
      one.source = trial::described_source(late);
      one.quality = late.quality;
      one.power += std::max(*late.joules - *early->joules, base::Joules(0)) / over;
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

}  // namespace sm2::report
