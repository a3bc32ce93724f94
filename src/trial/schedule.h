// The learning rate that the tuner asks a trainer to follow over one stretch of training: rates between low and high, laid
// out in units of the study's resource. The formulas, of the optimiser step, are the clients' (include/sm2/schedule.h,
// docs/protocol.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sm2::trial {

struct Schedule {
  enum class Kind { kConstant, kTriangular, kTriangular2, kExpRange, kOneCycle, kRangeTest, kCosine };
  Kind kind = Kind::kConstant;  // constant: at high
  double low = 0;
  double high = 0;
  double start = 0;  // where the first cycle begins, in units of the study's resource
  double cycle = 1;  // length of a cycle (cosine: of the whole descent), in units of the study's resource
  bool log = false;  // on a log scale; only of what runs in cycles
  double gamma = 1;  // exp-range: what a cycle's amplitude is of the one before
  bool operator==(const Schedule&) const = default;
};

struct RateBounds {
  double low = 0;
  double high = 0;
  bool operator==(const RateBounds&) const = default;
};

// What a study asks for where its learning rate is cycled.
struct SchedulePlan {
  Schedule::Kind explore = Schedule::Kind::kTriangular;
  double cycle = 1;    // in units of resource; a one-cycle and a range test are as long as their stretch
  double gamma = 0.8;  // of exp-range
  Schedule::Kind last = Schedule::Kind::kCosine;  // of the stretch that reaches the most resource
  bool operator==(const SchedulePlan&) const = default;
};

// As study files have it: "constant", "triangular", "triangular2", "exp-range", "one-cycle", "range-test", "cosine".
std::string_view name(Schedule::Kind kind);
std::optional<Schedule::Kind> kind_named(std::string_view name);

// As the protocol and the journal have it: the kind's name, with "log-" before it on a log scale.
std::string name(const Schedule& schedule);
std::optional<Schedule> schedule_named(std::string_view name);  // sets kind and log

// Whether the rate rises and falls again and again, or rises: all but a constant and a cosine.
bool runs_in_cycles(Schedule::Kind kind);

// The one learning rate to name where there can be only one: the middle of the bounds on a log scale.
double middle_rate(const RateBounds& bounds);

}  // namespace sm2::trial
