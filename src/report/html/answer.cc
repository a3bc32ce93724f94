#include "report/html/answer.h"

#include <fmt/format.h>

#include "base/units.h"
#include "report/answers.h"
#include "report/html/escape.h"
#include "report/html/words.h"
#include "report/reason.h"
#include "report/shell_quote.h"

namespace sm2::report::html {
namespace {

std::string verdict(const Study& study, const Summary& summary) {
  if (!summary.best) return no_best_text(summary);
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  return fmt::format("{}: {} <b>{}</b> after {}.", standing_text(summary), escape(study.spec.metric.name),
                     metric_text(metric(study.spec, trial)),
                     escape(resource_text(trial.resource, study.spec.resource.unit)));
}

std::string explanation(const std::string& state) {
  if (state == "running") return "The study is running; this page shows it as it stood when it was made.";
  if (state == "interrupted") {
    return "The study was interrupted; <code>sm2 tune</code> with its study file goes on where it stopped.";
  }
  if (state == "paused") return "The study is paused by the user; <code>sm2 resume</code> goes on.";
  if (state == "budget") return "The study ended because its budget was spent.";
  return "";
}

// Broken between arguments rather than inside them; what is copied is one line.
std::string command_to_copy(const Study& study, const journal::Trial& trial) {
  std::string all;
  for (const std::string& argument : shell_quoted(command(study.spec, trial))) {
    all += (all.empty() ? "<span>" : " <span>") + escape(argument) + "</span>";
  }
  return "<pre class=\"command\">" + all + "</pre>";
}

}  // namespace

std::string headline(const Study& study, const Summary& summary) {
  const std::string state = study_state(study.state, study.tuner_alive);
  std::string all =
      fmt::format("<header><p class=\"brand\">SM2 study</p><h1>{}</h1><span class=\"state {}\">{}</span>",
                  escape(study.name), summary.decided ? "done" : "open", escape(state));
  all += "<p class=\"lead\">" + verdict(study, summary) + "</p>";
  std::string more = explanation(state);
  if (const std::string reason = closed_reason(study.state, study.tuner_alive); !reason.empty()) {
    more += (more.empty() ? "" : " ") + escape(reason);
  }
  if (!more.empty()) all += "<p class=\"aside\">" + more + "</p>";
  return all + "</header>";
}

std::string best_card(const Study& study, const Summary& summary) {
  std::string all = fmt::format("<section class=\"card best\"><h2>{}</h2>",
                                summary.best && !summary.decided ? "Best setting so far" : "Best setting");
  if (!summary.best) return all + "<p class=\"empty\">None: there is no usable trial.</p></section>";
  const journal::Trial& trial = study.state.trials.at(*summary.best);
  all += "<dl class=\"setting\">";
  for (const auto& [name, value] : trial.configuration) {
    all += fmt::format("<div><dt>{}</dt><dd title=\"{}\">{}</dd></div>", escape(name),
                       escape(space::to_text(value)), escape(value_text(value)));
  }
  all += fmt::format("<div class=\"metric\"><dt>{}</dt><dd>{}</dd></div></dl>",
                     escape(study.spec.metric.name), metric_text(metric(study.spec, trial)));
  all += fmt::format("<p class=\"say\">Trial {}, trained for {}; energy {}.</p>", trial.id,
                     escape(resource_text(trial.resource, study.spec.resource.unit)), figure(used(trial)));
  all += "<p class=\"say\">The command to use (a click selects it):</p>" + command_to_copy(study, trial);
  return all + "</section>";
}

std::string dropped_card(const Study& study, const Summary& summary) {
  constexpr int kNamed = 5;
  std::string items;
  int count = 0;
  const auto trials = best_first(study, summary);
  for (const journal::Trial* trial : trials) {
    const Fate what = fate(*trial, summary);
    if (what != Fate::kDropped && what != Fate::kFailed) continue;
    if (++count > kNamed) continue;
    const std::string why = reason(study, *trial);
    items += fmt::format("<li class=\"{}\"><b>{}</b> <span class=\"params\">{}</span><p>{}</p></li>",
                         css_class(what), trial_name(trial->id), configuration(*trial),
                         why.empty() ? "no reason was recorded" : escape(why));
  }
  std::string all = "<section class=\"card why\"><h2>Why the rest was dropped</h2>";
  if (count == 0) return all + "<p class=\"empty\">Nothing was dropped.</p></section>";
  const std::string failed =
      summary.trials.failed > 0 ? fmt::format(", {} failed", summary.trials.failed) : "";
  all += fmt::format("<p class=\"say\">{} of {} trials dropped{}.</p><ul>{}</ul>", summary.trials.stopped,
                     summary.trials.all(), failed, items);
  if (count > kNamed) {
    all += fmt::format(
        "<p class=\"note\">and {} more, in the <a href=\"#candidates\">table of candidates</a></p>",
        count - kNamed);
  }
  return all + "</section>";
}

}  // namespace sm2::report::html
