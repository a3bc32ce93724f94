#include "report/html/chart.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "report/html/escape.h"
#include "report/html/labels.h"
#include "report/printable.h"

namespace sm2::report::html {
namespace {

constexpr std::size_t kDots = 600;  // more points than that are not marked one by one

class Chart {
 public:
  Chart(const Study& study, const Drawing& drawing, const Shape& shape)
      : study_(study), drawing_(drawing), shape_(shape) {}

  std::string svg() const {
    const config::Metric& metric = study_.spec.metric;
    std::string all = fmt::format(
        "<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{} of each trial over the energy "
        "it had "
        "used\">",
        shape_.css_class, shape_.width, shape_.height, escape(shorten(printable(metric.name), 60)));
    all += grid() + target();
    // A nested svg clips what lies outside the plot.
    all += fmt::format("<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">", shape_.left, shape_.top,
                       plot_width(), plot_height());
    for (auto one = drawing_.series.rbegin(); one != drawing_.series.rend(); ++one) all += line(*one);
    all += "</svg>";
    for (auto one = drawing_.series.rbegin(); one != drawing_.series.rend(); ++one) all += end_mark(*one);
    return all + names() + "</svg>";
  }

 private:
  double plot_width() const { return shape_.width - shape_.left - shape_.right; }
  double plot_height() const { return shape_.height - shape_.top - shape_.bottom; }
  double x(double joules) const { return plot_width() * drawing_.x.at(joules / drawing_.unit); }
  double y(double value) const { return plot_height() * (1 - drawing_.y.at(value)); }
  double end_x(const Point& point) const { return shape_.left + x(point.joules); }
  double end_y(const Point& point) const {
    return shape_.top + std::clamp(y(point.metric), 0.0, plot_height());
  }

  std::string grid() const {
    std::string all = "<g class=\"grid\">";
    const double bottom = shape_.top + plot_height();
    for (const double tick : drawing_.y.ticks(shape_.y_ticks)) {
      const double at = shape_.top + plot_height() * (1 - drawing_.y.at(tick));
      all += fmt::format(
          "<path d=\"M{} {:.1f}H{}\"/><text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>", shape_.left,
          at, shape_.left + plot_width(), shape_.left - 8, at + 4, number_text(tick));
    }
    for (const double tick : drawing_.x.ticks(shape_.x_ticks)) {
      const double at = shape_.left + plot_width() * drawing_.x.at(tick);
      all += fmt::format(
          "<path d=\"M{:.1f} {:.1f}v5\"/><text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>",
          at, bottom, at, bottom + 19, number_text(tick));
    }
    const std::string better = study_.spec.metric.goal == config::Goal::kMaximize ? "higher" : "lower";
    all +=
        fmt::format("<text class=\"name\" x=\"{}\" y=\"16\">{} <tspan>({} is better)</tspan></text>", 4,
                    escape(shorten(printable(study_.spec.metric.name), shape_.long_names ? 60 : 24)), better);
    all += fmt::format(
        "<text class=\"name\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">energy of the trial, {}{}</text>",
        shape_.left + plot_width() / 2, shape_.height - 6, drawing_.unit_name,
        drawing_.x.logarithmic ? " (logarithmic)" : "");
    return all + "</g>";
  }

  std::string target() const {
    const auto wanted = study_.spec.metric.target;
    if (!wanted) return "";
    const double at = shape_.top + y(*wanted);
    return fmt::format(
        "<g class=\"target\"><path d=\"M{} {:.1f}H{}\"/><text x=\"{}\" y=\"{:.1f}\">target {}</text></g>",
        shape_.left, at, shape_.left + plot_width(), shape_.left + 6, at - 5, number_text(*wanted));
  }

  std::string title(const Series& one) const {
    return fmt::format("<title>{}, {}: {}; {} {} with {}</title>", trial_name(one.trial->id),
                       state_words(study_, *one.trial, one.fate), configuration(*one.trial),
                       escape(study_.spec.metric.name), metric_text(metric(study_.spec, *one.trial)),
                       figure(used(*one.trial)));
  }

  std::string line(const Series& one) const {
    std::string path;
    std::string dots;
    const bool dotted = one.look != "grey" && drawn_points() <= kDots;
    for (const Point& point : one.points) {
      path += fmt::format("{}{:.1f} {:.1f}", point.joined ? "L" : "M", x(point.joules), y(point.metric));
      if (!dotted) continue;
      dots += fmt::format(
          "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\"><title>{}, {}: {} with {}</title></circle>",
          x(point.joules), y(point.metric), trial_name(one.trial->id),
          escape(resource_text(point.resource, study_.spec.resource.unit)), number_text(point.metric),
          base::format(base::Joules(point.joules)));
    }
    return fmt::format("<g class=\"line {}\">{}<path d=\"{}\"/>{}</g>", one.look, title(one), path, dots);
  }

  std::string end_mark(const Series& one) const {
    const Point& point = one.points.back();
    const double size = one.fate == Fate::kWinner || one.fate == Fate::kBest ? 7 : 4.5;
    std::string mark;
    if (one.fate == Fate::kDropped) {
      mark = "<path class=\"end\" d=\"M-4.5 -4.5L4.5 4.5M-4.5 4.5L4.5 -4.5\"/>";
    } else if (one.fate == Fate::kFailed) {
      mark = "<path class=\"end\" d=\"M0 -6L6 0L0 6L-6 0Z\"/>";
    } else {
      mark =
          fmt::format("<circle class=\"end{}\" r=\"{}\"/>", one.fate == Fate::kWaiting ? "" : " full", size);
    }
    return fmt::format("<g class=\"line {}\" transform=\"translate({:.1f} {:.1f})\">{}{}</g>", one.look,
                       end_x(point), end_y(point), title(one), mark);
  }

  std::string names() const {
    Labels labels({shape_.left, shape_.top - 6, shape_.width, shape_.top + plot_height()});
    for (const Series& one : drawing_.series) {
      if (one.look != "grey") labels.keep_free(end_x(one.points.back()), end_y(one.points.back()));
    }
    for (const Series& one : drawing_.series) {
      if (one.look == "grey") continue;
      const bool best = one.fate == Fate::kWinner || one.fate == Fate::kBest;
      std::string text = shape_.long_names ? trial_name(one.trial->id) : fmt::format("{}", one.trial->id);
      if (best && shape_.long_names) text += one.fate == Fate::kWinner ? ", winner" : ", best";
      labels.place(end_x(one.points.back()), end_y(one.points.back()), text, one.look);
    }
    return labels.svg();
  }

  std::size_t drawn_points() const {
    std::size_t points = 0;
    for (const Series& one : drawing_.series) points += one.look == "grey" ? 0 : one.points.size();
    return points;
  }

  const Study& study_;
  const Drawing& drawing_;
  const Shape& shape_;
};

}  // namespace

std::string chart(const Study& study, const Drawing& drawing, const Shape& shape) {
  return Chart(study, drawing, shape).svg();
}

}  // namespace sm2::report::html
