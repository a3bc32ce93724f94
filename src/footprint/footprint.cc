#include "footprint/footprint.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <vector>

#include "footprint/countries.h"

namespace sm2::footprint {
namespace {

constexpr double kJoulesPerKwh = 3.6e6;
constexpr double kMostGramsPerKwh = 5000;  // oil shale in an old power station comes to about 1500
constexpr double kMostPerKwh = 1e6;        // of any currency
constexpr double kMostGrams = 1e15;
constexpr double kMostCost = 1e15;

struct Unit {
  std::string_view name;
  double factor;
};

constexpr Unit kIntensity[] = {{"gCO2e/kWh", 1}, {"kgCO2e/MWh", 1}, {"kgCO2e/kWh", 1000}};
constexpr Unit kCarbon[] = {{"gCO2e", 1}, {"kgCO2e", 1e3}, {"tCO2e", 1e6}};
constexpr Unit kPriced[] = {{"/kWh", 1}, {"/MWh", 1e-3}};

struct Quantity {
  double number = 0;
  std::string unit;  // as written
};

// A number and what follows it.
base::Result<Quantity> split(std::string_view text, std::string_view example) {
  Quantity quantity;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), quantity.number);
  if (code != std::errc() || !std::isfinite(quantity.number)) {
    return base::fail("'{}' does not begin with a number; write for example \"{}\"", text, example);
  }
  std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  quantity.unit = rest;
  return quantity;
}

// CO2 and CO2eq are written for CO2e.
std::string with_co2e(std::string unit) {
  const auto at = unit.find("CO2");
  if (at == std::string::npos) return unit;
  const auto end = at + 3;
  if (unit.compare(end, 2, "eq") == 0) return unit.replace(end, 2, "e");
  return unit.compare(end, 1, "e") == 0 ? unit : unit.insert(end, "e");
}

base::Result<double> in_units(const Quantity& quantity, std::span<const Unit> units, double most,
                              std::string_view example) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units) names.push_back(unit.name);
  const std::string unit = with_co2e(quantity.unit);
  const auto known = std::ranges::find(units, unit, &Unit::name);
  if (known == units.end()) {
    return base::fail("'{}' is not a unit here; write one of {}, for example \"{}\"", quantity.unit,
                      fmt::join(names, ", "), example);
  }
  const double value = quantity.number * known->factor;
  if (value < 0) return base::fail("{:g} is below 0; write for example \"{}\"", quantity.number, example);
  if (value > most) {
    return base::fail("{:g} {} is more than {:g} {}, which cannot be; check the unit", quantity.number,
                      known->name, most, units.front().name);
  }
  return value;
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

base::Result<Grid> parse_country(std::string_view text) {
  const Country* country = find_country(text);
  if (country) {
    return Grid{static_cast<double>(country->grams_per_kwh),
                fmt::format("{} {}, Ember", country->name, country->year)};
  }
  if (const auto meant = meant_country(text)) {
    return base::fail(
        "'{}' is in no table of countries; did you mean '{}'? A figure is right too: \"380 gCO2e/kWh\"", text,
        *meant);
  }
  return base::fail(
      "'{}' is in no table of countries; write an ISO 3166 code or a name (\"DE\", \"Germany\", \"world\"), "
      "or "
      "a figure (\"380 gCO2e/kWh\")",
      text);
}

// Decimals that show `digits` of them, whatever the size.
int decimals(double number, int digits) {
  if (number == 0 || !std::isfinite(number)) return 0;
  return std::clamp(digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(number)))), 0, 12);
}

std::string three_digits(double number) {
  return fmt::format("{:.{}f}", number, decimals(number * 1.0005, 3));
}

}  // namespace

base::Result<Grid> parse_grid(std::string_view text) {
  constexpr std::string_view kExample = "380 gCO2e/kWh";
  const bool figure =
      !text.empty() && std::string_view("0123456789.-+").find(text[0]) != std::string_view::npos;
  if (!figure) return parse_country(text);
  return split(text, kExample)
      .and_then([&](const Quantity& quantity) {
        return in_units(quantity, kIntensity, kMostGramsPerKwh, kExample);
      })
      .map([](double grams_per_kwh) { return Grid{grams_per_kwh, "stated by the user"}; });
}

base::Result<Price> parse_price(std::string_view text) {
  constexpr std::string_view kExample = "0.30 EUR/kWh";
  auto quantity = split(text, kExample);
  if (!quantity) return tl::unexpected(quantity.error());
  const std::string currency = quantity->unit.substr(0, quantity->unit.find('/'));
  if (currency.empty()) return base::fail("'{}' has no unit; write for example \"{}\"", text, kExample);
  if (!is_currency(currency) || currency.size() == quantity->unit.size()) {
    return base::fail(
        "'{}' is not a unit here; write a currency of three capital letters per kWh or MWh, for example "
        "\"{}\"",
        quantity->unit, kExample);
  }
  quantity->unit.erase(0, currency.size());
  return in_units(*quantity, kPriced, kMostPerKwh, kExample).map([&](double per_kwh) {
    return Price{per_kwh, currency};
  });
}

base::Result<double> parse_carbon(std::string_view text) {
  constexpr std::string_view kExample = "200 gCO2e";
  return split(text, kExample).and_then([&](const Quantity& quantity) {
    return in_units(quantity, kCarbon, kMostGrams, kExample);
  });
}

base::Result<Cost> parse_cost(std::string_view text) {
  constexpr std::string_view kExample = "1.50 EUR";
  const auto quantity = split(text, kExample);
  if (!quantity) return tl::unexpected(quantity.error());
  if (!is_currency(quantity->unit)) {
    return base::fail("'{}' is not a currency; write three capital letters, for example \"{}\"",
                      quantity->unit, kExample);
  }
  if (quantity->number < 0 || quantity->number > kMostCost) {
    return base::fail("{:g} {} is no cost; write for example \"{}\"", quantity->number, quantity->unit,
                      kExample);
  }
  return Cost{quantity->number, quantity->unit};
}

double grams(base::Joules energy, const Grid& grid) {
  return energy.value / kJoulesPerKwh * grid.grams_per_kwh;
}

Cost cost(base::Joules energy, const Price& price) {
  return {energy.value / kJoulesPerKwh * price.per_kwh, price.currency};
}

std::string format_carbon(double grams) {
  const double size = std::abs(grams);
  if (size >= 999.5e3) return three_digits(grams / 1e6) + " tCO2e";
  if (size >= 999.5) return three_digits(grams / 1e3) + " kgCO2e";
  if (size >= 0.9995 || size == 0) return three_digits(grams) + " gCO2e";
  return three_digits(grams * 1e3) + " mgCO2e";
}

std::string format_cost(const Cost& cost) {
  const double size = std::abs(cost.amount);
  const int digits = size >= 1e4 || size == 0 ? 0 : std::max(2, decimals(cost.amount, 2));
  return fmt::format("{:.{}f} {}", cost.amount, digits, cost.currency);
}

}  // namespace sm2::footprint
