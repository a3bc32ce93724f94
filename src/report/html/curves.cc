#include "report/html/curves.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/html/chart.h"
#include "report/html/escape.h"
#include "report/html/series.h"

namespace sm2::report::html {
namespace {

std::string sample(const std::string& look) {
  return fmt::format(
      "<svg class=\"sample\" viewBox=\"0 0 30 10\" aria-hidden=\"true\"><g class=\"line {}\">"
      "<path d=\"M1 5H29\"/></g></svg>",
      look);
}

std::string legend(const Study& study, const Drawing& picture) {
  std::string items;
  std::size_t grey = 0;
  for (const Series& one : picture.series) {
    if (one.look == "grey") {
      ++grey;
      continue;
    }
    items +=
        fmt::format("<li>{}<span><b>{}</b> {} <i>{}, {}</i></span></li>", sample(one.look), one.trial->id,
                    configuration(*one.trial), metric_text(metric(study.spec, *one.trial)),
                    state_words(study, *one.trial, one.fate));
  }
  if (grey > 0) {
    items += fmt::format("<li>{}<span>{} other trials; point at a line for its name</span></li>",
                         sample("grey"), grey);
  }
  return "<ul class=\"legend\">" + items + "</ul>";
}

constexpr std::string_view kMarks =
    "<p class=\"marks\">"
    "<span><svg viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><circle class=\"end full\" r=\"5\"/></svg> "
    "finished</span>"
    "<span><svg viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><path class=\"end\" d=\"M-5 -5L5 5M-5 5L5 "
    "-5\"/></svg> "
    "dropped</span>"
    "<span><svg viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><path class=\"end\" d=\"M0 -6L6 0L0 6L-6 "
    "0Z\"/></svg> "
    "failed</span>"
    "<span><svg viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><circle class=\"end\" r=\"4.5\"/></svg> "
    "running, "
    "interrupted or paused</span></p>";

}  // namespace

std::string curves(const Study& study, const Summary& summary, std::size_t most) {
  Drawing picture = drawing(study, summary);
  if (picture.series.size() > most) {
    picture.gaps.push_back(fmt::format("Of {} trials the best {} are drawn.", picture.series.size(), most));
    picture.series.resize(most);
  }
  std::string all;
  if (picture.series.empty()) {
    all = "<p class=\"empty\">There is no evaluation to draw yet.</p>";
  } else {
    all = chart(study, picture, kWide) + chart(study, picture, kNarrow) + std::string(kMarks) +
          legend(study, picture);
  }
  if (picture.outside > 0) {
    picture.gaps.push_back(fmt::format(
        "{} evaluations lie outside the picture, so that the others can be told apart.", picture.outside));
  }
  for (const std::string& gap : picture.gaps) all += "<p class=\"note\">" + escape(gap) + "</p>";
  return all;
}

}  // namespace sm2::report::html
