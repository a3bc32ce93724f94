// The second card of the first screen (report/html/answer.h): energy in all, and where it went.
#include <fmt/format.h>

#include "base/units.h"
#include "report/charges.h"
#include "report/cost_parts.h"
#include "report/html/answer.h"
#include "report/html/escape.h"
#include "report/html/words.h"

namespace sm2::report::html {
namespace {

std::string_view css_class(CostPart::What what) {
  switch (what) {
    case CostPart::What::kWinner:
      return "winner";
    case CostPart::What::kExplored:
      return "explored";
    case CostPart::What::kDropped:
      return "dropped";
    case CostPart::What::kOthers:
      return "finished";
  }
  return "finished";
}

std::string split(const Summary& summary, Rules& rules) {
  std::string bar;
  std::string list;
  for (const CostPart& part : cost_parts(summary)) {
    const std::string_view colour = css_class(part.what);
    if (part.share && *part.share > 0) {
      bar += fmt::format("<i class=\"{} {}\" title=\"{}: {}\"></i>", colour,
                         rules.add(fmt::format("flex-grow:{:.4f}", *part.share)), part.name,
                         share_text(part.share));
    }
    list += fmt::format("<li><i class=\"{}\"></i><span>{}</span><b>{}</b><em>{}</em></li>", colour, part.name,
                        part.amount, part.share ? share_text(part.share) : "");
  }
  return (bar.empty() ? "" : "<div class=\"split\">" + bar + "</div>") + "<ul class=\"parts\">" + list +
         "</ul>";
}

// The big number, with its uncertainty small; the known part where the whole is not known.
std::string headline_figure(const Summary& summary) {
  const Spent& shown = summary.total.joules ? summary.total : summary.known;
  if (summary.unknown > 0 && summary.unknown == summary.trials.all()) return "<p class=\"total\">unknown</p>";
  const std::string whole = figure(shown);
  const std::string number = whole.substr(0, whole.find("&nbsp;±"));
  return fmt::format("<p class=\"total\">{}{}<small>{}</small></p>",
                     summary.unknown > 0 ? "<small>at least </small>" : "", number,
                     whole.substr(number.size()));
}

std::string gap(const Summary& summary) {
  if (summary.unknown == 0) return "";
  const std::string note = trial::note(summary.energy);
  return fmt::format("<p class=\"say\">The energy of {} of {} trials is unknown{}.</p>", summary.unknown,
                     summary.trials.all(), note.empty() ? "" : ": " + escape(note));
}

std::string limit(const Study& study, const Summary& summary) {
  std::string all;
  if (const auto energy = study.spec.budget.energy) {
    const std::string share =
        summary.total.joules ? share_text(*summary.total.joules / *energy) + " of the budget" : "of a budget";
    all += fmt::format("; {} of {}", share, base::format(*energy));
  }
  return all;
}

std::string charges(const Study& study, const Summary& summary) {
  const std::string said = charges_text(study.state, summary);
  return said.empty() ? "" : "<p class=\"say\">" + escape(said) + "</p>";
}

}  // namespace

std::string cost_card(const Study& study, const Summary& summary, Rules& rules) {
  std::string all = "<section class=\"card cost\"><h2>What finding it cost</h2>";
  if (summary.trials.all() == 0) return all + "<p class=\"empty\">Nothing was spent yet.</p></section>";
  all += headline_figure(summary) + gap(summary);
  all += fmt::format("<p class=\"say\">{}{}; {} of tuning</p>", escape(provenance(summary.energy)),
                     limit(study, summary), base::format(study.state.active));
  all += charges(study, summary);
  return all + split(summary, rules) + "</section>";
}

}  // namespace sm2::report::html
