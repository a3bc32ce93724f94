// sm2 export: a study in a format that other programs read.
#include "cli/commands.h"
#include "cli/new_place.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/whole_file.h"
#include "exchange/codecarbon_export.h"
#include "exchange/mlflow_export.h"
#include "exchange/optuna_export.h"
#include "report/printable.h"
#include "report/table_export.h"
#include "report/trials_export.h"

namespace sm2::cli {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::string format = "table";
  std::string output;  // empty: standard output
  std::string test;
  bool overwrite = false;
};

struct Recorded {
  report::Study study;
  exchange::Timeline timeline;
};

base::Result<Recorded> read(const Reading& reading) {
  exchange::Timeline timeline;
  auto study = read_study(reading, [&](const trial::Event& event) -> base::Result<> {
    timeline.apply(event);
    return {};
  });
  if (!study) return tl::unexpected(study.error());
  return Recorded{*std::move(study), std::move(timeline)};
}

base::Result<std::string> text_of(const Recorded& recorded, const Wanted& wanted) {
  if (wanted.format == "csv") return report::export_csv(recorded.study);
  if (wanted.format == "json") return report::export_json(recorded.study);
  if (wanted.format == "codecarbon") return exchange::export_codecarbon(recorded.study, recorded.timeline);
  return report::export_table(recorded.study,
                              wanted.test.empty() ? std::nullopt : std::optional(wanted.test));
}

base::Result<> export_text(const Recorded& recorded, const Wanted& wanted) {
  const auto text = text_of(recorded, wanted);
  if (!text) return tl::unexpected(text.error());
  if (wanted.output.empty()) {
    put(stdout, *text);
    return {};
  }
  if (auto free = check_free(wanted.output, wanted.overwrite); !free) return free;
  return write_whole(wanted.output, *text, "-o PATH");
}

base::Result<> export_optuna(const Recorded& recorded, const Wanted& wanted) {
  return make_at(wanted.output, wanted.overwrite, [&](const fs::path& file) {
    return exchange::export_optuna(recorded.study, recorded.timeline, file);
  });
}

// The store of MLflow may be there and have experiments of others; what is made, or replaced, is this study's.
base::Result<> export_mlflow(const Recorded& recorded, const Wanted& wanted) {
  std::error_code error;
  const fs::path root = fs::absolute(wanted.output, error);
  const bool fresh = fs::create_directories(root, error);
  if (error)
    return base::fail("{}: cannot be made: {}; choose another place with -o", root.string(), error.message());
  const fs::path place = root / exchange::mlflow_experiment(recorded.study);
  auto made = make_at(place, wanted.overwrite, [&](const fs::path& folder) -> base::Result<> {
    fs::create_directory(folder, error);
    if (error) return base::fail("{}", error.message());
    return exchange::export_mlflow(recorded.study, recorded.timeline, folder, place);
  });
  if (!made && fresh) fs::remove(root, error);  // empty
  return made;
}

base::Result<> export_study(const Reading& reading, const Wanted& wanted) {
  if (!wanted.test.empty() && wanted.format != "table")
    return base::fail("--test is for --format table; {} has all metrics or the study's own", wanted.format);
  const bool place_needed = wanted.format == "optuna" || wanted.format == "mlflow";
  if (place_needed && wanted.output.empty())
    return base::fail("--format {} needs a place: -o {}", wanted.format,
                      wanted.format == "optuna" ? "FILE" : "FOLDER");
  const auto recorded = read(reading);
  if (!recorded) return tl::unexpected(recorded.error());
  const auto done = wanted.format == "optuna"   ? export_optuna(*recorded, wanted)
                    : wanted.format == "mlflow" ? export_mlflow(*recorded, wanted)
                                                : export_text(*recorded, wanted);
  if (done && !wanted.output.empty()) put(stdout, report::printable(wanted.output) + "\n");
  return done;
}

}  // namespace

void add_export(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "export", "A study for other programs: a table to replay, CSV, JSON, Optuna, MLflow, CodeCarbon");
  const auto reading = add_reading(*command, true, false);
  const auto wanted = std::make_shared<Wanted>();
  command
      ->add_option(
          "--format", wanted->format,
          "table: every evaluation, for sm2 compare table:FILE; csv: a row per trial; json: everything; "
          "optuna: an SQLite storage; mlflow: a folder as mlruns; codecarbon: emissions.csv")
      ->check(CLI::IsMember({"table", "csv", "json", "optuna", "mlflow", "codecarbon"}))
      ->capture_default_str();
  command
      ->add_option("-o,--output", wanted->output,
                   "The file to write, of mlflow the folder; standard output unless told")
      ->type_name("PATH");
  command->add_flag("--overwrite", wanted->overwrite,
                    "Replace what is there; of mlflow, this study's experiment");
  command
      ->add_option("--test", wanted->test,
                   "Of a table: the metric on held-out data, which compare reports and no strategy sees")
      ->type_name("NAME");
  command->callback([=, &status] {
    const auto done = export_study(*reading, *wanted);
    status = done ? 0 : fail("export", done.error().message);
  });
}

}  // namespace sm2::cli
