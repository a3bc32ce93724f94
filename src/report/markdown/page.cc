#include "report/markdown/page.h"

#include <fmt/format.h>

#include "base/units.h"
#include "report/answers.h"
#include "report/charges.h"
#include "report/cost_parts.h"
#include "report/facts.h"
#include "report/markdown/escape.h"

namespace sm2::report::markdown {
namespace {

using Cells = std::vector<std::string>;  // escaped

constexpr std::size_t kReasons = 10, kCandidates = 100;  // a comment on GitHub holds 65,536 characters

// "300 J ± 150"
std::string figure(const std::string& text) {
  std::string all = escape(text);
  const std::string mark = escape(" +- ");
  if (const auto at = all.find(mark); at != std::string::npos) all.replace(at, mark.size(), " ± ");
  return all;
}

std::string row(const Cells& cells) { return fmt::format("| {} |\n", fmt::join(cells, " | ")); }

std::string head(const Cells& cells, std::size_t first_number, std::size_t numbers) {
  Cells rules;
  for (std::size_t at = 0; at < cells.size(); ++at)
    rules.push_back(at >= first_number && at < first_number + numbers ? "---:" : "---");
  return row(cells) + row(rules);
}

std::string folded(const std::string& summary, const std::string& content) {
  return "<details>\n<summary>" + summary + "</summary>\n\n" + content + "\n</details>\n";
}

std::string setting(const Study& study, const Summary& summary) {
  if (!summary.best) return "None: there is no usable trial.\n";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  std::string all = head({"parameter", "value"}, 1, 1);
  for (const auto& [name, value] : trial.configuration)
    all += row({escape(name), escape(space::to_text(value))});
  all += row({"**" + escape(study.spec.metric.name) + "**",
              "**" + escape(metric_text(metric(study.spec, trial))) + "**"});
  return all + "\n" + block(command_line(study.spec, trial), "sh");
}

std::string cost(const Study& study, const Summary& summary) {
  std::string all = "**" + figure(total_cost_text(study, summary)) + "**\n";
  if (summary.trials.all() == 0) return all;
  all += "\n" + head({"energy of", "", "share"}, 1, 2);
  for (const CostPart& part : cost_parts(summary)) {
    all +=
        row({escape(part.name), figure(with_error(part)), part.share ? escape(share_text(part.share)) : ""});
  }
  if (const std::string charged = charges_text(study.state, summary); !charged.empty())
    all += "\n" + escape(charged) + "\n";
  return all;
}

std::string dropped(const Study& study, const Summary& summary) {
  const auto trials = left_behind(study, summary);
  if (trials.empty()) return "Nothing was dropped.\n";
  std::string all = escape(dropped_text(summary)) + ".\n\n" +
                    head({"trial", "setting", escape(study.spec.metric.name), "energy", "why"}, 2, 2);
  for (std::size_t at = 0; at < std::min(trials.size(), kReasons); ++at) {
    const journal::Trial& trial = *trials[at];
    all += row({fmt::format("{}", trial.id), escape(settings(trial)),
                escape(metric_text(metric(study.spec, trial))), figure(text(used(trial))),
                escape(why_text(study, trial))});
  }
  if (trials.size() > kReasons)
    all += fmt::format("\nand {} more, less close; `sm2 trials` has all\n", trials.size() - kReasons);
  return all;
}

std::string candidates(const Study& study, const Summary& summary) {
  Cells names = {"trial"};
  for (const space::Parameter& parameter : study.spec.space.parameters())
    names.push_back(escape(parameter.name));
  const std::size_t parameters = names.size() - 1;
  for (const std::string& name : {std::string("rung"), study.spec.resource.unit, study.spec.metric.name})
    names.push_back(escape(name));
  names.insert(names.end(), {"energy", "time", "state"});
  std::string all = head(names, 1, parameters + 5);
  const auto trials = best_first(study, summary);
  for (std::size_t at = 0; at < std::min(trials.size(), kCandidates); ++at) {
    const journal::Trial& trial = *trials[at];
    Cells cells = {fmt::format("{}", trial.id)};
    for (const space::Parameter& parameter : study.spec.space.parameters()) {
      const auto value = trial.configuration.find(parameter.name);
      cells.push_back(value == trial.configuration.end() ? "–" : escape(value_text(value->second)));
    }
    cells.push_back(fmt::format("{}", trial.rung()));
    cells.push_back(trial.evaluations.empty() ? "–" : escape(number_text(trial.resource)));
    cells.push_back(escape(metric_text(metric(study.spec, trial))));
    cells.push_back(figure(text(used(trial))));
    cells.push_back(trial.seconds.value > 0 ? escape(base::format(trial.seconds)) : "–");
    cells.push_back(escape(state_words(study, trial, fate(trial, summary))));
    all += row(cells);
  }
  if (trials.size() > kCandidates)
    all += fmt::format("\nand {} more; `sm2 trials` has all\n", trials.size() - kCandidates);
  return all;
}

std::string method(const Study& study, const Summary& summary) {
  std::string all = head({"", ""}, 2, 0);
  for (const auto& [name, text] : facts(study)) all += row({escape(name), escape(text)});
  all += "\n" + head({"domain", "source", "quality", "energy of all trials", "note"}, 3, 1);
  for (const trial::Reading& reading : summary.energy) {
    all += row({escape(reading.domain), escape(trial::described_source(reading)),
                escape(trial::name(reading.quality)), figure(text(Spent{reading.joules, reading.error})),
                escape(reading.counted ? reading.note : "part of another, not added; " + reading.note)});
  }
  return all +
         "\nEnergy is the gross energy of the devices that a trial held while it ran; ± is its whole "
         "uncertainty.\n";
}

}  // namespace

std::string page(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  const std::string state = study_state(study.state, study.tuner_alive);
  const std::string reason = closed_reason(study.state, study.tuner_alive);
  std::string all = "## SM2 study " + escape(study.name) + "\n\n" + escape(verdict_text(study, summary)) +
                    " The study is " + escape(state + (reason.empty() ? "" : ": " + reason)) + ".\n";
  all += std::string("\n### Best setting") + (summary.best && !summary.decided ? " so far" : "") + "\n\n" +
         setting(study, summary);
  all += "\n### What finding it cost\n\n" + cost(study, summary);
  all += "\n### Why the rest was dropped\n\n" + dropped(study, summary);
  all +=
      "\n" + folded(fmt::format("All {} candidates", study.state.trials.size()), candidates(study, summary));
  all += "\n" + folded("How it was measured: method, hardware, energy sources", method(study, summary));
  all += "\n" + folded("The study file",
                       block(study.state.file.empty() ? study.spec.text : study.state.file, "toml"));
  return all;
}

}  // namespace sm2::report::markdown
