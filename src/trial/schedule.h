// The learning rate that the tuner asks a trainer to follow over one stretch of training. Rates between low
// and high.
#pragma once

#include <string_view>

namespace sm2::trial {

struct Schedule {
  enum class Kind { kConstant, kTriangular, kLogTriangular, kCosine };
  Kind kind = Kind::kConstant;
  double low = 0;
  double high = 0;
  double start = 0;  // where the first cycle begins, in units of the study's resource
  double cycle = 1;  // length of a cycle (cosine: of the whole descent), in units of the study's resource
  bool operator==(const Schedule&) const = default;
};

struct RateBounds {
  double low = 0;
  double high = 0;
  bool operator==(const RateBounds&) const = default;
};

// As the protocol and the journal have it: "constant", "triangular", "log-triangular", "cosine".
std::string_view name(Schedule::Kind kind);

}  // namespace sm2::trial
