#include "report/brief.h"

#include <fmt/format.h>

#include "report/answers.h"
#include "report/charges.h"
#include "report/cost_parts.h"
#include "report/facts.h"
#include "report/printable.h"
#include "report/table.h"

namespace sm2::report {
namespace {

using Entries = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kReasons = 10;

std::string heading(const std::string& text) {
  return "\n" + text + "\n" + std::string(text.size(), '-') + "\n";
}

std::string paragraph(const std::string& text) {
  std::string all;
  for (const std::string& line : wrap(printable(text), kWidth)) all += line + "\n";
  return all;
}

std::string setting(const Study& study, const Summary& summary) {
  if (!summary.best) return "none: there is no usable trial\n";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  Entries entries;
  for (const auto& [name, value] : trial.configuration) entries.emplace_back(name, space::to_text(value));
  entries.emplace_back(study.spec.metric.name, metric_text(metric(study.spec, trial)));
  return listing(entries, kWidth) + "\n" + printable(command_line(study.spec, trial)) + "\n";
}

std::string cost(const Study& study, const Summary& summary) {
  Entries entries = {{"in all", total_cost_text(study, summary)}};
  if (summary.trials.all() > 0) {
    for (const CostPart& part : cost_parts(summary)) entries.emplace_back(part.name, text(part));
  }
  if (const std::string charged = charges_text(study.state, summary); !charged.empty())
    entries.emplace_back("carbon and cost", charged);
  return listing(entries, kWidth);
}

std::string dropped(const Study& study, const Summary& summary) {
  const auto trials = left_behind(study, summary);
  if (trials.empty()) return "nothing was dropped\n";
  std::string all = paragraph(dropped_text(summary));
  Entries entries;
  for (std::size_t at = 0; at < std::min(trials.size(), kReasons); ++at) {
    const journal::Trial& trial = *trials[at];
    entries.emplace_back(fmt::format("trial {}", trial.id),
                         fmt::format("{}: {}", settings(trial), why_text(study, trial)));
  }
  all += listing(entries, kWidth);
  if (trials.size() > kReasons)
    all += fmt::format("and {} more; sm2 trials has all\n", trials.size() - kReasons);
  return all;
}

}  // namespace

std::string brief_text(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  return paragraph(fmt::format("SM2 study {}: {}", study.name, study_state(study.state, study.tuner_alive))) +
         paragraph(verdict_text(study, summary)) + heading("best setting") + setting(study, summary) +
         heading("what finding it cost") + cost(study, summary) + heading("why the rest was dropped") +
         dropped(study, summary) + heading("how it was measured") + listing(facts(study), kWidth);
}

}  // namespace sm2::report
