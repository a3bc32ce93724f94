// What energy costs the climate and the payer: grid intensity and price, with their origin. Plain data and arithmetic;
// no file, no process.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::footprint {

struct Grid {
  double grams_per_kwh = 0;  // CO2 equivalent
  std::string origin;        // "Germany 2023, Ember", "stated by the user", "said by ./intensity"
  bool operator==(const Grid&) const = default;
};

struct Price {
  double per_kwh = 0;
  std::string currency;  // "EUR": three capital letters
  bool operator==(const Price&) const = default;
};

struct Cost {
  double amount = 0;
  std::string currency;
  bool operator==(const Cost&) const = default;
};

// A country of the built-in table, by its ISO 3166 code or its name ("DE", "DEU", "Germany"); or a figure:
// "380 gCO2e/kWh" (also kgCO2e/MWh, and CO2 for CO2e).
base::Result<Grid> parse_grid(std::string_view text);
base::Result<Price> parse_price(std::string_view text);    // "0.30 EUR/kWh", "95 EUR/MWh"
base::Result<double> parse_carbon(std::string_view text);  // grams: "200 gCO2e", "1.5 kgCO2e", "2 tCO2e"
base::Result<Cost> parse_cost(std::string_view text);      // "1.50 EUR"

double grams(base::Joules energy, const Grid& grid);
Cost cost(base::Joules energy, const Price& price);

std::string format_carbon(double grams);    // "12.3 gCO2e", "1.20 kgCO2e"
std::string format_cost(const Cost& cost);  // "0.0012 EUR", "1.50 EUR"

}  // namespace sm2::footprint
