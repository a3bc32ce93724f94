#include "report/html/method.h"

#include <fmt/format.h>

#include "report/facts.h"
#include "report/html/escape.h"
#include "report/html/words.h"

namespace sm2::report::html {
namespace {

std::string note(const trial::Reading& reading) {
  if (reading.counted) return reading.note;
  return reading.note.empty() ? "part of another, not added" : "part of another, not added; " + reading.note;
}

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

}  // namespace

std::string method(const Study& study, const Summary& summary) {
  std::string facts;
  for (const auto& [name, text] : report::facts(study))
    facts += "<div><dt>" + escape(name) + "</dt><dd>" + escape(text) + "</dd></div>";
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
