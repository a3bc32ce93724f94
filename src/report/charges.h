// What the energy of a study cost the climate and the payer, for people: CO2 equivalent and money, with the rates that
// they rest on. Unknown is not zero: where energy is unknown, or arrived in a session without a rate, the known part
// is "at least".
#pragma once

#include <optional>
#include <string>

#include "footprint/footprint.h"
#include "journal/state.h"
#include "report/summary.h"

namespace sm2::report {

// Absent: not all of it is known, or no session had a rate. `energy` is everything that the footprint is of.
std::optional<double> carbon(const journal::StudyState& state, const journal::Footprint& footprint,
                             std::optional<base::Joules> energy);
std::optional<footprint::Cost> cost(const journal::StudyState& state, const journal::Footprint& footprint,
                                    std::optional<base::Joules> energy);

// Of the whole study. "12.3 gCO2e", "at least 12.3 gCO2e", "unknown"; empty when no session had a grid.
std::string carbon_text(const journal::StudyState& state, std::optional<base::Joules> energy);
std::string cost_text(const journal::StudyState& state, std::optional<base::Joules> energy);

// "344 gCO2e/kWh: Germany 2024, Ember", "100 to 300 gCO2e/kWh, by session: said by ./intensity"; empty likewise.
std::string grid_text(const journal::StudyState& state);
std::string price_text(const journal::StudyState& state);  // "0.30 EUR/kWh"

// Both, with their rates: "68.8 gCO2e, 50 % of it in dropped and failed trials (344 gCO2e/kWh: ...); 0.060 EUR (0.30 EUR/kWh)";
// empty where there are neither.
std::string charges_text(const journal::StudyState& state, const Summary& summary);

}  // namespace sm2::report
