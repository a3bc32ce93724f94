#include "report/html/method.h"

#include <fmt/format.h>

#include "base/units.h"
#include "report/charges.h"
#include "report/html/escape.h"
#include "report/html/words.h"

namespace sm2::report::html {
namespace {

std::string fact(const std::string& name, const std::string& escaped) {
  return "<div><dt>" + name + "</dt><dd>" + escaped + "</dd></div>";
}

std::string fact_if_any(const std::string& name, const std::string& text) {
  return text.empty() ? "" : fact(name, escape(text));
}

std::string idle_text(const journal::StudyState& state) {
  std::string all;
  for (const auto& [domain, watts] : state.idle)
    all += fmt::format("{}{} {}", all.empty() ? "" : ", ", domain, base::format(watts));
  return all;
}

std::string note(const trial::Reading& reading) {
  if (reading.counted) return reading.note;
  return reading.note.empty() ? "part of another, not added" : "part of another, not added; " + reading.note;
}

std::string or_unknown(const std::string& text) { return text.empty() ? "unknown" : escape(text); }

// One row for each domain, over all trials.
std::string domains(const trial::Energy& energy) {
  std::string rows;
  for (const trial::Reading& reading : energy) {
    const Spent used{reading.joules, reading.error};
    std::string idle = "unknown";
    if (reading.joules && reading.idle) idle = text(*reading.joules - *reading.idle);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td class=\"n\">{}</td>"
        "<td class=\"n\" data-name=\"above idle\">{}</td>"
        "<td class=\"reason\">{}</td></tr>",
        escape(reading.domain), escape(trial::described_source(reading)), trial::name(reading.quality),
        figure(used), idle, escape(note(reading)));
  }
  if (rows.empty()) return "<p class=\"empty\">No energy was read.</p>";
  return "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">domain</th><th scope=\"col\">source</th>"
         "<th scope=\"col\">quality</th><th scope=\"col\" class=\"n\">energy of all trials</th>"
         "<th scope=\"col\" class=\"n\">above idle</th><th scope=\"col\">note</th></tr></thead><tbody>" +
         rows + "</tbody></table></div>";
}

std::string sources(const journal::StudyState& state) {
  if (state.sources.empty()) return "those of the workers";
  std::string list;
  for (const std::string& source : state.sources) list += (list.empty() ? "" : "<br>") + escape(source);
  return list;
}

// One a line; candidates are compared as on the first.
std::string hardware_text(const journal::StudyState& state) {
  std::string list;
  for (const std::string& kind : state.hardware) list += (list.empty() ? "" : "<br>") + escape(kind);
  return list + (state.hardware.size() > 1 ? "<br>(energy is compared as on the first)" : "");
}

std::string space_text(const config::Spec& spec) {
  const auto size = spec.space.cardinality();
  return fmt::format("{} parameters, {}", spec.space.parameters().size(),
                     size ? fmt::format("{} combinations", *size) : "continuous");
}

}  // namespace

std::string method(const Study& study, const Summary& summary) {
  const config::Spec& spec = study.spec;
  const journal::StudyState& state = study.state;
  const objective::Weights& weights = spec.options.weights;
  std::string facts =
      fact("strategy", escape(spec.strategy)) + fact("seed", fmt::format("{}", spec.options.seed)) +
      fact("weight of energy", number_text(weights.energy)) +
      fact("weight of stability", number_text(weights.stability)) +
      fact("metric", fmt::format("{}, {}", escape(spec.metric.name),
                                 spec.metric.goal == config::Goal::kMaximize ? "maximized" : "minimized")) +
      fact("training", fmt::format("{} to {}", number_text(spec.resource.min),
                                   escape(resource_text(spec.resource.max, spec.resource.unit)))) +
      fact("search space", space_text(spec)) +
      fact("learning rate",
           spec.options.cycle_learning_rate ? "cycled while training" : "as the candidate has it") +
      fact("energy sources", sources(state)) + fact_if_any("grid intensity", grid_text(state)) +
      fact_if_any("price", price_text(state)) + fact_if_any("idle power", idle_text(state)) +
      (state.hardware.empty() ? "" : fact("hardware", hardware_text(state))) +
      fact("host", or_unknown(state.host)) + fact("sm2", or_unknown(state.version)) +
      fact("begun", date_text(state.created)) + fact("as of", date_text(state.last_event)) +
      fact("time of tuning", base::format(state.active));
  return "<dl class=\"facts\">" + facts + "</dl>" + domains(summary.energy) +
         "<p class=\"note\">Energy is the gross energy of the devices that a trial held while it ran. ± is "
         "its whole "
         "uncertainty. Measured figures were read from a meter; modelled ones were computed from use, and "
         "can be "
         "wrong by the stated error for all trials alike; replayed ones come from a recording.</p>";
}

std::string study_file(const Study& study) {
  const std::string& text = study.state.file.empty() ? study.spec.text : study.state.file;
  return "<pre class=\"file\">" + escape(text) + "</pre>";
}

}  // namespace sm2::report::html
