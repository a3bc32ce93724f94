// Reads evaluations from plain output lines by a regular expression (RE2: linear time, whatever the line).
// The named group equal to the metric's name is its value and makes the match an evaluation; other named
// groups with a number are the resource, the progress (step, samples, loss, learning_rate) or further
// metrics. An evaluation that does not name its resource has the one that was last named by a match before it; as long
// as none was, evaluations are counted.
//
// Colours and other terminal sequences are taken out of a line first. A progress bar that writes over itself, by carriage
// returns or backspaces, is as many lines. A number may end in '%' or a punctuation mark, and have a decimal comma: 0,83;
// of a resource, a step and samples, a comma between groups of three digits parts thousands.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runner/runner.h"

namespace sm2::runner {

inline constexpr std::string_view kOverwrites = "\r\b";  // with these a program writes over what it wrote

class Matcher {
 public:
  // Fails with RE2's message and the part of the expression it is about.
  static base::Result<Matcher> compile(const Pattern& pattern);

  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  // What a line says, match by match.
  std::vector<Said> match(std::string_view line);

  // What the user may want to change in the expression, after what was matched; empty: nothing.
  std::string complaint() const;

  std::vector<std::string> groups() const;  // named ones, sorted

 private:
  struct State;
  void match_piece(std::string_view piece, std::vector<Said>& all);
  std::optional<Said> read_groups();
  explicit Matcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Whether the expression compiles and has a group for the metric; for the study file's errors.
base::Result<> check(const Pattern& pattern);

}  // namespace sm2::runner
