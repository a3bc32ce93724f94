// sm2 trials: the trials of a study, one a line.
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "report/trial_listing.h"

namespace sm2::cli {
namespace {

struct Wanted {
  std::shared_ptr<Reading> reading;
  std::string sort, columns;
  std::vector<std::string> filters;
  bool csv = false;
};

base::Result<std::string> trials(const Wanted& wanted) {
  const auto study = read_study(*wanted.reading);
  if (!study) return tl::unexpected(study.error());
  const auto query = report::parse_query(*study, wanted.sort, wanted.filters, wanted.columns);
  if (!query) return tl::unexpected(query.error());
  if (wanted.csv) return report::trials_csv(*study, *query);
  if (!wanted.reading->json) return report::trials_text(*study, *query);
  std::string lines;
  for (const std::string& line : report::trials_json(*study, *query)) lines += line + "\n";
  return lines;
}

}  // namespace

void add_trials(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("trials", "The trials of a study: parameters, metric, energy, why dropped");
  const auto wanted = std::make_shared<Wanted>();
  wanted->reading = add_reading(*command, true, true);
  command->add_flag("--csv", wanted->csv, "Print comma-separated values")->excludes("--json");
  command->add_option("--sort", wanted->sort, "Order by these; - before a key turns it: -metric,energy")
      ->type_name("KEY,...");
  command
      ->add_option("--filter", wanted->filters,
                   "Those only for which this holds, by = != < <= > >=: \"energy<1 kJ\"; may be repeated")
      ->type_name("KEY=VALUE")
      ->take_all()
      ->allow_extra_args(false);
  command
      ->add_option("--columns", wanted->columns,
                   "These only: keys of docs/json.md, param.NAME, metric.NAME, or a parameter's name alone")
      ->type_name("KEY,...");
  command->callback([wanted, &status] {
    const auto text = trials(*wanted);
    if (!text) {
      status = fail("trials", text.error().message);
      return;
    }
    put(stdout, *text);
    status = 0;
  });
}

}  // namespace sm2::cli
