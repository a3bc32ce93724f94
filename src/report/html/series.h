// What the learning curves are drawn from: per trial the points that have both a known energy and a finite
// metric, and what is missing.
#pragma once

#include <string>
#include <vector>

#include "report/html/axis.h"
#include "report/html/words.h"

namespace sm2::report::html {

struct Point {
  double joules = 0;
  double metric = 0;
  double resource = 0;
  bool joined = false;  // with the point before it; not across an evaluation that could not be drawn
};

struct Series {
  const journal::Trial* trial = nullptr;
  Fate fate = Fate::kWaiting;
  std::string look;  // CSS classes: colour and dash pattern
  std::vector<Point> points;
};

struct Drawing {
  std::vector<Series> series;  // the best first; without points none
  Axis x, y;
  double unit = 1;  // joules in the unit of the x axis
  std::string unit_name = "J";
  int outside = 0;                // points beyond the y axis
  std::vector<std::string> gaps;  // sentences about what could not be drawn
};

// Without series when there is nothing to draw.
Drawing drawing(const Study& study, const Summary& summary);

}  // namespace sm2::report::html
