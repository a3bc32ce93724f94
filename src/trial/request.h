// What a user asks, by another program, of a study while its tuner works (docs/control.md).
#pragma once

#include <optional>
#include <string_view>

#include "trial/decision.h"

namespace sm2::trial {

enum class Wish {
  kPause,   // a trial, or all, until it is resumed: saved first where the program can be resumed
  kResume,  // what was paused so
  kStop     // a trial: never train it again; a study: end as with Ctrl-C, so that the same command goes on
};

struct Request {
  Wish wish = Wish::kPause;
  std::optional<TrialId> trial;  // absent: the whole study
  bool operator==(const Request&) const = default;
};

std::string_view name(Wish wish);  // "pause", "resume", "stop"
std::optional<Wish> wish_named(std::string_view name);

}  // namespace sm2::trial
