#include "meter/replay/trace.h"

#include <algorithm>

namespace sm2::meter::replay {

using base::Joules;
using base::Seconds;
using base::Watts;

Trace::Trace(std::span<const Power> rows) {
  knots_.reserve(rows.size());
  Joules before;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Power& row = rows[at];
    if (at > 0) before += 0.5 * (rows[at - 1].watts + row.watts) * (row.at - rows[at - 1].at);
    const Watts gain = at + 1 < rows.size() ? rows[at + 1].watts - row.watts : Watts(0);
    knots_.push_back({row.at, before, row.watts, gain});
  }
}

Trace::Trace(std::span<const Counted> rows) {
  knots_.reserve(rows.size());
  for (std::size_t at = 0; at < rows.size(); ++at) {
    const Counted& row = rows[at];
    const Watts mean = at + 1 < rows.size() ? (rows[at + 1].joules - row.joules) / (rows[at + 1].at - row.at)
                                            : knots_.back().first;
    knots_.push_back({row.at, row.joules - rows.front().joules, mean, Watts(0)});
  }
}

const Trace::Knot* Trace::stretch(Seconds at) const {
  if (!(begin() <= at && at <= end())) return nullptr;
  const auto after = std::upper_bound(knots_.begin(), knots_.end() - 1, at,
                                      [](Seconds time, const Knot& knot) { return time < knot.at; });
  return &*(after - 1);
}

std::optional<Watts> Trace::power(Seconds at) const {
  const Knot* knot = stretch(at);
  if (!knot) return {};
  return knot->first + (at - knot->at) / ((knot + 1)->at - knot->at) * knot->slope;
}

std::optional<Joules> Trace::since_begin(Seconds at) const {
  const auto now = power(at);
  if (!now) return {};
  const Knot* knot = stretch(at);
  return knot->before + 0.5 * (knot->first + *now) * (at - knot->at);
}

std::optional<Joules> Trace::joules(Seconds from, Seconds to) const {
  const auto first = since_begin(from);
  const auto last = since_begin(to);
  if (!first || !last || from > to) return {};
  return std::max(Joules(0), *last - *first);
}

}  // namespace sm2::meter::replay
