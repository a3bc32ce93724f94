// Reads evaluations from plain output lines by a regular expression (RE2: linear time, whatever the line).
// The named group equal to the metric's name is its value and makes the line an evaluation; other named
// groups with a number are the resource, the progress (step, samples, loss, learning_rate) or further
// metrics.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runner/runner.h"

namespace sm2::runner {

class Matcher {
 public:
  // Fails with RE2's message and the part of the expression it is about.
  static base::Result<Matcher> compile(const Pattern& pattern);

  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  // What a line says, match by match. Counts evaluations that do not name their resource.
  std::vector<Said> match(std::string_view line);

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
