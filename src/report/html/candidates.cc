#include "report/html/candidates.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "report/html/escape.h"
#include "report/html/words.h"
#include "report/reason.h"

namespace sm2::report::html {
namespace {

std::string heading(const std::string& text, bool number = true) {
  return fmt::format("<th scope=\"col\"{}>{}</th>", number ? " class=\"n\"" : "", escape(text));
}

// On narrow screens the headings are gone and each cell says its name.
std::string cell(const std::string& name, const std::string& escaped) {
  return fmt::format("<td class=\"n\" data-name=\"{}\">{}</td>", escape(name), escaped);
}

std::string why(const Study& study, const journal::Trial& trial) {
  std::string text = escape(reason(study, trial));
  if (!trial.note.empty()) text += (text.empty() ? "" : "; ") + escape(trial.note);
  return text;
}

std::string row(const Study& study, const Summary& summary, const journal::Trial& trial, bool with_devices) {
  const Fate what = fate(trial, summary);
  std::string all = fmt::format("<tr class=\"{}\"><th scope=\"row\" data-name=\"trial\">{}</th>",
                                css_class(what), trial.id);
  for (const space::Parameter& parameter : study.spec.space.parameters()) {
    const auto value = trial.configuration.find(parameter.name);
    all += cell(parameter.name, value == trial.configuration.end() ? "–" : escape(value_text(value->second)));
  }
  const bool evaluated = !trial.evaluations.empty();
  all += cell("rung", fmt::format("{}", trial.rung()));
  all += cell(study.spec.resource.unit, evaluated ? number_text(trial.resource) : "–");
  all += cell(study.spec.metric.name, metric_text(metric(study.spec, trial)));
  all += cell("energy", figure(used(trial)));
  all += cell("time", trial.seconds.value > 0 ? base::format(trial.seconds) : "–");
  if (with_devices) {
    const std::string used = trial.devices ? trial::names(*trial.devices) : "";
    all += cell("devices", used.empty() ? "–" : escape(used));
  }
  return all + fmt::format("<td><span class=\"chip\">{}</span></td><td class=\"reason\">{}</td></tr>",
                           state_words(study, trial, what), why(study, trial));
}

}  // namespace

std::string candidates(const Study& study, const Summary& summary, std::size_t most) {
  if (study.state.trials.empty()) return "<p class=\"empty\">There is no trial yet.</p>";
  const bool with_devices =
      std::ranges::any_of(study.state.trials, [](const auto& one) { return one.second.devices.has_value(); });
  std::string all = "<div class=\"scroll\"><table><thead><tr>" + heading("trial", false);
  for (const space::Parameter& parameter : study.spec.space.parameters()) all += heading(parameter.name);
  all += heading("rung") + heading(study.spec.resource.unit) + heading(study.spec.metric.name) +
         heading("energy") + heading("time") + (with_devices ? heading("devices") : "") +
         heading("state", false) + heading("why", false) + "</tr></thead><tbody>";
  const auto trials = best_first(study, summary);
  const std::size_t shown = std::min(trials.size(), most);
  for (std::size_t at = 0; at < shown; ++at) all += row(study, summary, *trials[at], with_devices);
  all += "</tbody></table></div>";
  if (shown == trials.size()) return all;
  return all + fmt::format("<p class=\"note\">and {} more; <code>sm2 trials</code> has all</p>",
                           trials.size() - shown);
}

}  // namespace sm2::report::html
