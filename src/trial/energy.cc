#include "trial/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ranges>
#include <set>

#include "base/units.h"

namespace sm2::trial {
namespace {

using base::Joules;

std::optional<Joules> add(std::optional<Joules> a, std::optional<Joules> b) {
  if (!a || !b) return {};
  return *a + *b;
}

std::string join(const std::string& a, const std::string& b) {
  if (a.empty()) return b;
  return a.find(b) != std::string::npos ? a : a + "; " + b;
}

Reading add(const Reading& a, const Reading& b) {
  Reading sum = b;
  sum.joules = add(a.joules, b.joules);
  sum.idle = add(a.idle, b.idle);
  sum.error = a.error + b.error;
  sum.noise = Joules(std::hypot(a.noise.value, b.noise.value));
  sum.note = join(a.note, b.note);
  return sum;
}

bool same_domain(const Reading& a, const Reading& b) { return a.domain == b.domain && a.source == b.source; }

}  // namespace

std::optional<Joules> total(const Energy& energy) {
  if (std::ranges::none_of(energy, &Reading::counted)) return {};
  std::optional<Joules> sum = Joules(0);
  for (const Reading& reading : energy) {
    if (reading.counted) sum = add(sum, reading.joules);
  }
  return sum;
}

std::optional<Joules> above_idle(const Energy& energy) {
  std::optional<Joules> idle = Joules(0);
  for (const Reading& reading : energy) {
    if (reading.counted) idle = add(idle, reading.idle);
  }
  const auto gross = total(energy);
  if (!gross || !idle) return {};
  return *gross - *idle;
}

Joules error(const Energy& energy) {
  Joules sum;
  for (const Reading& reading : energy) {
    if (reading.counted) sum += reading.error;
  }
  return sum;
}

Joules noise(const Energy& energy) {
  double square = 0;
  for (const Reading& reading : energy) {
    if (reading.counted) square += reading.noise.value * reading.noise.value;
  }
  return Joules(std::sqrt(square));
}

std::string note(const Energy& energy) {
  std::string notes;
  for (const Reading& reading : energy) {
    if (reading.counted) notes = join(notes, reading.note);
  }
  return notes;
}

Energy combine(const Energy& a, const Energy& b) {
  Energy sum = a;
  for (const Reading& reading : b) {
    const auto match = std::ranges::find_if(sum, [&](const Reading& r) { return same_domain(reading, r); });
    if (match == sum.end()) {
      sum.push_back(reading);
    } else {
      *match = add(*match, reading);
    }
  }
  return sum;
}

Energy add(const Energy& earlier, const Energy& later) {
  if (earlier.empty()) return later;
  if (later.empty()) return earlier;
  Energy sum = combine(earlier, later);
  for (Reading& reading : sum) {
    const auto has = [&](const Energy& energy) {
      return std::ranges::any_of(energy, [&](const Reading& r) { return same_domain(reading, r); });
    };
    if (!has(earlier) || !has(later)) reading.note = join(reading.note, "not read throughout");
  }
  return sum;
}

std::string_view name(Quality quality) {
  switch (quality) {
    case Quality::kMeasured:
      return "measured";
    case Quality::kModelled:
      return "modelled";
    case Quality::kReplayed:
      return "replayed";
  }
  return "unknown";
}

Quality worst(const Energy& energy) {
  const auto any = [&](Quality quality) {
    return std::ranges::any_of(
        energy, [&](const Reading& reading) { return reading.counted && reading.quality == quality; });
  };
  if (any(Quality::kModelled)) return Quality::kModelled;
  return any(Quality::kReplayed) ? Quality::kReplayed : Quality::kMeasured;
}

std::string with_error(Joules joules, Joules error) {
  const std::string figure = base::format(joules);
  const double unit = figure.ends_with("MJ")   ? 1e6
                      : figure.ends_with("kJ") ? 1e3
                      : figure.ends_with("mJ") ? 1e-3
                                               : 1;
  const double number = error.value / unit;
  if (number >= 9.95) return fmt::format("{} +- {:.0f}", figure, number);
  return number >= 0.995 ? fmt::format("{} +- {:.1f}", figure, number)
                         : fmt::format("{} +- {:.2g}", figure, number);
}

std::string described_source(const Reading& reading) {
  return reading.method.empty() ? reading.source : reading.source + " " + reading.method;
}

std::string describe(const Energy& energy) {
  const auto joules = total(energy);
  if (!joules)
    return fmt::format("unknown ({})", energy.empty() ? "no energy source"
                                       : std::ranges::none_of(energy, &Reading::counted)
                                           ? "nothing that is read here may be counted"
                                           : note(energy));
  std::set<std::string> origins;
  for (const Reading& reading : energy) {
    if (reading.counted) origins.insert(described_source(reading));
  }
  std::string origin = fmt::format("{}", fmt::join(origins, " + "));
  if (const Quality quality = worst(energy);
      quality != Quality::kMeasured || origin.find(' ') == std::string::npos)
    origin += fmt::format(", {}", name(quality));
  return fmt::format("{} ({})", with_error(*joules, error(energy)), origin);
}

}  // namespace sm2::trial
