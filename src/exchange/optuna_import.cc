// Trials of an Optuna storage, of version 3.0 or later (exchange/optuna_schema.h has its tables). A step is a unit of the study's
// resource; where steps of a study begin at 0, 0 is the first unit. The value that a trial ended with stands at its last step, and
// of one without steps at the study's whole resource.
#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>
#include <filesystem>
#include <optional>

#include "exchange/optuna_distribution.h"
#include "exchange/past_trial.h"

namespace sm2::exchange {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

// A number as Optuna stores it: its type says what is no finite number.
double number(SQLite::Statement& row, int column) {
  const std::string type = row.getColumn(column + 1).getString();
  if (type == "INF_POS") return std::numeric_limits<double>::infinity();
  if (type == "INF_NEG") return -std::numeric_limits<double>::infinity();
  return type == "FINITE" && !row.getColumn(column).isNull() ? row.getColumn(column).getDouble() : kUnknown;
}

struct Stored {
  std::string state;
  PastTrial trial;
  std::map<std::int64_t, double> steps;
  std::optional<double> value;
};

class OptunaImport {
 public:
  OptunaImport(const config::PastFile& file, const config::Spec& spec)
      : file_(file), spec_(spec), database_(file.path, SQLite::OPEN_READONLY) {}

  base::Result<std::vector<PastTrial>> read() {
    if (!database_.tableExists("alembic_version") || !database_.tableExists("trial_values"))
      return base::fail("{}: an SQLite file, but no Optuna storage", file_.path);
    const std::string revision = database_.execAndGet("SELECT version_num FROM alembic_version").getString();
    if (revision < "v3.0.0.d")
      return base::fail("{}: written by an Optuna before 3.0 ({}); bring it up by `optuna storage upgrade`",
                        file_.path, revision);
    if (auto chosen = choose_study(); !chosen) return tl::unexpected(chosen.error());
    if (auto same = check_goal(); !same) return tl::unexpected(same.error());
    read_trials();
    if (auto parameters = read_parameters(); !parameters) return tl::unexpected(parameters.error());
    read_numbers();
    return ended();
  }

 private:
  base::Result<> choose_study() {
    SQLite::Statement rows(database_, "SELECT study_id, study_name FROM studies ORDER BY study_id");
    std::string names;
    int count = 0;
    std::optional<int> chosen;
    while (rows.executeStep()) {
      const std::string name = rows.getColumn(1).getString();
      if (!file_.study || name == *file_.study) chosen = rows.getColumn(0).getInt();
      names += (count++ == 0 ? "" : ", ") + name;
    }
    if (!chosen)
      return base::fail("{}: there is no study '{}' in it; there are: {}", file_.path,
                        file_.study.value_or(""), count == 0 ? "none" : names);
    if (!file_.study && count > 1)
      return base::fail("{}: it has several studies; name one, as optuna:{}#NAME: {}", file_.path, file_.path,
                        names);
    study_ = *chosen;
    return {};
  }

  base::Result<> check_goal() {
    SQLite::Statement rows(database_, "SELECT direction FROM study_directions WHERE study_id = ?");
    rows.bind(1, study_);
    std::vector<std::string> directions;
    while (rows.executeStep()) directions.push_back(rows.getColumn(0).getString());
    if (directions.size() != 1)
      return base::fail("{}: a study of {} objectives; a warm start needs one of one", file_.path,
                        directions.size());
    const char* wanted = spec_.metric.goal == config::Goal::kMaximize ? "MAXIMIZE" : "MINIMIZE";
    if (directions.front() == wanted) return {};
    return base::fail("{}: its direction is {}, and the goal for {} is the other one", file_.path,
                      directions.front(), spec_.metric.name);
  }

  SQLite::Statement of_study(const std::string& columns, const std::string& table) {
    SQLite::Statement rows(database_, "SELECT trial_id, " + columns + " FROM " + table +
                                          " JOIN trials USING (trial_id) WHERE study_id = ?");
    rows.bind(1, study_);
    return rows;
  }

  void read_trials() {
    SQLite::Statement rows(database_, "SELECT trial_id, state FROM trials WHERE study_id = ?");
    rows.bind(1, study_);
    while (rows.executeStep()) trials_[rows.getColumn(0).getInt64()].state = rows.getColumn(1).getString();
  }

  base::Result<> read_parameters() {
    SQLite::Statement rows = of_study("param_name, param_value, distribution_json", "trial_params");
    while (rows.executeStep()) {
      const std::string name = rows.getColumn(1).getString();
      const auto value = value_of_optuna(rows.getColumn(3).getString(), rows.getColumn(2).getDouble());
      if (!value) return base::fail("{}: parameter '{}': {}", file_.path, name, value.error().message);
      trials_[rows.getColumn(0).getInt64()].trial.parameters[name] = *value;
    }
    return {};
  }

  void read_numbers() {
    SQLite::Statement steps =
        of_study("step, intermediate_value, intermediate_value_type", "trial_intermediate_values");
    while (steps.executeStep())
      trials_[steps.getColumn(0).getInt64()].steps[steps.getColumn(1).getInt64()] = number(steps, 2);
    SQLite::Statement values = of_study("value, value_type", "trial_values");
    while (values.executeStep()) trials_[values.getColumn(0).getInt64()].value = number(values, 1);
  }

  std::vector<PastTrial> ended() {
    std::int64_t first = 1;
    for (const auto& [id, stored] : trials_)
      if (!stored.steps.empty()) first = std::min(first, stored.steps.begin()->first);
    std::vector<PastTrial> all;
    for (auto& [id, stored] : trials_) {
      if (stored.state != "COMPLETE" && stored.state != "PRUNED" && stored.state != "FAIL") continue;
      PastTrial& trial = stored.trial;
      for (const auto& [step, value] : stored.steps)
        trial.points.push_back({static_cast<double>(step - first + 1), value, kUnknown});
      if (stored.value && trial.points.empty())
        trial.points.push_back({spec_.resource.max, *stored.value, kUnknown});
      if (stored.value) trial.points.back().metric = *stored.value;
      trial.failed = stored.state == "FAIL";
      all.push_back(std::move(trial));
    }
    return all;
  }

  const config::PastFile& file_;
  const config::Spec& spec_;
  SQLite::Database database_;
  int study_ = 0;
  std::map<std::int64_t, Stored> trials_;
};

}  // namespace

base::Result<std::vector<PastTrial>> read_optuna(const config::PastFile& file, const config::Spec& spec) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file.path, error))
    return base::fail("{}: there is no such file", file.path);
  try {
    return OptunaImport(file, spec).read();
  } catch (const SQLite::Exception& wrong) {
    return base::fail("{}: cannot be read as an Optuna storage: {}", file.path, wrong.what());
  }
}

}  // namespace sm2::exchange
