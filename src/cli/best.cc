// sm2 best: the best setting and the command line to use, or with --pareto the front of metric and energy. Exit status 1
// when there is none.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/reading.h"
#include "report/front.h"
#include "report/json.h"

namespace sm2::cli {
namespace {

struct Wanted {
  std::shared_ptr<Reading> reading;
  bool pareto = false;
};

std::string answer(const report::Study& study, const Wanted& wanted) {
  if (wanted.pareto) return wanted.reading->json ? report::front_json(study) : report::front_text(study);
  return wanted.reading->json ? report::best_json(study) : report::best_text(study);
}

int best(const Wanted& wanted) {
  const auto study = read_study(*wanted.reading);
  if (!study) return fail("best", study.error().message);
  const std::string text = answer(*study, wanted);
  if (text.empty()) {
    fail("best", fmt::format("study '{}' has no {}; sm2 trials says why", study->name,
                             wanted.pareto ? "finished trial whose energy is known" : "usable trial"));
    return 1;
  }
  fmt::print("{}{}", text, wanted.reading->json ? "\n" : "");
  return 0;
}

}  // namespace

void add_best(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("best", "The best setting found, and the command line to use");
  const auto wanted = std::make_shared<Wanted>();
  wanted->reading = add_reading(*command, true, true);
  command->add_flag(
      "--pareto", wanted->pareto,
      "The finished trials that no other betters in both metric and energy, and their hypervolume");
  command->callback([wanted, &status] { status = best(*wanted); });
}

}  // namespace sm2::cli
