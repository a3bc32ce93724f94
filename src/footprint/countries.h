// Grid intensity by country: grams of CO2 equivalent per kWh of electricity generated there, over a whole year and the
// whole life cycle of the power stations; not what was imported, and not what the hour or the region had.
//
// Source: Ember, "Yearly Electricity Data", CC BY 4.0, https://ember-energy.org/data/yearly-electricity-data/, the latest
// year that it had for each country in the monthly release that co2.js (https://github.com/thegreenwebfoundation/co2.js,
// data/output/average-intensities.json, commit 6628f83) holds; rounded to whole grams. The Central African Republic is
// left out: its figure is 0, a product of rounding.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sm2::footprint {

struct Country {
  std::string_view alpha2, alpha3;  // ISO 3166-1; empty for continents and the world
  std::string_view name;
  int grams_per_kwh;
  int year;
};

std::span<const Country> countries();

// By code or name, in any case: "de", "DEU", "Germany"; null when there is none.
const Country* find_country(std::string_view text);

// The name that was probably meant: one that begins like it, else the nearest.
std::optional<std::string> meant_country(std::string_view text);

}  // namespace sm2::footprint
