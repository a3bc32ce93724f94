#include "footprint/footprint.h"

#include <gtest/gtest.h>

#include <set>

#include "footprint/countries.h"

namespace sm2::footprint {
namespace {

using base::Joules;

template <class T>
std::string complaint(const base::Result<T>& result) {
  return result ? "accepted" : result.error().message;
}

TEST(Grid, IsACountryByCodeOrNameInAnyCase) {
  const Grid germany{344, "Germany 2024, Ember"};
  for (const char* written : {"DE", "de", "DEU", "Germany", "GERMANY"})
    EXPECT_EQ(*parse_grid(written), germany) << written;
  EXPECT_EQ(parse_grid("UK")->origin, "United Kingdom 2024, Ember");
  EXPECT_EQ(*parse_grid("world"), (Grid{473, "World 2024, Ember"}));
}

TEST(Grid, IsAFigureWithItsUnit) {
  const Grid stated{380, "stated by the user"};
  for (const char* written : {"380 gCO2e/kWh", "380gCO2/kWh", "380 gCO2eq/kWh", "380 kgCO2e/MWh",
                              "380 kgCO2/MWh", "0.38 kgCO2e/kWh", "3.8e2 gCO2e/kWh"})
    EXPECT_EQ(*parse_grid(written), stated) << written;
  EXPECT_EQ(parse_grid("0 gCO2e/kWh")->grams_per_kwh, 0);
}

TEST(Grid, SaysWhatWouldBeRight) {
  EXPECT_EQ(complaint(parse_grid("380 g")),
            "'g' is not a unit here; write one of gCO2e/kWh, kgCO2e/MWh, kgCO2e/kWh, for example \"380 "
            "gCO2e/kWh\"");
  EXPECT_EQ(complaint(parse_grid("Germani")),
            "'Germani' is in no table of countries; did you mean 'Germany'? A figure is right too: \"380 "
            "gCO2e/kWh\"");
  EXPECT_EQ(complaint(parse_grid("XX")),
            "'XX' is in no table of countries; write an ISO 3166 code or a name (\"DE\", \"Germany\", "
            "\"world\"), or a figure "
            "(\"380 gCO2e/kWh\")");
  EXPECT_NE(complaint(parse_grid("Ger")).find("did you mean 'Germany'?"), std::string::npos);
  for (const char* wrong :
       {"", " ", "380", "-1 gCO2e/kWh", "5001 gCO2e/kWh", "9 kgCO2e/kWh", "1e999 gCO2e/kWh", "380 gCO2e/kWh!",
        "380 gCO2e/KWH", "nan", "nan gCO2e/kWh", "inf gCO2e/kWh", "--3", "380 gCO2e"})
    EXPECT_FALSE(parse_grid(wrong)) << wrong;
}

TEST(Countries, EveryEntryIsFoundByItsOwnWordsAndIsPlausible) {
  std::set<std::string_view> words;
  for (const Country& country : countries()) {
    for (const std::string_view word : {country.name, country.alpha2, country.alpha3}) {
      if (word.empty()) continue;
      EXPECT_EQ(find_country(word), &country) << word;
      EXPECT_TRUE(words.insert(word).second) << word;
    }
    EXPECT_GT(country.grams_per_kwh, 0) << country.name;
    EXPECT_LT(country.grams_per_kwh, 1500) << country.name;
    EXPECT_GE(country.year, 2022) << country.name;
  }
  EXPECT_GE(countries().size(), 200u);
}

TEST(Price, NeedsACurrencyAndAnEnergy) {
  EXPECT_EQ(*parse_price("0.30 EUR/kWh"), (Price{0.3, "EUR"}));
  EXPECT_EQ(*parse_price("95 EUR/MWh"), (Price{0.095, "EUR"}));
  EXPECT_EQ(complaint(parse_price("0.30 euro")),
            "'euro' is not a unit here; write a currency of three capital letters per kWh or MWh, for "
            "example \"0.30 "
            "EUR/kWh\"");
  for (const char* wrong : {"", "EUR/kWh", "0.3", "0.3 EUR", "0.3 eur/kWh", "0.3 EURO/kWh", "0.3 EUR/J",
                            "-0.3 EUR/kWh", "nan EUR/kWh", "1e9 EUR/kWh", "0.3 EUR/kWh/kWh", "0.3 EUR/"})
    EXPECT_FALSE(parse_price(wrong)) << wrong;
}

TEST(Carbon, IsReadInGrams) {
  EXPECT_EQ(*parse_carbon("200 gCO2e"), 200);
  EXPECT_EQ(*parse_carbon("1.5 kgCO2"), 1500);
  EXPECT_EQ(*parse_carbon("2 tCO2e"), 2e6);
  EXPECT_EQ(complaint(parse_carbon("200 g")),
            "'g' is not a unit here; write one of gCO2e, kgCO2e, tCO2e, for example \"200 gCO2e\"");
  for (const char* wrong : {"", "200", "200 gCO2e/kWh", "-1 gCO2e", "nan gCO2e", "CO2e"})
    EXPECT_FALSE(parse_carbon(wrong));
}

TEST(Cost, IsAnAmountOfACurrency) {
  EXPECT_EQ(*parse_cost("1.50 EUR"), (Cost{1.5, "EUR"}));
  for (const char* wrong : {"", "1.50", "1.50 eur", "1.50 EUR/kWh", "-1 EUR", "nan EUR", "EUR"})
    EXPECT_FALSE(parse_cost(wrong)) << wrong;
}

TEST(Footprint, IsEnergyTimesIntensityAndPrice) {
  EXPECT_DOUBLE_EQ(grams(Joules(7.2e6), {380, ""}), 760);
  EXPECT_DOUBLE_EQ(cost(Joules(7.2e6), {0.3, "EUR"}).amount, 0.6);
  EXPECT_EQ(cost(Joules(0), {0.3, "EUR"}), (Cost{0, "EUR"}));
}

TEST(Footprint, IsWrittenWithThreeDigitsAndCostWithTwoOrMoreDecimals) {
  EXPECT_EQ(format_carbon(12.34), "12.3 gCO2e");
  EXPECT_EQ(format_carbon(1), "1.00 gCO2e");
  EXPECT_EQ(format_carbon(999.7), "1.00 kgCO2e");
  EXPECT_EQ(format_carbon(1200), "1.20 kgCO2e");
  EXPECT_EQ(format_carbon(2.5e6), "2.50 tCO2e");
  EXPECT_EQ(format_carbon(0.00123), "1.23 mgCO2e");
  EXPECT_EQ(format_carbon(1.2e-6), "0.00120 mgCO2e");
  EXPECT_EQ(format_carbon(0), "0 gCO2e");
  EXPECT_EQ(format_cost({0.0012, "EUR"}), "0.0012 EUR");
  EXPECT_EQ(format_cost({1.5, "EUR"}), "1.50 EUR");
  EXPECT_EQ(format_cost({0.3, "EUR"}), "0.30 EUR");
  EXPECT_EQ(format_cost({0, "EUR"}), "0 EUR");
  EXPECT_EQ(format_cost({123456, "VND"}), "123456 VND");
}

}  // namespace
}  // namespace sm2::footprint
