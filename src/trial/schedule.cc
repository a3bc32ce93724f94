#include "trial/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace sm2::trial {
namespace {

using Kind = Schedule::Kind;

constexpr std::string_view kLogPrefix = "log-";
constexpr std::array<std::pair<Kind, std::string_view>, 7> kNames = {{{Kind::kConstant, "constant"},
                                                                      {Kind::kTriangular, "triangular"},
                                                                      {Kind::kTriangular2, "triangular2"},
                                                                      {Kind::kExpRange, "exp-range"},
                                                                      {Kind::kOneCycle, "one-cycle"},
                                                                      {Kind::kRangeTest, "range-test"},
                                                                      {Kind::kCosine, "cosine"}}};

}  // namespace

std::string_view name(Kind kind) {
  return std::ranges::find(kNames, kind, &std::pair<Kind, std::string_view>::first)->second;
}

std::optional<Kind> kind_named(std::string_view name) {
  const auto* found = std::ranges::find(kNames, name, &std::pair<Kind, std::string_view>::second);
  if (found == kNames.end()) return {};
  return found->first;
}

std::string name(const Schedule& schedule) {
  return std::string(schedule.log ? kLogPrefix : "").append(name(schedule.kind));
}

std::optional<Schedule> schedule_named(std::string_view name) {
  const bool log = name.starts_with(kLogPrefix);
  const auto kind = kind_named(log ? name.substr(kLogPrefix.size()) : name);
  if (!kind || (log && !runs_in_cycles(*kind))) return {};
  Schedule schedule;
  schedule.kind = *kind;
  schedule.log = log;
  return schedule;
}

bool runs_in_cycles(Kind kind) { return kind != Kind::kConstant && kind != Kind::kCosine; }

double middle_rate(const RateBounds& bounds) { return std::sqrt(bounds.low * bounds.high); }

}  // namespace sm2::trial
