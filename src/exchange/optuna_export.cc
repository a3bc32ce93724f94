#include "exchange/optuna_export.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "exchange/facts.h"
#include "exchange/marks.h"
#include "exchange/optuna_distribution.h"
#include "exchange/optuna_schema.h"
#include "report/summary.h"

namespace sm2::exchange {
namespace {

using nlohmann::json;

constexpr int kStudy = 1;  // the only one in the file

// ASCII; what is not UTF-8 becomes U+FFFD.
std::string dump(const json& value) { return value.dump(-1, ' ', true, json::error_handler_t::replace); }

// A number in two columns, as Optuna stores those that SQL has no text for.
struct Stored {
  explicit Stored(double value) {
    if (std::isnan(value)) type = "NAN";
    if (std::isinf(value)) type = value > 0 ? "INF_POS" : "INF_NEG";
    if (std::isfinite(value)) number = value;
  }
  std::optional<double> number;
  const char* type = "FINITE";
};

class OptunaExport {
 public:
  OptunaExport(const report::Study& study, const Timeline& timeline, SQLite::Database& database)
      : study_(study), timeline_(timeline), database_(database), steps_(study.state) {
    for (const space::Parameter& parameter : study.spec.space.parameters())
      distributions_[parameter.name] = dump(optuna_distribution(parameter.domain));
  }

  void write() {
    SQLite::Transaction transaction(database_);
    database_.exec(kOptunaTables);
    run("INSERT INTO version_info VALUES (1, ?, ?)", kOptunaSchema, kOptunaVersion);
    run("INSERT INTO alembic_version VALUES (?)", kOptunaRevision);
    const bool up = study_.spec.metric.goal == config::Goal::kMaximize;
    run("INSERT INTO studies VALUES (?, ?)", kStudy, study_.name);
    run("INSERT INTO study_directions VALUES (1, ?, ?, 0)", up ? "MAXIMIZE" : "MINIMIZE", kStudy);
    const json facts = study_facts(study_);
    for (const auto& [key, value] : facts.items())
      run("INSERT INTO study_user_attributes (study_id, \"key\", value_json) VALUES (?, ?, ?)", kStudy, key,
          dump(value));
    for (const auto& [id, trial] : study_.state.trials) add(trial);
    transaction.commit();
  }

 private:
  SQLite::Statement& prepared(const char* sql) {
    SQLite::Statement& statement = statements_.try_emplace(sql, database_, sql).first->second;
    statement.reset();
    statement.clearBindings();
    return statement;
  }

  template <class... Values>
  void run(const char* sql, const Values&... values) {
    SQLite::Statement& statement = prepared(sql);
    SQLite::bind(statement, values...);
    statement.exec();
  }

  void add(const journal::Trial& trial) {
    const auto value = report::metric(study_.spec, trial);
    const std::string state = state_of(trial, value);
    const Timeline::Trial& times = timeline_.trials.at(trial.id);
    const int row = ++rows_;
    run("INSERT INTO trials (trial_id, number, study_id, state, datetime_start) VALUES (?, ?, ?, ?, ?)", row,
        row - 1, kStudy, state, utc(times.began, ' ', true));
    if (state != "RUNNING")
      run("UPDATE trials SET datetime_complete = ? WHERE trial_id = ?", utc(times.ended, ' ', true), row);
    add_parameters(trial, row);
    if (value && !std::isnan(*value) && (state == "COMPLETE" || state == "PRUNED"))
      add_number("INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (?, ?, ?, ?)", row,
                 0, *value);
    add_evaluations(trial, row);
    const json facts = trial_facts(study_, trial);
    for (const auto& [key, fact] : facts.items())
      run("INSERT INTO trial_user_attributes (trial_id, \"key\", value_json) VALUES (?, ?, ?)", row, key,
          dump(fact));
  }

  // Optuna's COMPLETE has a value; it knows neither trials that wait at a checkpoint nor interrupted ones.
  static std::string state_of(const journal::Trial& trial, std::optional<double> value) {
    switch (trial.state) {
      case journal::TrialState::kFinished:
        return value && !std::isnan(*value) ? "COMPLETE" : "FAIL";
      case journal::TrialState::kStopped:
        return "PRUNED";
      case journal::TrialState::kFailed:
        return "FAIL";
      case journal::TrialState::kRunning:
      case journal::TrialState::kPaused:
        return "RUNNING";
    }
    return "FAIL";
  }

  void add_parameters(const journal::Trial& trial, int row) {
    for (const auto& [name, value] : trial.configuration) {
      const space::Parameter* parameter = study_.spec.space.find(name);
      if (!parameter || !space::contains(parameter->domain, value)) continue;
      run("INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, "
          "?)",
          row, name, optuna_number(parameter->domain, value), distributions_.at(name));
    }
  }

  // Of two at one step the later one counts.
  void add_evaluations(const journal::Trial& trial, int row) {
    const std::vector<std::int64_t> at = steps_.of(trial);
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (const auto value = report::metric(study_.spec, trial.evaluations[k])) {
        add_number(
            "INSERT OR REPLACE INTO trial_intermediate_values (trial_id, step, intermediate_value, "
            "intermediate_value_type) VALUES (?, ?, ?, ?)",
            row, at[k], *value);
      }
    }
  }

  void add_number(const char* sql, int row, std::int64_t place, double value) {
    const Stored stored(value);
    SQLite::Statement& statement = prepared(sql);
    statement.bind(1, row);
    statement.bind(2, place);
    if (stored.number) statement.bind(3, *stored.number);
    statement.bind(4, stored.type);
    statement.exec();
  }

  const report::Study& study_;
  const Timeline& timeline_;
  SQLite::Database& database_;
  Steps steps_;
  std::map<std::string, std::string> distributions_;  // JSON, by parameter
  std::map<std::string_view, SQLite::Statement> statements_;
  int rows_ = 0;
};

}  // namespace

base::Result<> export_optuna(const report::Study& study, const Timeline& timeline,
                             const std::filesystem::path& file) {
  try {
    SQLite::Database database(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    OptunaExport(study, timeline, database).write();
    return {};
  } catch (const SQLite::Exception& error) {
    return base::fail("cannot be written: {}", error.what());
  }
}

}  // namespace sm2::exchange
