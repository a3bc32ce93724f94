#include "space/parameter.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>

#include "base/match.h"
#include "space/integer.h"

namespace sm2::space {

using base::Match;

namespace {

// A share of the way from low to high, on the scale.
double at(double low, double high, Scale scale, double share) {
  if (scale == Scale::kLinear) return std::clamp(low + share * (high - low), low, high);
  return std::clamp(std::exp(std::log(low) + share * (std::log(high) - std::log(low))), low, high);
}

// As a person would write it: the shortest decimal that is the number but for what computing its place has added.
double written(double number) {
  constexpr double kSlack = 1e-12;  // relative
  for (int digits = 1; digits < std::numeric_limits<double>::max_digits10; ++digits) {
    const std::string text = fmt::format("{:.{}e}", number, digits - 1);
    double rounded = 0;
    std::from_chars(text.data(), text.data() + text.size(), rounded);
    if (std::abs(rounded - number) <= kSlack * std::abs(number)) return rounded;
  }
  return number;
}

// A point of a grid; its ends are as they were given.
double point(double low, double high, Scale scale, double share) {
  if (share <= 0) return low;
  if (share >= 1) return high;
  return std::clamp(written(at(low, high, scale, share)), low, high);
}

// 2^64 - 1 where it is more.
std::uint64_t whole(double count) {
  constexpr double kBeyond = 0x1p64;
  return count < kBeyond ? static_cast<std::uint64_t>(count) : std::numeric_limits<std::uint64_t>::max();
}

// Of steps: the number of values, or 2^64 - 1.
std::uint64_t one_more(std::uint64_t count) { return std::max(count, count + 1); }

std::uint64_t steps(const Integer& domain) {
  return (static_cast<std::uint64_t>(domain.high) - static_cast<std::uint64_t>(domain.low)) /
         static_cast<std::uint64_t>(domain.step);
}

std::int64_t nth(const Integer& domain, std::uint64_t n) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(domain.low) +
                                   n * static_cast<std::uint64_t>(domain.step));
}

std::uint64_t steps(const Real& domain) { return whole((domain.high - domain.low) / *domain.step + 1e-9); }

double snap(const Real& domain, double number) {
  if (!domain.step) return number;
  const double n = std::round((number - domain.low) / *domain.step);
  return domain.low + std::min(std::max(n, 0.0), static_cast<double>(steps(domain))) * *domain.step;
}

// The share of a uniform draw on a stepped scale is widened by half a step on either side, so that the ends
// are as likely as the rest.
double widened(double low, double high, double step, base::Random& random) {
  return low - step / 2 + random.uniform() * (high - low + step);
}

Value sample_integer(const Integer& domain, base::Random& random) {
  if (domain.scale == Scale::kLinear) {
    const std::uint64_t last = steps(domain);
    return nth(domain, last == ~std::uint64_t{0} ? random.bits() : random.index(last + 1));
  }
  const double low = static_cast<double>(domain.low) - 0.5, high = static_cast<double>(domain.high) + 0.5;
  return nearest(domain, at(low, high, Scale::kLog, random.uniform()));
}

Value sample_real(const Real& domain, base::Random& random) {
  if (!domain.step) return at(domain.low, domain.high, domain.scale, random.uniform());
  if (domain.scale == Scale::kLinear)
    return snap(domain, widened(domain.low, domain.high, *domain.step, random));
  return snap(domain, at(domain.low, domain.high, Scale::kLog, random.uniform()));
}

base::Result<> check_domain(const Integer& domain) {
  if (domain.low >= domain.high) {
    return base::fail("low = {} must be below high = {}; for a single value write values = [{}]", domain.low,
                      domain.high, domain.low);
  }
  if (domain.step <= 0) return base::fail("step = {} must be positive", domain.step);
  if (domain.scale == Scale::kLog && domain.low < 1) {
    return base::fail("low = {} must be at least 1 on a log scale", domain.low);
  }
  return {};
}

base::Result<> check_domain(const Real& domain) {
  if (!std::isfinite(domain.low) || !std::isfinite(domain.high))
    return base::fail("low and high must be finite");
  if (domain.low >= domain.high) {
    return base::fail("low = {} must be below high = {}; for a single value write values = [{}]", domain.low,
                      domain.high, domain.low);
  }
  if (!std::isfinite(domain.high - domain.low)) return base::fail("high - low is too large for a number");
  if (domain.step && !(*domain.step > 0 && *domain.step <= domain.high - domain.low)) {
    return base::fail("step = {} must be positive and at most high - low", *domain.step);
  }
  if (domain.scale == Scale::kLog && domain.low <= 0) {
    return base::fail("low = {} must be above 0 on a log scale", domain.low);
  }
  return {};
}

base::Result<> check_domain(const Categorical& domain) {
  if (domain.values.empty()) return base::fail("values is empty; give at least one");
  const std::set<Value> distinct(domain.values.begin(), domain.values.end());
  if (distinct.size() != domain.values.size()) return base::fail("values holds the same value twice");
  return {};
}

}  // namespace

std::int64_t nearest(const Integer& domain, double number) {
  const double n = std::round((number - static_cast<double>(domain.low)) / static_cast<double>(domain.step));
  return nth(domain, std::min(whole(std::max(n, 0.0)), steps(domain)));
}

std::int64_t last(const Integer& domain) { return nth(domain, steps(domain)); }

base::Result<> check(const Domain& domain) {
  return std::visit([](const auto& held) { return check_domain(held); }, domain);
}

bool contains(const Domain& domain, const Value& value) {
  return std::visit(
      Match{[&](const Integer& integer) {
              const auto* held = std::get_if<std::int64_t>(&value);
              return held && *held >= integer.low && *held <= integer.high &&
                     (static_cast<std::uint64_t>(*held) - static_cast<std::uint64_t>(integer.low)) %
                             static_cast<std::uint64_t>(integer.step) ==
                         0;
            },
            [&](const Real& real) {
              const auto* held = std::get_if<double>(&value);
              return held && *held >= real.low && *held <= real.high && snap(real, *held) == *held;
            },
            [&](const Categorical& categorical) {
              return std::ranges::find(categorical.values, value) != categorical.values.end();
            }},
      domain);
}

Value sample(const Domain& domain, base::Random& random) {
  return std::visit(Match{[&](const Integer& integer) { return sample_integer(integer, random); },
                          [&](const Real& real) { return sample_real(real, random); },
                          [&](const Categorical& categorical) {
                            return categorical.values[random.index(categorical.values.size())];
                          }},
                    domain);
}

std::optional<std::uint64_t> cardinality(const Domain& domain) {
  return std::visit(
      Match{[](const Integer& integer) { return std::optional(one_more(steps(integer))); },
            [](const Real& real) { return real.step ? std::optional(one_more(steps(real))) : std::nullopt; },
            [](const Categorical& categorical) {
              return std::optional<std::uint64_t>(categorical.values.size());
            }},
      domain);
}

std::vector<Value> grid(const Domain& domain, std::size_t points) {
  if (const auto* categorical = std::get_if<Categorical>(&domain)) return categorical->values;
  const auto count = cardinality(domain);
  const bool all = count && *count <= points;
  const std::size_t rows = all ? *count : points;
  std::vector<Value> values;
  for (std::size_t row = 0; row < rows; ++row) {
    const double share = rows == 1 ? 0.5 : static_cast<double>(row) / static_cast<double>(rows - 1);
    Value value;
    if (const auto* integer = std::get_if<Integer>(&domain)) {
      const auto low = static_cast<double>(integer->low), high = static_cast<double>(integer->high);
      value = all ? nth(*integer, row) : nearest(*integer, at(low, high, integer->scale, share));
    } else {
      const auto& real = std::get<Real>(domain);
      value = all ? real.low + static_cast<double>(row) * *real.step
                  : snap(real, point(real.low, real.high, real.scale, share));
    }
    if (values.empty() || values.back() != value) values.push_back(value);
  }
  return values;
}

}  // namespace sm2::space
