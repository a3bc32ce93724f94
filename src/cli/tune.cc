// sm2 tune: runs a study, or goes on with it.
#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <utility>

#include "base/units.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/tune_options.h"
#include "cli/tune_session.h"
#include "config/study_file.h"

namespace sm2::cli {
namespace {

base::Result<config::Spec> read_spec(const TuneOptions& wanted) {
  auto spec = config::read_study(wanted.file);
  if (!spec || wanted.budget.empty()) return spec;
  const auto budget = base::parse_energy(wanted.budget);
  if (!budget) return base::fail("--budget: {}", budget.error().message);
  if (*budget <= base::Joules(0)) return base::fail("--budget must be above 0");
  spec->budget.energy = *budget;
  return spec;
}

// What is put() at once is then one write, which a terminal draws at once.
void write_whole_screens() {
  static std::array<char, 1 << 16> screen;
  std::setvbuf(stdout, screen.data(), _IOFBF, screen.size());
}

base::Result<int> tune(const TuneOptions& wanted) {
  write_whole_screens();
  auto spec = read_spec(wanted);
  if (!spec) return tl::unexpected(spec.error());
  return run_session(wanted, *std::move(spec));
}

}  // namespace

void add_tune(CLI::App& app, int& status) {
  auto* command = app.add_subcommand("tune", "Run a study, or go on with it where it was left");
  auto wanted = std::make_shared<TuneOptions>();
  command->add_option("STUDY.toml", wanted->file, "The study file; sm2 init writes an example")->required();
  command->add_option("--store", wanted->store, kStoreHelp)->capture_default_str();
  command->add_option("--budget", wanted->budget,
                      "Energy to spend at most, instead of the study file's: \"2 kWh\"");
  command
      ->add_option(
          "--workers", wanted->workers,
          "Trials at a time in this process, as far as [devices] of the study file goes; what they share is "
          "divided between them, an estimate: one measures best. 0: all are left to workers elsewhere (sm2 "
          "worker)")
      ->check(CLI::Range(0, 1024))
      ->type_name("N [1; with --cluster 0]");
  command
      ->add_option("--cluster", wanted->cluster,
                   "Start workers as jobs of a batch system, as [slurm] of the study file says")
      ->check(CLI::IsMember({"slurm"}))
      ->type_name("slurm");
  command->add_flag("--standby", wanted->standby,
                    "Where another sm2 tune works on the study, wait, and take its place when it is gone");
  command->add_flag("-q,--quiet", wanted->quiet, "Print the result only");
  command->add_flag("--json", wanted->json,
                    "Print an object a line for each event, and for the result, documented in docs/json.md");
  command->callback([wanted, &status] {
    const auto ended = tune(*wanted);
    status = ended ? *ended : fail("tune", ended.error().message);
  });
}

}  // namespace sm2::cli
