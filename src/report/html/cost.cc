// The second card of the first screen (report/html/answer.h): energy in all, and where it went.
#include <fmt/format.h>

#include "base/units.h"
#include "report/charges.h"
#include "report/html/answer.h"
#include "report/html/escape.h"
#include "report/html/words.h"

namespace sm2::report::html {
namespace {

struct Part {
  std::string_view css_class, name;
  Spent spent;
};

// What neither the winner nor dropped trials used.
Spent others(const Summary& summary) {
  const Counts& trials = summary.trials;
  if (trials.all() - trials.stopped - trials.failed <= 1) return {base::Joules(0), base::Joules(0)};
  return summary.total - summary.winner - summary.dropped;
}

// They add up to the total.
std::vector<Part> parts(const Summary& summary) {
  if (!summary.decided) {
    return {{"dropped", "dropped and failed trials", summary.dropped},
            {"finished", "trials still in", summary.total - summary.dropped}};
  }
  return {{"winner", "training the winner on", summary.training},
          {"explored", "exploring the winner, training that it kept", summary.winner - summary.training},
          {"dropped", "dropped and failed trials", summary.dropped},
          {"finished", "other trials", others(summary)}};
}

std::string amount(const Part& part, const Summary& summary) {
  const base::Joules least = *summary.known_dropped.joules;
  if (part.css_class != "dropped" || part.spent.joules || least.value == 0) return text(part.spent.joules);
  return "at least " + base::format(least);
}

std::string split(const Summary& summary, Rules& rules) {
  std::string bar;
  std::string list;
  for (const Part& part : parts(summary)) {
    if (part.spent.joules && part.spent.joules->value == 0 && part.css_class != "dropped") continue;
    const bool drawn = part.spent.joules && summary.total.joules && summary.total.joules->value > 0;
    const std::optional<double> share =
        drawn ? std::optional(*part.spent.joules / *summary.total.joules) : std::nullopt;
    if (share && *share > 0) {
      bar += fmt::format("<i class=\"{} {}\" title=\"{}: {}\"></i>", part.css_class,
                         rules.add(fmt::format("flex-grow:{:.4f}", *share)), part.name, share_text(share));
    }
    list += fmt::format("<li><i class=\"{}\"></i><span>{}</span><b>{}</b><em>{}</em></li>", part.css_class,
                        part.name, amount(part, summary), share ? share_text(share) : "");
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
  const journal::StudyState& state = study.state;
  const auto total = carbon(state, state.footprint, summary.total.joules);
  const auto dropped = carbon(state, summary.dropped_footprint, summary.dropped.joules);
  std::string said = carbon_text(state, summary.total.joules);
  if (!said.empty() && total && dropped && *total > 0)
    said += fmt::format(", {} of it in dropped and failed trials", share_text(*dropped / *total));
  if (!said.empty()) said += " (" + grid_text(state) + ")";
  if (const std::string paid = cost_text(state, summary.total.joules); !paid.empty())
    said += fmt::format("{}{} ({})", said.empty() ? "" : "; ", paid, price_text(state));
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
