#include "cli/measure_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "report/figures.h"
#include "report/printable.h"
#include "report/shell_quote.h"

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

struct Row {
  std::string label, text;
};
using Rows = std::vector<Row>;

constexpr std::size_t kLabels = 11;  // columns, at least

std::string lines(const Rows& rows) {
  std::size_t width = kLabels;
  for (const Row& row : rows) width = std::max(width, row.label.size());
  std::string text;
  for (const Row& row : rows)
    text += fmt::format("{:<{}} {}\n", report::printable(row.label), width, report::printable(row.text));
  return text;
}

std::string shown(Joules energy) { return energy.value == 0 ? "0 J" : base::format(energy); }
std::string shown(Watts power) { return base::format(power); }
std::string shown(Seconds time) {
  if (time < Seconds(0.00995)) return fmt::format("{:.2f} ms", 1000 * time.value);
  return time < Seconds(1) ? fmt::format("{:.1f} ms", 1000 * time.value) : base::format(time);
}

template <class T>
std::string or_unknown(const std::optional<T>& quantity) {
  return quantity ? shown(*quantity) : "unknown";
}

// ---- figures of one run, or medians of several ----

std::string carbon(Joules joules, const footprint::Grid& grid) {
  return footprint::format_carbon(footprint::grams(joules, grid));
}

std::string price(Joules joules, const footprint::Price& price) {
  return footprint::format_cost(footprint::cost(joules, price));
}

void add_domain(Rows& rows, trial::Reading reading, const Figures& figures, const Background& background) {
  const std::string label = fmt::format("{}{}", reading.counted ? "  " : "    of which ", reading.domain);
  reading.counted = true;  // so that it is described by itself
  std::string text = trial::describe({reading});
  if (reading.joules && figures.time && *figures.time > Seconds(0)) {
    text += ", " + shown(*reading.joules / *figures.time);
    if (background.grid) text += ", " + carbon(*reading.joules, *background.grid);
    if (background.price) text += ", " + price(*reading.joules, *background.price);
  }
  rows.push_back({label, text});
}

void add_idle(Rows& rows, const Figures& figures) {
  if (figures.idle) rows.push_back({"idle", shown(*figures.idle)});
  rows.push_back(
      {"above idle", figures.above_idle ? shown(*figures.above_idle) : "unknown: idle power is not known"});
}

void add_footprint(Rows& rows, const Figures& figures, const Background& background) {
  if (const auto& grid = background.grid) {
    const std::string carbon_text =
        figures.joules ? fmt::format("{} +- {}", carbon(*figures.joules, *grid), carbon(figures.error, *grid))
                       : "unknown";
    rows.push_back(
        {"CO2e", fmt::format("{} ({:g} gCO2e/kWh, {})", carbon_text, grid->grams_per_kwh, grid->origin)});
  }
  if (background.price) {
    const std::string cost = figures.joules
                                 ? fmt::format("{} +- {}", price(*figures.joules, *background.price),
                                               price(figures.error, *background.price))
                                 : "unknown";
    rows.push_back({"cost", fmt::format("{} ({:g} {}/kWh)", cost, background.price->per_kwh,
                                        background.price->currency)});
  }
}

void add_limit(Rows& rows, const Background& background) {
  if (background.power_limit) rows.push_back({"power limit", shown(*background.power_limit)});
}

void add_notes(Rows& rows, const Figures& figures, const Background& background) {
  const std::string note = trial::note(figures.energy);
  if (figures.joules && !note.empty()) rows.push_back({"note", note});
  for (const meter::Unusable& missing : background.missing) {
    const std::string remedy = missing.remedy.empty() ? "" : "; remedy: " + missing.remedy;
    rows.push_back({"note", fmt::format("not read: {}{}", missing.reason, remedy)});
  }
}

void add_domains(Rows& rows, const Figures& figures, const Background& background) {
  if (figures.energy.size() < 2) return;
  for (const trial::Reading& reading : figures.energy) add_domain(rows, reading, figures, background);
}

// ---- a series ----

template <class T>
std::string with_spread(const std::string& median, const std::vector<Measurement>& runs,
                        std::optional<T> Figures::* figure) {
  std::vector<double> values;
  for (const Measurement& run : runs) {
    if (const auto value = figures(run).*figure) values.push_back(value->value);
  }
  const auto found = spread(values);
  if (!found) return median;
  std::string text = fmt::format("{}; {} to {}; {}", median, shown(T(found->low)), shown(T(found->high)),
                                 shown(T(found->deviation)));
  if (values.size() < runs.size()) text += fmt::format("; unknown in {} runs", runs.size() - values.size());
  return text;
}

std::string energy_text(const Figures& figures) {
  if (!figures.joules) return trial::describe(figures.energy);
  return fmt::format("{} ({})", report::text(report::Spent{figures.joules, figures.error}),
                     report::provenance(figures.energy));
}

Rows rows_of(const std::vector<Measurement>& runs, const Background& background) {
  const Figures medians = typical(runs);
  Rows rows;
  rows.push_back({"energy", with_spread(energy_text(medians), runs, &Figures::joules)});
  add_domains(rows, medians, background);
  add_idle(rows, medians);
  rows.push_back({"mean power", with_spread(or_unknown(medians.watts), runs, &Figures::watts)});
  rows.push_back({"time", with_spread(or_unknown(medians.time), runs, &Figures::time)});
  rows.push_back({"CPU time", with_spread(or_unknown(medians.cpu_time), runs, &Figures::cpu_time)});
  add_footprint(rows, medians, background);
  add_limit(rows, background);
  add_notes(rows, medians, background);
  return rows;
}

std::string heading(std::size_t runs) {
  return fmt::format("{} run{}: median; lowest to highest; median absolute deviation\n", runs,
                     runs == 1 ? "" : "s");
}

// ---- a comparison ----

std::string ratio_text(const std::optional<Ratio>& ratio, std::string_view verb, std::string_view what) {
  if (!ratio) return "unknown";
  const std::string range = fmt::format("({:.3g} to {:.3g})", ratio->low, ratio->high);
  if (ratio->tells())
    return fmt::format("B {} {:.3g} times the {} of A {}", verb, ratio->median, what, range);
  if (ratio->pairs < kPairsToTell) {
    return fmt::format("{:.3g} times {}; too few pairs to tell a difference, which takes {}", ratio->median,
                       range, kPairsToTell);
  }
  return fmt::format("no difference that this can tell: {:.3g} times {}", ratio->median, range);
}

std::string interval_text(const Ratios& ratios) {
  const std::optional<Ratio>& any = ratios.joules ? ratios.joules : ratios.seconds;
  return any ? fmt::format(" ({:.0f} % interval by the sign test, {} pairs)", 100 * any->coverage, any->pairs)
             : "";
}

void add_ratio_notes(Rows& rows, const Ratios& ratios) {
  if (ratios.unresolved > 0) {
    rows.push_back(
        {"note", fmt::format("left out of the energy: {} pairs that are unknown or too short to resolve",
                             ratios.unresolved)});
  }
  if (ratios.modelled) {
    rows.push_back({"note",
                    "modelled: the model's error cancels in a ratio only in part, namely where both "
                    "commands use the machine alike"});
  }
}

std::string side(std::string_view name, const Series& series, const Background& background) {
  const auto runs = series.succeeded();
  std::string text = fmt::format("{}  {}\n", name, report::printable(report::shell_quote(series.command)));
  return runs.empty() ? text : text + lines(rows_of(runs, background));
}

}  // namespace

std::string text(const Measurement& measurement, const Background& background) {
  const Figures all = figures(measurement);
  Rows rows;
  rows.push_back({"energy", trial::describe(all.energy)});
  add_domains(rows, all, background);
  add_idle(rows, all);
  rows.push_back({"mean power", or_unknown(all.watts)});
  rows.push_back({"time", or_unknown(all.time)});
  rows.push_back({"CPU time", or_unknown(all.cpu_time)});
  add_footprint(rows, all, background);
  add_limit(rows, background);
  add_notes(rows, all, background);
  return lines(rows);
}

std::string text(const Series& series, const Background& background) {
  const auto runs = series.succeeded();
  return runs.empty() ? "" : heading(runs.size()) + lines(rows_of(runs, background));
}

std::string text(const Comparison& comparison, const Background& background) {
  const auto pairs = std::min(comparison.a.succeeded().size(), comparison.b.succeeded().size());
  if (pairs == 0) return "";
  const Ratios found = ratios(comparison);
  Rows rows;
  rows.push_back({"energy", ratio_text(found.joules, "uses", "energy")});
  rows.push_back({"time", ratio_text(found.seconds, "takes", "time")});
  add_ratio_notes(rows, found);
  Background shared = background;
  shared.missing.clear();
  Rows missing;
  add_notes(missing, {}, background);
  return heading(pairs) + side("A", comparison.a, shared) + side("B", comparison.b, shared) +
         fmt::format("B against A: median of the ratios of the pairs{}\n", interval_text(found)) +
         lines(rows) + lines(missing);
}

std::string brief(const RunName& name, std::size_t runs, const Measurement& measurement) {
  const Figures all = figures(measurement);
  const std::string energy =
      all.joules ? report::text(report::Spent{all.joules, all.error}) : trial::describe(all.energy);
  return report::printable(fmt::format("{} {} of {}  {}  {}  {}", name.side.empty() ? "run" : name.side,
                                       name.run, runs, energy, or_unknown(all.watts), or_unknown(all.time))) +
         "\n";
}

}  // namespace sm2::cli
