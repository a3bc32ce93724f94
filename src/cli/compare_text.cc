#include "cli/compare_text.h"

#include <algorithm>

#include "base/units.h"
#include "report/figures.h"
#include "report/printable.h"
#include "report/table.h"

namespace sm2::cli {
namespace {

using compare::Case;
using compare::Comparison;
using compare::Figure;

std::string times(double over) {
  if (over >= 1000) return report::number_text(over);
  return over >= 99.95 ? fmt::format("{:.0f}", over) : fmt::format("{:.{}f}", over, over >= 9.995 ? 1 : 2);
}

// What was spent in vain is less than the job would have needed.
std::string at_least(double over, int missed) { return (missed > 0 ? ">" : "") + times(over); }

std::string interval(const Figure& figure) { return times(figure.low) + " to " + times(figure.high); }

double own_sense(const Case& of, double oriented) { return of.minimized ? -oriented : oriented; }

std::string metric_text(const std::optional<Figure>& figure, const Case& of) {
  return figure ? report::number_text(own_sense(of, figure->mean)) : "none";
}

bool any_regret(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const auto& row) { return row.regret.has_value(); });
}
bool any_test(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const auto& row) { return row.test_metric.has_value(); });
}
bool any_whole(const Comparison& comparison) {
  return std::ranges::any_of(comparison.rows, [](const auto& row) { return row.whole.has_value(); });
}

std::string setting(const space::Configuration& configuration, std::optional<base::Watts> limit) {
  std::string text = space::describe(configuration);
  if (limit) text += (text.empty() ? "" : " ") + fmt::format("power_limit={}", base::format(*limit));
  return text;
}

// "accuracy to 0.65; the oracle needs 412 kJ (replayed), 45 min 10 s: batch_size=128 power_limit=125 W"
std::string about(const Case& of, const std::string& quality) {
  std::string text = of.target
                         ? fmt::format("{} to {}", of.metric, report::number_text(own_sense(of, *of.target)))
                         : fmt::format("{}, trained to the end", of.metric);
  if (!of.oracle) {
    return text + fmt::format("; the least median energy is {} ({})", base::format(of.reference), quality);
  }
  text += fmt::format("; the oracle needs {} ({}), {}: {}", base::format(of.oracle->joules), quality,
                      base::format(of.oracle->seconds), setting(of.oracle->configuration, of.oracle->limit));
  if (!of.target) {
    text += fmt::format(", {} {}", of.metric, report::number_text(own_sense(of, of.oracle->metric)));
  }
  return text;
}

bool has_oracle(const Comparison& comparison) {
  return !comparison.cases.empty() && comparison.cases.front().oracle;
}

std::string reference(const Comparison& comparison) {
  return has_oracle(comparison) ? "over oracle" : "over best";
}

int last(const Comparison& comparison) { return comparison.recurrences - compare::kFirstRecurrences; }

std::vector<report::Column> columns(const Comparison& comparison) {
  std::vector<report::Column> all = {
      {"  strategy"}, {reference(comparison), true}, {"95 % interval", true}, {"median", true}};
  if (last(comparison) > 0) all.push_back({fmt::format("last {}", last(comparison)), true});
  all.push_back({fmt::format("energy, {}", comparison.quality), true});
  for (const char* heading : {"time", "metric"}) all.push_back({heading, true});
  if (any_test(comparison)) all.push_back({"test metric", true});
  if (any_regret(comparison)) all.push_back({"regret", true});
  for (const char* heading : {"trials", "reached"}) all.push_back({heading, true});
  if (!any_whole(comparison)) return all;
  for (const char* heading : {"energy to the end", "metric there"}) all.push_back({heading, true});
  if (any_test(comparison)) all.push_back({"test metric there", true});
  return all;
}

// The cells after the strategy's name, as columns() has them.
std::vector<std::string> cells(const Comparison& comparison, const compare::Row& row) {
  const Case& of = comparison.cases[row.at];
  std::vector<std::string> all = {at_least(row.over.mean, row.missed), interval(row.over),
                                  times(row.over.median)};
  if (row.over_last) all.push_back(times(row.over_last->mean));
  all.push_back(base::format(base::Joules(row.joules.mean)));
  all.push_back(base::format(base::Seconds(row.seconds.mean)));
  all.push_back(metric_text(row.metric, of));
  if (any_test(comparison)) all.push_back(metric_text(row.test_metric, of));
  if (any_regret(comparison)) all.push_back(row.regret ? report::number_text(row.regret->mean) : "");
  const int jobs = comparison.seeds * comparison.recurrences;
  all.push_back(report::number_text(row.trials));
  all.push_back(fmt::format("{}/{}", jobs - row.missed, jobs));
  if (!any_whole(comparison)) return all;
  all.push_back(row.whole ? base::format(base::Joules(row.whole->joules.mean)) : "");
  all.push_back(row.whole ? metric_text(row.whole->metric, of) : "");
  if (any_test(comparison)) all.push_back(row.whole ? metric_text(row.whole->test_metric, of) : "");
  return all;
}

std::string joined(const std::vector<std::string>& lines) {
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::string cases_text(const Comparison& comparison) {
  std::vector<report::Row> rows;
  for (const compare::Row& row : comparison.rows) {
    report::Row& cells_of = rows.emplace_back(report::Row{"  " + row.strategy});
    const auto rest = cells(comparison, row);
    cells_of.insert(cells_of.end(), rest.begin(), rest.end());
  }
  const std::vector<std::string> lines = report::table(columns(comparison), rows);
  std::string text = lines.front() + "\n";
  for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
    const std::size_t at = comparison.rows[i].at;
    if (i == 0 || comparison.rows[i - 1].at != at) {
      const Case& of = comparison.cases[at];
      text +=
          "\n" + report::printable(of.name) + ": " + report::printable(about(of, comparison.quality)) + "\n";
    }
    text += lines[i + 1] + "\n";
  }
  return text;
}

std::vector<std::string> summary_headings(const Comparison& comparison) {
  std::vector<std::string> all = {"geometric mean", "worst"};
  if (last(comparison) > 0) {
    all.push_back(fmt::format("geometric mean, last {}", last(comparison)));
    all.push_back(fmt::format("worst, last {}", last(comparison)));
  }
  return all;
}

std::vector<std::string> summary_cells(const compare::Summary& one) {
  std::vector<std::string> all = {at_least(one.geomean, one.missed), at_least(one.worst, one.missed)};
  if (one.geomean_last) all.push_back(at_least(*one.geomean_last, one.missed));
  if (one.worst_last) all.push_back(at_least(*one.worst_last, one.missed));
  return all;
}

std::string summary_text(const Comparison& comparison) {
  std::vector<report::Column> headings = {
      {fmt::format("all {} cases, {}", comparison.cases.size(), reference(comparison))}};
  for (const std::string& heading : summary_headings(comparison)) headings.push_back({heading, true});
  std::vector<report::Row> rows;
  for (const compare::Summary& one : comparison.summary) {
    report::Row& row = rows.emplace_back(report::Row{"  " + one.strategy});
    const auto rest = summary_cells(one);
    row.insert(row.end(), rest.begin(), rest.end());
  }
  return "\n" + joined(report::table(headings, rows));
}

// What a reader of the figures must know.
std::vector<std::string> remarks(const Comparison& comparison) {
  std::vector<std::string> all;
  const std::size_t jobs =
      comparison.cases.size() * static_cast<std::size_t>(comparison.seeds * comparison.recurrences);
  for (const compare::Summary& one : comparison.summary) {
    if (one.missed == 0) continue;
    std::vector<std::string> cases;
    bool target = false;
    for (const compare::Row& row : comparison.rows) {
      if (row.strategy != one.strategy || row.missed == 0) continue;
      const Case& of = comparison.cases[row.at];
      target |= of.target.has_value();
      cases.push_back(of.name);
    }
    const std::string starts = has_oracle(comparison) && target
                                   ? fmt::format(" in {} starts of the strategy", compare::kMostStarts)
                                   : "";
    all.push_back(
        fmt::format("{}: {} of {} jobs ({}) did not {}{}; they count with what they used, which is less than "
                    "they need",
                    one.strategy, one.missed, jobs, fmt::join(cases, ", "),
                    target ? "reach the target" : "find a winner", starts));
  }
  return all;
}

std::string settings_text(const Comparison& comparison) {
  return fmt::format(
      "{} seeds from {}, {} {}{}", comparison.seeds, comparison.first_seed, comparison.workers,
      comparison.workers == 1 ? "worker" : "workers",
      comparison.recurrences > 1
          ? fmt::format(", each job {} times with what was learnt before", comparison.recurrences)
          : "");
}

std::vector<std::string> method(const Comparison& comparison) {
  std::vector<std::string> all = {settings_text(comparison) + ".",
                                  fmt::format("All energy is {} (source: {}), and all of it is counted: "
                                              "exploration, dropped and failed trials, and "
                                              "what other workers used until the job was over.",
                                              comparison.quality, comparison.source)};
  if (has_oracle(comparison)) {
    all.push_back(
        "The oracle knows the best setting and power limit beforehand and trains it once; its energy is a "
        "mean "
        "over the recorded runs. The n-th training of a setting is the same recorded run for every "
        "strategy.");
  } else {
    all.push_back(
        "Every study was trained for real, the strategies in alternating order. The best setting is not "
        "known: "
        "energy is a multiple of the least median among the strategies.");
  }
  if (any_test(comparison)) {
    all.push_back(
        "The test metric is that of the same trial at the same moment on held-out data; no strategy sees "
        "it.");
  }
  if (any_whole(comparison)) {
    all.push_back(
        "'To the end' is a second study with the same seed and without the target: what the strategy spends "
        "until it "
        "finishes by itself, and its winner there.");
  }
  all.push_back("Intervals hold the mean with 95 % (percentile bootstrap over seeds).");
  return all;
}

}  // namespace

std::string text(const Comparison& comparison) {
  std::string all = cases_text(comparison);
  if (comparison.cases.size() > 1) all += summary_text(comparison);
  all += "\n" + settings_text(comparison) + "\n";
  for (const std::string& remark : remarks(comparison)) all += report::printable(remark) + "\n";
  return all;
}

report::html::ComparedPage page_of(const Comparison& comparison) {
  report::html::ComparedPage page;
  page.over = has_oracle(comparison) ? "energy over the oracle's" : "energy over the best median";
  for (const report::Column& column : columns(comparison)) page.headings.push_back(column.heading);
  page.headings.front() = "strategy";
  for (const Case& of : comparison.cases) page.cases.push_back({of.name, about(of, comparison.quality), {}});
  for (const compare::Row& row : comparison.rows) {
    page.cases[row.at].rows.push_back({row.strategy, row.over.mean, row.over.low, row.over.high,
                                       row.over.median, cells(comparison, row), row.missed == 0});
  }
  page.summary_headings = summary_headings(comparison);
  page.summary_headings.insert(page.summary_headings.begin(), "strategy");
  for (const compare::Summary& one : comparison.summary)
    page.summary.push_back({one.strategy, one.geomean, one.geomean, one.worst, one.geomean,
                            summary_cells(one), one.missed == 0});
  page.method = method(comparison);
  for (const std::string& remark : remarks(comparison)) page.method.push_back(remark + ".");
  return page;
}

}  // namespace sm2::cli
