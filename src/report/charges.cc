#include "report/charges.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace sm2::report {
namespace {

using journal::Footprint;
using journal::StudyState;

std::string at_least(bool whole, const std::string& figure) { return whole ? figure : "at least " + figure; }

std::string rate_text(const footprint::Price& price) {
  return footprint::format_cost({price.per_kwh, price.currency}) + "/kWh";
}

}  // namespace

std::optional<double> carbon(const StudyState& state, const Footprint& footprint,
                             std::optional<base::Joules> energy) {
  if (state.grids.empty() || !energy || footprint.without_grid.value != 0) return {};
  return footprint.grams;
}

std::optional<footprint::Cost> cost(const StudyState& state, const Footprint& footprint,
                                    std::optional<base::Joules> energy) {
  if (state.prices.empty() || !energy || footprint.without_price.value != 0 || footprint.cost.size() > 1)
    return {};
  if (footprint.cost.empty()) return footprint::Cost{0, state.prices.back().currency};
  const auto& [currency, amount] = *footprint.cost.begin();
  return footprint::Cost{amount, currency};
}

std::string carbon_text(const StudyState& state, std::optional<base::Joules> energy) {
  if (state.grids.empty()) return "";
  const Footprint& spent = state.footprint;
  const bool whole = energy && spent.without_grid.value == 0;
  if (!whole && spent.grams == 0) return "unknown";
  return at_least(whole, footprint::format_carbon(spent.grams));
}

std::string cost_text(const StudyState& state, std::optional<base::Joules> energy) {
  if (state.prices.empty()) return "";
  const Footprint& spent = state.footprint;
  const bool whole = energy && spent.without_price.value == 0;
  std::vector<std::string> amounts;
  for (const auto& [currency, amount] : spent.cost)
    amounts.push_back(footprint::format_cost({amount, currency}));
  if (amounts.empty()) return whole ? footprint::format_cost({0, state.prices.back().currency}) : "unknown";
  return at_least(whole, fmt::format("{}", fmt::join(amounts, " + ")));
}

std::string grid_text(const StudyState& state) {
  if (state.grids.empty()) return "";
  const auto [least, most] = std::ranges::minmax(state.grids, {}, &footprint::Grid::grams_per_kwh);
  std::vector<std::string> origins;
  for (const footprint::Grid& grid : state.grids) {
    if (std::ranges::find(origins, grid.origin) == origins.end()) origins.push_back(grid.origin);
  }
  const bool varied = least.grams_per_kwh != most.grams_per_kwh;
  const std::string rate = varied ? fmt::format("{:.4g} to {:.4g}", least.grams_per_kwh, most.grams_per_kwh)
                                  : fmt::format("{:.4g}", least.grams_per_kwh);
  return fmt::format("{} gCO2e/kWh{}: {}", rate, varied ? ", by session" : "", fmt::join(origins, "; "));
}

std::string price_text(const StudyState& state) {
  std::vector<std::string> rates;
  for (const footprint::Price& price : state.prices) rates.push_back(rate_text(price));
  return fmt::format("{}", fmt::join(rates, ", then "));
}

std::string charges_text(const StudyState& state, const Summary& summary) {
  const auto total = carbon(state, state.footprint, summary.total.joules);
  const auto dropped = carbon(state, summary.dropped_footprint, summary.dropped.joules);
  std::string said = carbon_text(state, summary.total.joules);
  if (!said.empty() && total && dropped && *total > 0)
    said += fmt::format(", {} of it in dropped and failed trials", share_text(*dropped / *total));
  if (!said.empty()) said += " (" + grid_text(state) + ")";
  if (const std::string paid = cost_text(state, summary.total.joules); !paid.empty())
    said += fmt::format("{}{} ({})", said.empty() ? "" : "; ", paid, price_text(state));
  return said;
}

}  // namespace sm2::report
