#include "report/html/bars.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "report/html/escape.h"
#include "report/html/words.h"
#include "report/stretches.h"

namespace sm2::report::html {
namespace {

struct Bar {
  const journal::Trial* trial;
  Spent spent;
};

// By falling energy, unknown ones last.
std::vector<Bar> sorted(const Study& study) {
  std::vector<Bar> all;
  for (const auto& [id, trial] : study.state.trials) all.push_back({&trial, used(trial)});
  std::ranges::stable_sort(all, [](const Bar& a, const Bar& b) {
    return a.spent.joules.value_or(base::Joules(-1)) > b.spent.joules.value_or(base::Joules(-1));
  });
  return all;
}

std::string segments(const Bar& bar, const std::string& unit, Rules& rules) {
  std::string all;
  int shade = 0;
  for (const Stretch& stretch : stretches(*bar.trial)) {
    const double share =
        stretch.spent.joules && bar.spent.joules->value > 0 ? *stretch.spent.joules / *bar.spent.joules : 0;
    all += fmt::format("<i class=\"s{} {}\" title=\"rung {}, to {}: {}\"></i>", shade,
                       rules.add(fmt::format("flex-grow:{:.4f}", share)), stretch.rung,
                       escape(resource_text(stretch.until, unit)), figure(stretch.spent));
    shade = 1 - shade;
  }
  return all;
}

std::string drawn(const Bar& bar, double longest, const std::string& unit, Rules& rules) {
  if (!bar.spent.joules) return "<div class=\"track unknown\"></div>";
  const double value = bar.spent.joules->value;
  const double error = bar.spent.error.value;
  std::string all =
      fmt::format("<div class=\"track\"><div class=\"bar {}\">{}</div>",
                  rules.add(fmt::format("width:{:.2f}%", 100 * value / longest)), segments(bar, unit, rules));
  if (error > 0) {
    const double low = std::max(value - error, 0.0);
    all += fmt::format("<div class=\"whisker {}\" title=\"{}\"></div>",
                       rules.add(fmt::format("left:{:.2f}%;width:{:.2f}%", 100 * low / longest,
                                             100 * (value + error - low) / longest)),
                       figure(bar.spent));
  }
  return all + "</div>";
}

std::string row(const Bar& bar, double longest, const Study& study, const Summary& summary, Rules& rules) {
  const Fate what = fate(*bar.trial, summary);
  return fmt::format(
      "<li class=\"{}\"><div class=\"who\"><b>{}</b> <span>{}</span></div>{}<div "
      "class=\"much\">{}<em>{}</em></div></li>",
      css_class(what), trial_name(bar.trial->id), configuration(*bar.trial),
      drawn(bar, longest, study.spec.resource.unit, rules), figure(bar.spent),
      state_words(study, *bar.trial, what));
}

}  // namespace

std::string bars(const Study& study, const Summary& summary, Rules& rules) {
  const std::vector<Bar> all = sorted(study);
  if (all.empty()) return "<p class=\"empty\">There is no trial yet.</p>";
  double longest = 1e-9;
  for (const Bar& bar : all) {
    if (bar.spent.joules) longest = std::max(longest, bar.spent.joules->value + bar.spent.error.value);
  }
  const std::size_t shown = all.size() > kMostBars ? kMostBars : all.size();
  std::string rows;
  for (std::size_t i = 0; i < shown; ++i) rows += row(all[i], longest, study, summary, rules);
  std::string html = "<ul class=\"bars\">" + rows + "</ul>";
  if (shown == all.size()) return html;
  Spent rest{base::Joules(0), base::Joules(0)};
  for (std::size_t i = shown; i < all.size(); ++i) rest = rest + all[i].spent;
  return html + fmt::format("<p class=\"note\">The other {} trials together: {}.</p>", all.size() - shown,
                            figure(rest));
}

}  // namespace sm2::report::html
