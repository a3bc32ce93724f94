// A program of the user's as a meter: it prints one line, a power ("123.4 W") or what a counter of energy has counted
// ("4512 J", "1.25 kWh"), and ends. It runs when it is asked and its last answer is older than `period`; in between the
// last answer stays, a failure too. May be used from any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/quantity.h"
#include "base/result.h"

namespace sm2::meter::command {

struct Counted {
  base::Joules joules;  // not negative
  base::Joules step;    // of the last digit that was printed
};

using Answer = std::variant<base::Watts, Counted>;

// Fails for anything but one line with a number and a unit; says what would be right.
base::Result<Answer> parse(std::string_view output);

class ProgramMeter {
 public:
  using Run = std::function<base::Result<std::string>()>;  // what it printed

  ProgramMeter(std::string name, Run run, const base::Clock& clock)
      : name_(std::move(name)), run_(std::move(run)), clock_(clock) {}

  struct First {
    Answer answer;
    base::Seconds took;
  };
  base::Result<First> first();  // runs it

  base::Result<base::Watts> power(base::Seconds period);
  base::Result<Counted> counted(base::Seconds period);
  // The mean power between the last two answers that counted energy; nothing while there are none.
  std::optional<base::Watts> mean_power() const;

 private:
  base::Result<Answer> answer(base::Seconds period);
  void ask();
  void note_mean(const Answer& answer);

  std::string name_;
  Run run_;
  const base::Clock& clock_;
  mutable std::mutex mutex_;
  std::optional<base::Result<Answer>> last_;
  base::Seconds rests_since_;
  std::optional<Counted> counted_;
  base::Seconds counted_at_;
  std::optional<base::Watts> mean_;
};

}  // namespace sm2::meter::command
