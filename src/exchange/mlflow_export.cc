#include "exchange/mlflow_export.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "exchange/facts.h"
#include "exchange/marks.h"
#include "exchange/mlflow_names.h"

namespace sm2::exchange {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Of mlflow.entities.RunStatus; a trial that waits, or whose tuner is gone, is scheduled.
enum class Status { kRunning = 1, kScheduled = 2, kFinished = 3, kFailed = 4, kKilled = 5 };

Status status(const report::Study& study, const journal::Trial& trial) {
  switch (trial.state) {
    case journal::TrialState::kRunning:
      return study.tuner_alive ? Status::kRunning : Status::kScheduled;
    case journal::TrialState::kPaused:
      return Status::kScheduled;
    case journal::TrialState::kFinished:
      return Status::kFinished;
    case journal::TrialState::kStopped:
      return Status::kKilled;
    case journal::TrialState::kFailed:
      return Status::kFailed;
  }
  return Status::kFailed;
}

std::string uri(const fs::path& path) {
  constexpr std::string_view kPlain = "/-._~";
  std::string text = "file://";
  for (const char letter : path.string()) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = std::isalnum(byte) != 0 || kPlain.find(letter) != std::string_view::npos;
    text += plain ? std::string(1, letter) : fmt::format("%{:02X}", byte);
  }
  return text;
}

// One key a line; JSON's texts and numbers are YAML's.
std::string yaml(const nlohmann::ordered_json& keys) {
  std::string text;
  for (const auto& [key, value] : keys.items())
    text += key + ": " + value.dump(-1, ' ', true, json::error_handler_t::replace) + "\n";
  return text;
}

std::string plain(const json& value) {
  return value.is_string() ? value.get<std::string>()
                           : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  stream.exceptions(std::ios::failbit | std::ios::badbit);
  stream << text << std::flush;
}

class MlflowExport {
 public:
  MlflowExport(const report::Study& study, const Timeline& timeline, fs::path folder, fs::path place)
      : study_(study),
        timeline_(timeline),
        folder_(std::move(folder)),
        place_(std::move(place)),
        steps_(study.state) {}

  void write_all() {
    write(folder_ / "meta.yaml", yaml({{"artifact_location", uri(place_)},
                                       {"creation_time", milliseconds(study_.state.created)},
                                       {"experiment_id", mlflow_experiment(study_)},
                                       {"last_update_time", milliseconds(study_.state.last_event)},
                                       {"lifecycle_stage", "active"},
                                       {"name", study_.name}}));
    fs::create_directory(folder_ / "tags");
    const json facts = study_facts(study_);
    for (const auto& [name, fact] : facts.items()) write(folder_ / "tags" / names_.of(name), plain(fact));
    for (const auto& [id, trial] : study_.state.trials) write_run(trial);
  }

 private:
  void write_run(const journal::Trial& trial) {
    const std::string mark = trial_mark(study_, trial.id);
    const fs::path run = folder_ / mark;
    for (const char* part : {"artifacts", "metrics", "params", "tags"}) fs::create_directories(run / part);
    write(run / "meta.yaml", run_meta(trial, mark));
    for (const auto& [name, value] : trial.configuration)
      write(run / "params" / names_.of(name), space::to_text(value));
    write_metrics(run / "metrics", trial);
    write(run / "tags" / "mlflow.runName", name_of(trial));
    write(run / "tags" / "mlflow.source.type", "LOCAL");
    const json facts = trial_facts(study_, trial);
    for (const auto& [name, fact] : facts.items())
      if (!name.starts_with("sm2.metric.")) write(run / "tags" / names_.of(name), plain(fact));
  }

  static std::string name_of(const journal::Trial& trial) { return fmt::format("trial {}", trial.id); }

  std::string run_meta(const journal::Trial& trial, const std::string& mark) const {
    const Timeline::Trial& times = timeline_.trials.at(trial.id);
    const Status is = status(study_, trial);
    const bool ended = is != Status::kRunning && is != Status::kScheduled;
    constexpr int kLocal = 4;  // of mlflow.entities.SourceType
    return yaml({{"artifact_uri", uri(place_ / mark / "artifacts")},
                 {"end_time", ended ? nlohmann::ordered_json(milliseconds(times.ended)) : nullptr},
                 {"entry_point_name", ""},
                 {"experiment_id", mlflow_experiment(study_)},
                 {"lifecycle_stage", "active"},
                 {"run_id", mark},
                 {"run_name", name_of(trial)},
                 {"run_uuid", mark},
                 {"source_name", ""},
                 {"source_type", kLocal},
                 {"source_version", ""},
                 {"start_time", milliseconds(times.began)},
                 {"status", static_cast<int>(is)},
                 {"tags", nlohmann::ordered_json::array()},
                 {"user_id", ""}});
  }

  // A file per metric, a line per evaluation: time in ms, value, step. What was used after the last one stands at its step.
  void write_metrics(const fs::path& folder, const journal::Trial& trial) {
    const Timeline::Trial& times = timeline_.trials.at(trial.id);
    const std::vector<std::int64_t> steps = steps_.of(trial);
    std::map<std::string, std::string> lines;
    const auto add = [&](const std::string& name, base::Seconds time, double value, std::int64_t step) {
      lines[name] += fmt::format("{} {} {}\n", milliseconds(time), value, step);
    };
    const auto add_use = [&](base::Seconds time, const trial::Energy& energy, base::Seconds seconds,
                             std::int64_t step) {
      if (const auto joules = trial::total(energy)) add("sm2.joules", time, joules->value, step);
      add("sm2.seconds", time, seconds.value, step);
    };
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const trial::Evaluation& evaluation = trial.evaluations[k];
      for (const auto& [name, value] : evaluation.metrics) add(name, times.evaluated[k], value, steps[k]);
      add("sm2.resource", times.evaluated[k], evaluation.resource, steps[k]);
      add_use(times.evaluated[k], evaluation.energy, evaluation.seconds, steps[k]);
    }
    if (times.ran) add_use(times.ended, trial.energy, trial.seconds, steps.empty() ? 0 : steps.back());
    for (const auto& [name, text] : lines) write(folder / names_.of(name), text);
  }

  const report::Study& study_;
  const Timeline& timeline_;
  fs::path folder_, place_;
  Steps steps_;
  MlflowNames names_;
};

}  // namespace

std::string mlflow_experiment(const report::Study& study) {
  constexpr std::uint64_t kDigits18 = 1'000'000'000'000'000'000;
  return fmt::format("{:018}", base::hash(study_mark(study)) % kDigits18);
}

base::Result<> export_mlflow(const report::Study& study, const Timeline& timeline, const fs::path& folder,
                             const fs::path& place) {
  try {
    MlflowExport(study, timeline, folder, place).write_all();
    return {};
  } catch (const std::exception& error) {  // of the files
    return base::fail("cannot be written: {}", error.what());
  }
}

}  // namespace sm2::exchange
