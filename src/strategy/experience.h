// What was learnt of one trial, in a form that outlives its study: the warm start of a later study of the same job, on
// the same or on other hardware.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "space/configuration.h"

namespace sm2::strategy {

struct Experience {
  struct Point {
    double resource = 0;
    double metric = 0;  // oriented: higher is better
    double joules = 0;  // of the trial up to here; NaN: not known
    bool operator==(const Point&) const = default;
  };

  int study = 0;       // trials of one study share it; a later study has a higher one
  std::string device;  // that its joules were used on; joules of different devices are not compared
  space::Configuration configuration;
  std::vector<Point> points;  // in order of resource; at evaluations
  double reached = 0;         // resource that it was trained to
  double joules = 0;          // up to there; NaN: not known
  bool failed = false;        // failed, diverged, or did not fit
  bool operator==(const Experience&) const = default;
};

}  // namespace sm2::strategy
