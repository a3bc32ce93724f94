#include "base/units.h"

#include <charconv>
#include <cmath>
#include <span>

namespace sm2::base {
namespace {

struct Unit {
  std::string_view name;
  double in_si;
};

constexpr Unit kEnergy[] = {{"mJ", 1e-3}, {"J", 1},       {"kJ", 1e3},   {"MJ", 1e6},
                            {"Wh", 3600}, {"kWh", 3.6e6}, {"MWh", 3.6e9}};
constexpr Unit kDuration[] = {{"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
constexpr Unit kPower[] = {{"mW", 1e-3}, {"W", 1}, {"kW", 1e3}};
constexpr Unit kSize[] = {{"B", 1},         {"kB", 1e3},      {"MB", 1e6},     {"GB", 1e9},
                          {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

std::string known(std::span<const Unit> units) {
  std::string names;
  for (const Unit& unit : units) names += (names.empty() ? "" : ", ") + std::string(unit.name);
  return names;
}

Result<double> parse(std::string_view text, std::span<const Unit> units, std::string_view example) {
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || !std::isfinite(number)) {
    return fail("'{}' does not begin with a number; write for example \"{}\"", text, example);
  }
  std::string_view name = text.substr(static_cast<std::size_t>(end - text.data()));
  while (name.starts_with(' ')) name.remove_prefix(1);
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    if (const double si = number * unit.in_si; std::isfinite(si)) return si;
    return fail("'{}' is too large; write for example \"{}\"", text, example);
  }
  if (name.empty())
    return fail("'{}' has no unit; write one of {}, for example \"{}\"", text, known(units), example);
  return fail("'{}' is not a unit here; write one of {}, for example \"{}\"", name, known(units), example);
}

std::string three_digits(double number) {
  const double size = std::abs(number);
  if (size >= 99.95) return fmt::format("{:.0f}", number);
  if (size >= 9.995) return fmt::format("{:.1f}", number);
  return fmt::format("{:.2f}", number);
}

}  // namespace

Result<Joules> parse_energy(std::string_view text) {
  return parse(text, kEnergy, "500 Wh").map([](double si) { return Joules(si); });
}

Result<Seconds> parse_duration(std::string_view text) {
  return parse(text, kDuration, "90 min").map([](double si) { return Seconds(si); });
}

Result<Watts> parse_power(std::string_view text) {
  return parse(text, kPower, "3.5 W").map([](double si) { return Watts(si); });
}

Result<std::size_t> parse_size(std::string_view text) {
  auto bytes = parse(text, kSize, "1 MiB");
  if (!bytes) return tl::unexpected(bytes.error());
  if (*bytes < 0 || *bytes > 1e15) return fail("'{}' is no size; write for example \"1 MiB\"", text);
  return static_cast<std::size_t>(*bytes);
}

std::string format(Joules energy) {
  const double size = std::abs(energy.value);
  if (size >= 999.5e3) return three_digits(energy.value / 1e6) + " MJ";
  if (size >= 999.5) return three_digits(energy.value / 1e3) + " kJ";
  if (size > 0 && size < 0.9995) return three_digits(energy.value * 1e3) + " mJ";
  return three_digits(energy.value) + " J";
}

std::string format(Seconds duration) {
  const double seconds = duration.value;
  if (seconds < 59.95) return three_digits(seconds) + " s";
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string format(Watts power) {
  if (std::abs(power.value) >= 999.5) return three_digits(power.value / 1e3) + " kW";
  return three_digits(power.value) + " W";
}

}  // namespace sm2::base
