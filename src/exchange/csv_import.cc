// Trials of a CSV file, as sm2 export --format csv and table and Optuna's DataFrame write them. Its columns: a parameter as NAME,
// param.NAME or params_NAME, empty where it does not exist; the metric as its own name, `metric` or `value`; and where they are
// there `resource` (else the study's whole one), `joules`, `state`. Rows of one `trial`, or else of the same parameters and `seed`,
// are points of one training. Others are left aside.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "exchange/past_trial.h"
#include "workload/csv.h"

namespace sm2::exchange {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<std::string_view, 2> kPrefixes = {"param.", "params_"};
constexpr std::array<std::string_view, 5> kUnended = {"running", "interrupted", "paused", "RUNNING",
                                                      "WAITING"};

using Column = std::optional<std::size_t>;

class CsvImport {
 public:
  CsvImport(const workload::Csv& csv, const config::Spec& spec) : csv_(csv), spec_(spec) {
    for (std::size_t column = 0; column < csv.columns().size(); ++column) {
      std::string name = csv.columns()[column];
      for (const std::string_view prefix : kPrefixes)
        if (name.starts_with(prefix)) parameters_.emplace_back(column, name.substr(prefix.size()));
      if (spec.space.find(name)) parameters_.emplace_back(column, name);
    }
    for (const std::string& name : {spec.metric.name, std::string("metric"), std::string("value")})
      if (!metric_) metric_ = column_named(name);
  }

  base::Result<std::vector<PastTrial>> read() {
    if (!metric_)
      return base::fail("{}: no column is called {}, metric or value", csv_.name(), spec_.metric.name);
    for (const workload::Csv::Row& row : csv_.rows())
      if (auto added = add(row); !added) return tl::unexpected(added.error());
    for (PastTrial& trial : trials_)
      std::ranges::stable_sort(trial.points, {}, &strategy::Experience::Point::resource);
    return std::move(trials_);
  }

 private:
  Column column_named(const std::string& name) const {
    const auto found = std::ranges::find(csv_.columns(), name);
    return found == csv_.columns().end() ? Column() : Column(found - csv_.columns().begin());
  }

  static std::string text(const workload::Csv::Row& row, Column column) {
    return column ? row.fields[*column] : std::string();
  }

  base::Result<> add(const workload::Csv::Row& row) {
    const std::string state = text(row, state_);
    if (std::ranges::find(kUnended, state) != kUnended.end()) return {};
    PastTrial trial;
    std::string key = trial_ ? text(row, trial_) : text(row, seed_);
    for (const auto& [column, name] : parameters_) {
      if (row.fields[column].empty()) continue;
      trial.parameters[name] = row.fields[column];
      if (!trial_) key += "\n" + name + "=" + row.fields[column];
    }
    if (!trial_ && !seed_) key += "\n" + std::to_string(row.line);
    workload::Fields fields(csv_, row);
    const std::optional<double> metric = fields.known(*metric_);
    const double resource =
        resource_ && !text(row, resource_).empty() ? fields.positive(*resource_) : spec_.resource.max;
    const std::optional<double> joules = joules_ ? fields.known(*joules_) : std::nullopt;
    if (fields.error()) return tl::unexpected(*fields.error());
    const auto [place, fresh] = places_.try_emplace(key, trials_.size());
    if (fresh) trials_.push_back(std::move(trial));
    PastTrial& known = trials_[place->second];
    known.failed = known.failed || !metric || state == "failed" || state == "FAIL";
    if (metric) known.points.push_back({resource, *metric, joules.value_or(kUnknown)});
    return {};
  }

  const workload::Csv& csv_;
  const config::Spec& spec_;
  std::vector<std::pair<std::size_t, std::string>> parameters_;  // columns and names
  Column metric_;
  Column trial_ = column_named("trial"), seed_ = column_named("seed"), state_ = column_named("state"),
         resource_ = column_named("resource"), joules_ = column_named("joules");
  std::vector<PastTrial> trials_;
  std::map<std::string, std::size_t> places_;  // in it, by what the rows of a training share
};

}  // namespace

base::Result<std::vector<PastTrial>> read_csv(const config::PastFile& file, const config::Spec& spec) {
  const auto csv = workload::Csv::read(file.path);
  if (!csv) return tl::unexpected(csv.error());
  return CsvImport(*csv, spec).read();
}

}  // namespace sm2::exchange
