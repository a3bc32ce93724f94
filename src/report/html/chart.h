// The learning curves as inline SVG without script. A chart does not shrink well to a telephone, so the page
// holds it in two shapes and shows the one that fits (style.cc).
#pragma once

#include <string>
#include <string_view>

#include "report/html/series.h"

namespace sm2::report::html {

struct Shape {
  std::string_view css_class;
  double width, height;
  double left, right, top, bottom;  // margins
  int x_ticks, y_ticks;
  bool long_names;  // "trial 7" rather than "7"
};

inline constexpr Shape kWide{"chart wide", 1120, 470, 62, 118, 34, 50, 9, 7, true};
inline constexpr Shape kNarrow{"chart narrow", 320, 300, 40, 30, 30, 42, 4, 5, false};

std::string chart(const Study& study, const Drawing& drawing, const Shape& shape);

}  // namespace sm2::report::html
