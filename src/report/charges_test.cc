#include "report/charges.h"

#include <gtest/gtest.h>

#include "report/conclusion.h"
#include "report/html/page.h"
#include "report/standing.h"
#include "report/summary.h"
#include "report/terminal.h"
#include "testing/sample_study.h"

namespace sm2::report {
namespace {

using testing::SampleStudy;

const footprint::Grid kGermany{344, "Germany 2024, Ember"};
const footprint::Price kEuros{0.3, "EUR"};

void open(SampleStudy& study, std::optional<footprint::Grid> grid, std::optional<footprint::Price> price) {
  study.add(trial::Opened{"0.1.0", "host-a", 1, {}, std::move(grid), std::move(price), {}});
}

void run(SampleStudy& study, int trial, trial::Energy energy) {
  study.train(trial, SampleStudy::configuration(64, 0.1), 0, 1);
  study.evaluate(trial, 1, 0.5, energy);
  study.exit(trial, trial::Completed{}, std::move(energy));
}

std::string carbon_of(const SampleStudy& study) {
  return carbon_text(study.state, summarize(study.spec, study.state, false).total.joules);
}
std::string cost_of(const SampleStudy& study) {
  return cost_text(study.state, summarize(study.spec, study.state, false).total.joules);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Charges, AreNotSpokenOfWithoutRates) {
  const SampleStudy study = testing::decided_study();
  EXPECT_EQ(carbon_of(study) + cost_of(study) + grid_text(study.state) + price_text(study.state), "");
  const Study shown{"s", study.spec, study.state, false};
  for (const std::string& text : {show_text(shown), conclusion_text(shown), html::page(shown)})
    EXPECT_FALSE(has(text, "CO2")) << text;
}

TEST(Charges, SayTheFigureAndWhereItComesFrom) {
  SampleStudy study;
  open(study, kGermany, kEuros);
  run(study, 0, SampleStudy::energy(3.6e5));
  EXPECT_EQ(carbon_of(study), "34.4 gCO2e");
  EXPECT_EQ(cost_of(study), "0.030 EUR");
  EXPECT_EQ(grid_text(study.state), "344 gCO2e/kWh: Germany 2024, Ember");
  EXPECT_EQ(price_text(study.state), "0.30 EUR/kWh");
}

TEST(Charges, AreAtLeastWhereEnergyIsUnknownOrHadNoRate) {
  SampleStudy study;
  run(study, 0, SampleStudy::energy(3.6e5));  // in a session without rates
  open(study, kGermany, kEuros);
  EXPECT_EQ(carbon_of(study), "unknown");
  EXPECT_EQ(cost_of(study), "unknown");
  run(study, 1, SampleStudy::energy(3.6e5));
  EXPECT_EQ(carbon_of(study), "at least 34.4 gCO2e");
  EXPECT_EQ(cost_of(study), "at least 0.030 EUR");
  SampleStudy dark;
  open(dark, kGermany, kEuros);
  run(dark, 0, SampleStudy::unknown_energy());
  EXPECT_EQ(carbon_of(dark), "unknown");
  EXPECT_EQ(cost_of(dark), "unknown");
  run(dark, 1, SampleStudy::energy(3.6e5));
  EXPECT_EQ(carbon_of(dark), "at least 34.4 gCO2e");
}

TEST(Charges, RatesThatChangedAreTold) {
  SampleStudy study;
  open(study, footprint::Grid{100, "said by ./intensity"}, kEuros);
  run(study, 0, SampleStudy::energy(3.6e6));
  open(study, footprint::Grid{300, "said by ./intensity"}, footprint::Price{0.5, "USD"});
  run(study, 1, SampleStudy::energy(3.6e6));
  EXPECT_EQ(carbon_of(study), "400 gCO2e");
  EXPECT_EQ(grid_text(study.state), "100 to 300 gCO2e/kWh, by session: said by ./intensity");
  EXPECT_EQ(cost_of(study), "0.30 EUR + 0.50 USD");
  EXPECT_EQ(price_text(study.state), "0.30 EUR/kWh, then 0.50 USD/kWh");
  EXPECT_EQ(cost(study.state, study.state.footprint, base::Joules(7.2e6)), std::nullopt);
}

TEST(Charges, EveryReportHasThem) {
  SampleStudy study;
  open(study, kGermany, kEuros);
  run(study, 0, SampleStudy::energy(3.6e5));
  run(study, 1, SampleStudy::energy(3.6e5));
  study.drop(1, "worse");
  study.close("finished", 0);
  study.spec.budget.carbon = 100;
  study.spec.budget.cost = footprint::Cost{1, "EUR"};
  const Study shown{"s", study.spec, study.state, false};
  const std::string show = show_text(shown);
  EXPECT_TRUE(has(show, "68.8 gCO2e (344 gCO2e/kWh: Germany 2024, Ember)")) << show;
  EXPECT_TRUE(has(show, "0.060 EUR (0.30 EUR/kWh)")) << show;
  EXPECT_TRUE(has(show, "100 gCO2e, 31.2 gCO2e left; 1.00 EUR, 0.94 EUR left")) << show;
  EXPECT_TRUE(
      has(status(study.spec, study.state, {}), " | 68.8 gCO2e of 100 gCO2e | 0.060 EUR of 1.00 EUR | "));
  EXPECT_TRUE(has(conclusion_text(shown), "68.8 gCO2e (344 gCO2e/kWh: Germany 2024, Ember)"));
  EXPECT_TRUE(has(html::page(shown),
                  "68.8 gCO2e, 50 % of it in dropped and failed trials (344 gCO2e/kWh: Germany 2024, "
                  "Ember); 0.060 EUR (0.30 EUR/kWh)"));
}

}  // namespace
}  // namespace sm2::report
