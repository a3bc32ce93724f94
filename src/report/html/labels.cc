#include "report/html/labels.h"

#include <fmt/format.h>

#include <algorithm>

namespace sm2::report::html {
namespace {

constexpr double kHeight = 14;
constexpr double kLetter = 7;  // a generous width
constexpr double kGap = 12;    // between point and name

}  // namespace

void Labels::keep_free(double x, double y) { taken_.push_back({x - 6, y - 5, x + 6, y + 5}); }

void Labels::place(double x, double y, const std::string& text, const std::string& look) {
  const double width = kLetter * static_cast<double>(text.size());
  for (const double shift : {0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0}) {
    for (const bool left : {false, true}) {
      const double begin = left ? x - kGap - width : x + kGap;
      const double middle = y + 0.75 * kHeight * shift;
      const Box box{begin, middle - kHeight / 2, begin + width, middle + kHeight / 2};
      if (!free(box)) continue;
      taken_.push_back(box);
      svg_ += fmt::format("<text class=\"label {}\" x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>", look,
                          left ? x - kGap : x + kGap, middle + 4.5, left ? " text-anchor=\"end\"" : "", text);
      return;
    }
  }
}

bool Labels::free(const Box& box) const {
  if (box.left < room_.left || box.right > room_.right || box.top < room_.top || box.bottom > room_.bottom) {
    return false;
  }
  return std::ranges::none_of(taken_, [&](const Box& other) {
    return box.left < other.right && other.left < box.right && box.top < other.bottom &&
           other.top < box.bottom;
  });
}

}  // namespace sm2::report::html
