#include "report/table_export.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

#include "report/csv_field.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

constexpr std::string_view kSeed = "seed";
constexpr std::array<std::string_view, 6> kColumns = {"resource", "metric",      "joules",
                                                      "seconds",  "power_limit", "test_metric"};

std::string metric_field(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{:.9g}", *value) : "nan";
}

bool began_elsewhere(const journal::Trial& trial) {
  return !trial.segments.empty() && trial.segments.front().train.parent.has_value();
}

bool failed(const journal::Trial& trial) { return trial.state == journal::TrialState::kFailed; }

bool ran(const journal::Trial& trial) {
  return !trial.evaluations.empty() || (failed(trial) && !trial.energy.empty());
}

bool whole(double resource) {
  constexpr double kMostWhole = 9e15;  // doubles hold every whole number up to here
  return resource > 0 && resource == std::floor(resource) && resource < kMostWhole;
}

// The largest that divides the resources of all evaluations: what the table's reader takes for a unit.
double unit_of(const journal::StudyState& state) {
  std::int64_t unit = 0;
  for (const auto& [id, trial] : state.trials) {
    for (const trial::Evaluation& evaluation : trial.evaluations) {
      if (whole(evaluation.resource)) unit = std::gcd(unit, static_cast<std::int64_t>(evaluation.resource));
    }
  }
  return unit == 0 ? 1 : static_cast<double>(unit);
}

class TableExport {
 public:
  TableExport(const Study& study, const std::optional<std::string>& test)
      : study_(study), test_(test), unit_(unit_of(study.state)) {
    for (const space::Parameter& parameter : study.spec.space.parameters()) {
      if (parameter.name == kSeed) has_seed_ = true;
      if (parameter.name != kSeed) names_.push_back(parameter.name);
    }
  }

  base::Result<std::string> text() {
    if (study_.spec.options.cycle_learning_rate)
      return base::fail(
          "study {} cycled its learning rate, so that a trial is not one setting; record it with "
          "strategy.learning_rate = \"sample\"",
          study_.name);
    for (const std::string& name : names_) {
      if (std::ranges::find(kColumns, name) != kColumns.end())
        return base::fail("parameter '{}' has the name of another column of the table; call it otherwise",
                          name);
    }
    for (const std::string& name : names_) rows_ += csv_field(name) + ",";
    rows_ += "seed,resource,metric,joules,seconds";
    rows_ += test_ ? ",test_metric\n" : "\n";
    const std::size_t header = rows_.size();
    for (const auto& [id, trial] : study_.state.trials) {
      if (!ran(trial) || began_elsewhere(trial)) continue;
      if (const auto added = add(trial); !added) return tl::unexpected(added.error());
    }
    if (rows_.size() == header)
      return base::fail("study {} has no trial with an evaluation yet; there is nothing to put into a table",
                        study_.name);
    if (test_ && !tested_)
      return base::fail("no trial of study {} reported {}; --test names a metric that the program reports",
                        study_.name, *test_);
    return std::move(rows_);
  }

 private:
  base::Result<> add(const journal::Trial& trial) {
    const auto setting = setting_of(trial);
    if (!setting) return tl::unexpected(setting.error());
    double last = 0;
    for (const trial::Evaluation& evaluation : trial.evaluations) {
      const auto metric = report::metric(study_.spec, evaluation);
      if (!metric) continue;
      if (const auto row = add(trial, *setting, evaluation.resource, metric, test_of(evaluation),
                               evaluation.energy, evaluation.seconds);
          !row) {
        return row;
      }
      last = evaluation.resource;
      if (!std::isfinite(*metric)) return {};
    }
    if (!failed(trial)) return {};
    return add(trial, *setting, last + unit_, {}, {}, trial.energy, trial.seconds);
  }

  base::Result<> add(const journal::Trial& trial, const std::string& setting, double resource,
                     std::optional<double> metric, std::optional<double> test, const trial::Energy& energy,
                     base::Seconds seconds) {
    if (!whole(resource))
      return base::fail(
          "trial {} was evaluated at {} {}; a table counts whole units from 1, so choose a smaller unit",
          trial.id, resource, study_.spec.resource.unit);
    const auto joules = trial::total(energy);
    if (!joules)
      return base::fail("the energy of trial {} is {}; a table needs the joules of every trial", trial.id,
                        energy.empty() ? "unknown" : trial::describe(energy));
    rows_ += fmt::format("{},{:.0f},{},{:.6g},{:.6g}", setting, resource, metric_field(metric), joules->value,
                         seconds.value);
    if (test_) rows_ += "," + metric_field(test);
    rows_ += "\n";
    return {};
  }

  // The fields of the parameters, and of the seed.
  base::Result<std::string> setting_of(const journal::Trial& trial) {
    std::string fields;
    for (const std::string& name : names_) {
      const auto value = trial.configuration.find(name);
      if (value == trial.configuration.end())
        return base::fail(
            "parameter '{}' does not exist in trial {}; a table has every parameter in every row", name,
            trial.id);
      fields += csv_field(space::to_text(value->second)) + ",";
    }
    const int repetition = ++repetitions_[space::describe(trial.configuration)];
    if (!has_seed_) return fields + std::to_string(repetition);
    const auto seed = trial.configuration.find(std::string(kSeed));
    if (seed == trial.configuration.end())
      return base::fail("parameter 'seed' does not exist in trial {}; a table has it in every row", trial.id);
    const std::string again = repetition > 1 ? fmt::format(" #{}", repetition) : "";
    return fields + csv_field(space::to_text(seed->second) + again);
  }

  std::optional<double> test_of(const trial::Evaluation& evaluation) {
    if (!test_) return {};
    const auto found = evaluation.metrics.find(*test_);
    if (found == evaluation.metrics.end()) return {};
    tested_ = true;
    return found->second;
  }

  const Study& study_;
  const std::optional<std::string>& test_;
  double unit_;
  std::vector<std::string> names_;  // of parameters, without seed
  bool has_seed_ = false;
  bool tested_ = false;
  std::map<std::string, int> repetitions_;  // by configuration
  std::string rows_;
};

}  // namespace

base::Result<std::string> export_table(const Study& study, const std::optional<std::string>& test) {
  return TableExport(study, test).text();
}

}  // namespace sm2::report
