// sm2 export: a study in a format that other programs read.
#include <unistd.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/whole_file.h"
#include "report/printable.h"
#include "report/table_export.h"
#include "report/trials_export.h"

namespace sm2::cli {
namespace {

struct Wanted {
  std::string format = "table";
  std::string output;  // empty: standard output
  std::string test;
};

base::Result<std::string> exported(const report::Study& study, const Wanted& wanted) {
  if (!wanted.test.empty() && wanted.format != "table")
    return base::fail("--test is for --format table; {} has all metrics or the study's own", wanted.format);
  if (wanted.format == "csv") return report::export_csv(study);
  if (wanted.format == "json") return report::export_json(study);
  return report::export_table(study, wanted.test.empty() ? std::nullopt : std::optional(wanted.test));
}

base::Result<> export_study(const Reading& reading, const Wanted& wanted) {
  const auto study = read_study(reading);
  if (!study) return tl::unexpected(study.error());
  const auto text = exported(*study, wanted);
  if (!text) return tl::unexpected(text.error());
  if (wanted.output.empty()) {
    put(stdout, *text);
    return {};
  }
  const auto written = write_whole(wanted.output, *text, "-o PATH");
  if (written) put(stdout, report::printable(wanted.output) + "\n");
  return written;
}

}  // namespace

void add_export(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("export", "A study for other programs: a table to replay, CSV, JSON");
  const auto reading = add_reading(*command, true, false);
  const auto wanted = std::make_shared<Wanted>();
  command
      ->add_option(
          "--format", wanted->format,
          "table: every evaluation, for sm2 compare table:FILE; csv: a row per trial; json: everything")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", wanted->output, "The file to write; standard output unless told")
      ->type_name("PATH");
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
