#include "cli/measure_stream.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/units.h"

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;
using Json = nlohmann::ordered_json;

template <class Unit>
Json number(std::optional<base::Quantity<Unit>> quantity) {
  return quantity ? Json(quantity->value) : Json(nullptr);
}

std::string shown(const DomainPower& power) {
  const std::string of_which = power.counted ? "" : "of which ";
  const std::string watts = power.watts       ? base::format(*power.watts)
                            : power.too_short ? "too short"
                                              : "unknown";
  return fmt::format("{}{} {}", of_which, power.name, watts);
}

}  // namespace

PowerStream::PowerStream(const std::vector<meter::DomainInfo>& domains) {
  for (const meter::DomainInfo& info : domains) resolution_[info.name] = info.resolution;
}

bool PowerStream::unresolved(const trial::Reading& reading, Seconds elapsed) const {
  const auto resolution = resolution_.find(reading.domain);
  return reading.noise > Joules(0) && resolution != resolution_.end() && elapsed < 2 * resolution->second;
}

DomainPower PowerStream::power(const trial::Reading& reading, Seconds elapsed) const {
  DomainPower power{reading.domain, reading.counted, {}, false, ""};
  const auto last = last_.find(reading.domain);
  const std::optional<Joules> before = last == last_.end() ? Joules(0) : last->second;
  if (!reading.joules || !before) {
    power.why = reading.note.empty() ? "it was unknown before" : reading.note;
  } else if (elapsed <= Seconds(0) || *reading.joules < *before || unresolved(reading, elapsed)) {
    power.too_short = true;
    power.why = "too short an interval to resolve";
  } else {
    power.watts = (*reading.joules - *before) / elapsed;
  }
  return power;
}

Tick PowerStream::next(Seconds at, const trial::Energy& since_start) {
  Tick tick;
  tick.at = at;
  tick.joules = trial::total(since_start);
  std::optional<Watts> sum;
  for (const trial::Reading& reading : since_start) {
    tick.domains.push_back(power(reading, at - last_at_));
    const DomainPower& one = tick.domains.back();
    last_[reading.domain] = reading.joules;
    if (!one.counted) continue;
    if (!one.watts && tick.why.empty()) tick.why = one.name + ": " + one.why;
    if (one.watts) sum = sum.value_or(Watts(0)) + *one.watts;
  }
  if (tick.why.empty()) tick.watts = sum;
  if (!sum && tick.why.empty()) tick.why = "no energy source";
  last_at_ = at;
  return tick;
}

std::string text(const Tick& tick) {
  std::string line = fmt::format("  {:>6.{}f} s  ", tick.at.value, tick.at < Seconds(10) ? 2 : 1);
  line += tick.watts ? fmt::format("{:>6}", base::format(*tick.watts)) : fmt::format("unknown: {}", tick.why);
  std::vector<std::string> domains;
  for (const DomainPower& power : tick.domains) domains.push_back(shown(power));
  if (domains.size() > 1) line += fmt::format("  ({})", fmt::join(domains, ", "));
  return line + "\n";
}

std::string json(const Tick& tick, const std::optional<RunName>& name) {
  Json object = {{"seconds", tick.at.value}, {"watts", number(tick.watts)}, {"joules", number(tick.joules)}};
  if (name && !name->side.empty()) object["side"] = name->side;
  if (name) object["run"] = name->run;
  object["domains"] = Json::array();
  for (const DomainPower& power : tick.domains)
    object["domains"].push_back({{"name", power.name}, {"watts", number(power.watts)}});
  object["note"] = tick.why;
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sm2::cli
