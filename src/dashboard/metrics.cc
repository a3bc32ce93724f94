#include "dashboard/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "dashboard/shown.h"
#include "report/utf8.h"

namespace sm2::dashboard {
namespace {

// A label's value; what is not UTF-8 is left out.
std::string label(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const auto [value, bytes] = report::first_code_point(text);
    if (value == U'\\' || value == U'"') safe += '\\';
    if (value == U'\n') {
      safe += "\\n";
    } else if (value) {
      safe += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return safe;
}

using Rows = std::vector<std::shared_ptr<const Row>>;

class Text {
 public:
  explicit Text(const Rows& rows) : rows_(rows) {}

  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    all_ += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
  }
  void sample(std::string_view labels, double value) {
    all_ += fmt::format("{}{} {}\n", name_, labels, value);
  }

  // One of each study that `value` knows of.
  void of_each(std::string_view name, std::string_view type, std::string_view help,
               const std::function<std::optional<double>(const Row&)>& value) {
    family(name, type, help);
    for (const auto& row : rows_) {
      if (!row->trouble.empty()) continue;
      if (const auto known = value(*row)) sample(fmt::format("{{study=\"{}\"}}", label(row->study)), *known);
    }
  }

  void of_each_state(std::string_view name, std::string_view help,
                     const std::function<std::vector<std::pair<std::string_view, int>>(const Row&)>& values) {
    family(name, "gauge", help);
    for (const auto& row : rows_) {
      if (!row->trouble.empty()) continue;
      for (const auto& [state, value] : values(*row))
        sample(fmt::format("{{study=\"{}\",state=\"{}\"}}", label(row->study), state), value);
    }
  }

  std::string take() { return std::move(all_); }

 private:
  const Rows& rows_;
  std::string_view name_;
  std::string all_;
};

std::optional<double> joules(const report::Spent& spent) {
  return spent.joules ? std::optional(spent.joules->value) : std::nullopt;
}

std::vector<std::pair<std::string_view, int>> trials(const Row& row) {
  const report::Counts& count = row.summary.trials;
  return {{"running", count.running},   {"interrupted", count.interrupted}, {"paused", count.paused},
          {"finished", count.finished}, {"stopped", count.stopped},         {"failed", count.failed}};
}

std::vector<std::pair<std::string_view, int>> states(const Row& row) {
  std::vector<std::pair<std::string_view, int>> all;
  for (const std::string_view state : {"running", "finished", "interrupted", "budget", "paused"})
    all.emplace_back(state, row.state == state);
  return all;
}

void best(Text& text, const Rows& rows) {
  text.family("sm2_study_best_metric", "gauge", "The metric of the winner, or of the best trial so far.");
  for (const auto& row : rows) {
    if (!row->trouble.empty() || !row->best || !std::isfinite(*row->best)) continue;
    text.sample(fmt::format("{{study=\"{}\",metric=\"{}\",goal=\"{}\"}}", label(row->study),
                            label(row->metric), row->maximize ? "maximize" : "minimize"),
                *row->best);
  }
}

}  // namespace

std::string metrics_text(const Rows& rows) {
  Text text(rows);
  text.family("sm2_build_info", "gauge", "The version of sm2.");
  text.sample("{version=\"" SM2_VERSION "\"}", 1);
  text.of_each("sm2_study_info", "gauge", "A study of the store.", [](const Row&) { return 1.0; });
  text.of_each_state("sm2_study_state", "1 for the state that the study is in.", states);
  text.of_each_state("sm2_study_trials", "Trials, by what became of them.", trials);
  text.of_each("sm2_study_energy_joules_total", "counter", "Energy of all trials.",
               [](const Row& row) { return joules(row.summary.total); });
  text.of_each("sm2_study_dropped_energy_joules", "gauge", "Energy of trials that were dropped or failed.",
               [](const Row& row) { return joules(row.summary.dropped); });
  text.of_each("sm2_study_carbon_grams_total", "counter", "CO2 equivalent of the energy of all trials.",
               [](const Row& row) { return row.carbon_grams; });
  best(text, rows);
  text.of_each("sm2_study_active_seconds_total", "counter", "Time that tuners spent on the study.",
               [](const Row& row) { return row.active.value; });
  text.of_each("sm2_study_events_total", "counter", "Events that are stored of the study.",
               [](const Row& row) { return static_cast<double>(row.events); });
  text.of_each("sm2_study_created_timestamp_seconds", "gauge", "Unix time at which the study began.",
               [](const Row& row) { return row.created.value; });
  text.of_each("sm2_study_last_event_timestamp_seconds", "gauge", "Unix time of the study's last event.",
               [](const Row& row) { return row.last_event.value; });
  text.family("sm2_unreadable_studies", "gauge", "Studies of the store that cannot be read.");
  text.sample("", static_cast<double>(
                      std::ranges::count_if(rows, [](const auto& row) { return !row->trouble.empty(); })));
  return text.take();
}

std::vector<Route> metrics_routes(Studies& studies) {
  return {{"/metrics", [&studies](const Call&) -> Answered {
             const auto rows = studies.rows();
             if (!rows) return tl::unexpected(unavailable(rows.error()));
             return Answer{200, "text/plain; version=0.0.4; charset=utf-8", metrics_text(*rows), {}, {}, {}};
           }}};
}

}  // namespace sm2::dashboard
