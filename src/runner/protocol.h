// The protocol of docs/protocol.md as pure functions between lines and plain structs. What a program sends is
// never trusted: any bytes at all give a Message, an empty one where they are not understood.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/runner.h"

namespace sm2::runner {

inline constexpr std::size_t kLongestMessage = 1 << 20;
inline constexpr std::int64_t kDefaultCycleSteps = 200;  // when a program does not say its steps_per_unit

struct Hello {
  std::optional<double> steps_per_unit;
  // The schedules that the program can follow: those of the first clients where it does not say.
  std::vector<std::string> schedules = {"constant", "triangular", "log-triangular", "cosine"};
};
struct Saved {  // a checkpoint
  std::string name;
  std::optional<double> resource;
};
struct Message {
  std::optional<Hello> hello;
  std::optional<Saved> saved;
  std::optional<Said> said;
  bool understood = false;  // a JSON object within the limits, with a safe checkpoint name if any
};

// `metric` and `unit` are the study's: a message with the metric is an evaluation, and the unit's key is its
// resource.
Message parse(std::string_view line, std::string_view metric, std::string_view unit);

std::string answer_to_hello(const Job& job, const Hello& hello);  // lines with their newline
std::string answer_with(trial::Action action);

// A name that stays inside the checkpoint folder: one path component, without control characters.
bool is_safe_name(std::string_view name);

// A number as text has it, "nan" and "inf" in any case included; nothing where `text` is not just a number.
std::optional<double> to_number(std::string_view text);

}  // namespace sm2::runner
