#include "report/html/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/figures.h"
#include "report/html/axis.h"
#include "report/html/escape.h"
#include "report/html/style.h"
#include "report/printable.h"

namespace sm2::report::html {
namespace {

constexpr std::string_view kOwnStyle = R"css(
.dots .row path{stroke:var(--soft);stroke-width:2;fill:none}.dots .row circle{fill:var(--ink)}
.dots .row text{fill:var(--ink);paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}.dots .row .figure{fill:var(--soft)}
.dots .best path{stroke:var(--win);stroke-width:3}.dots .best circle{fill:var(--win)}
.dots .best text,.dots .best .figure{fill:var(--win);font-weight:600}
.dots .one path{stroke:var(--soft);stroke-dasharray:2 4;fill:none}
)css";

struct Shape {
  std::string_view css_class;
  double width, left, right;  // margins
  double row;                 // height of one
  double dot;                 // of its top
  std::size_t name;           // most letters of a strategy's
  int ticks;
};
constexpr Shape kWide{"chart wide dots", 1120, 230, 100, 27, 14, 30, 9};
constexpr Shape kNarrow{"chart narrow dots", 320, 10, 14, 42, 30, 26, 4};

bool drawable(const ComparedRow& row) {
  return std::ranges::all_of(std::vector{row.mean, row.low, row.high, row.median},
                             [](double value) { return std::isfinite(value) && value > 0; });
}

// From a little below the least, or 1, to a little above the most.
Axis axis_of(const std::vector<ComparedRow>& rows) {
  double least = 1, most = 1;
  for (const ComparedRow& row : rows) {
    if (!drawable(row)) continue;
    least = std::min({least, row.low, row.median, row.mean});
    most = std::max({most, row.high, row.median, row.mean});
  }
  return {least / 1.1, std::max(most * 1.15, least * 2), true};
}

const ComparedRow* best_of(const std::vector<ComparedRow>& rows) {
  const ComparedRow* best = nullptr;
  for (const ComparedRow& row : rows) {
    if (row.whole && drawable(row) && (!best || row.mean < best->mean)) best = &row;
  }
  return best;
}

class Dots {
 public:
  Dots(const std::vector<ComparedRow>& rows, const Axis& axis, const std::string& over, const Shape& shape)
      : rows_(rows), axis_(axis), over_(over), shape_(shape) {}

  std::string svg() const {
    std::string all = fmt::format(
        "<svg class=\"{}\" viewBox=\"0 0 {} {:.0f}\" role=\"img\" aria-label=\"{} of each strategy\">",
        shape_.css_class, shape_.width, bottom() + 46, escape(over_));
    all += grid();
    const ComparedRow* best = best_of(rows_);
    for (std::size_t i = 0; i < rows_.size(); ++i) all += row(i, &rows_[i] == best);
    return all + "</svg>";
  }

 private:
  double bottom() const { return 8 + shape_.row * static_cast<double>(rows_.size()); }
  double x(double value) const {
    return shape_.left + (shape_.width - shape_.left - shape_.right) * std::clamp(axis_.at(value), 0.0, 1.0);
  }

  std::string grid() const {
    std::string all = "<g class=\"grid\">";
    for (const double tick : axis_.ticks(shape_.ticks)) {
      all += fmt::format(
          "<path d=\"M{0:.1f} 4V{1:.1f}\"/><text x=\"{0:.1f}\" y=\"{2:.1f}\" "
          "text-anchor=\"middle\">{3}</text>",
          x(tick), bottom() + 4, bottom() + 20, number_text(tick));
    }
    return all +
           fmt::format(
               "</g><g class=\"one\"><path d=\"M{:.1f} 4V{:.1f}\"/></g><g class=\"grid\"><text "
               "class=\"name\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{} (logarithmic)</text></g>",
               x(1), bottom() + 4, (shape_.left + shape_.width - shape_.right) / 2, bottom() + 40,
               escape(over_));
  }

  std::string row(std::size_t place, bool best) const {
    const ComparedRow& one = rows_[place];
    const bool wide = shape_.left > shape_.right;
    const double top = 8 + shape_.row * static_cast<double>(place);
    const double y = top + shape_.dot;
    const std::string figure = one.cells.empty() ? "" : one.cells[0];
    std::string all = fmt::format("<g class=\"row{}\"><title>{}: {} (median {}, from {} to {})</title>",
                                  best ? " best" : "", escape(one.strategy), number_text(one.mean),
                                  number_text(one.median), number_text(one.low), number_text(one.high));
    const std::string name = escape(shorten(printable(one.strategy), shape_.name));
    all += wide ? fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                              shape_.left - 12, y + 4, name)
                : fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", shape_.left, top + 16, name);
    all += fmt::format("<text class=\"figure\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
                       wide ? shape_.width - shape_.right + 70 : shape_.width - shape_.right,
                       wide ? y + 4 : top + 16, escape(figure));
    if (drawable(one)) {
      all += fmt::format(
          "<path d=\"M{0:.1f} {1:.1f}H{2:.1f}M{3:.1f} {4:.1f}v10\"/><circle cx=\"{5:.1f}\" "
          "cy=\"{1:.1f}\" r=\"5\"/>",
          x(one.low), y, x(one.high), x(one.median), y - 5, x(one.mean));
    }
    return all + "</g>";
  }

  const std::vector<ComparedRow>& rows_;
  const Axis& axis_;
  const std::string& over_;
  const Shape& shape_;
};

std::string dots(const std::vector<ComparedRow>& rows, const std::string& over) {
  const Axis axis = axis_of(rows);
  return Dots(rows, axis, over, kWide).svg() + Dots(rows, axis, over, kNarrow).svg();
}

std::string table(const std::vector<std::string>& headings, const std::vector<ComparedRow>& rows) {
  std::string all = "<div class=\"scroll\"><table><thead><tr>";
  for (std::size_t i = 0; i < headings.size(); ++i)
    all += fmt::format("<th scope=\"col\"{}>{}</th>", i == 0 ? "" : " class=\"n\"", escape(headings[i]));
  all += "</tr></thead><tbody>";
  const ComparedRow* best = best_of(rows);
  for (const ComparedRow& row : rows) {
    all += fmt::format("<tr{}><th scope=\"row\">{}</th>", &row == best ? " class=\"winner\"" : "",
                       escape(row.strategy));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      all += fmt::format("<td class=\"n\" data-name=\"{}\">{}</td>",
                         i + 1 < headings.size() ? escape(headings[i + 1]) : "", escape(row.cells[i]));
    }
    all += "</tr>";
  }
  return all + "</tbody></table></div>";
}

std::string card(const std::string& heading, const std::string& say, const std::string& content) {
  return fmt::format("<section class=\"card\"><h2>{}</h2><p class=\"say\">{}</p>{}</section>\n",
                     escape(heading), escape(say), content);
}

}  // namespace

std::string comparison(const ComparedPage& page) {
  std::string all = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>Strategies side by side – "
      "SM2</title><style>{}{}</style>"
      "</head><body><main>\n<header><span class=\"brand\">SM2 compare</span><h1>Strategies side by "
      "side</h1></header>\n",
      kStyle, kOwnStyle);
  if (page.cases.size() > 1) {
    all +=
        card(fmt::format("All {} cases", page.cases.size()),
             "A dot is the geometric mean over cases of " + page.over + "; its line ends at the worst case.",
             dots(page.summary, page.over) + table(page.summary_headings, page.summary));
  }
  for (const ComparedCase& one : page.cases) {
    all += card(one.name, one.about, dots(one.rows, page.over) + table(page.headings, one.rows));
  }
  std::string method = "<ul>";
  for (const std::string& sentence : page.method) method += "<li>" + escape(sentence) + "</li>";
  all += card("How it was compared",
              "In a case's chart a dot is the mean over seeds, its line the interval of the mean, the mark "
              "the median; the "
              "dotted line is 1. The best is blue.",
              method + "</ul>");
  return all + "</main></body></html>\n";
}

}  // namespace sm2::report::html
