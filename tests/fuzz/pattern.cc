#include "runner/pattern.h"

#include <cmath>

#include "runner/lines.h"
#include "runner/log.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {

void pattern(std::string_view input) {
  const std::size_t end = std::min(input.find('\n'), input.size());
  const runner::Pattern pattern{std::string(input.substr(0, end)), "accuracy", "epoch"};
  input.remove_prefix(std::min(end + 1, input.size()));
  require(!has_controls(runner::printable(input)) && !has_controls(runner::last_line(input)),
          "a line of output can be shown");
  if (const auto good = runner::check(pattern); !good) return check_error(good.error());
  auto matcher = runner::Matcher::compile(pattern);
  require(matcher.has_value(), "what was checked compiles");
  runner::Lines lines(1000);
  const auto match = [&](std::string_view line, bool) {
    for (const runner::Said& said : matcher->match(line)) {
      require(!said.step.resource || std::isfinite(*said.step.resource), "a place in a training is finite");
      require(said.metrics.empty() || (said.metrics.contains("accuracy") && said.step.resource),
              "an evaluation has the metric and a place");
    }
  };
  lines.feed(input, match);
  lines.finish(match);
  require(!has_controls(matcher->complaint()), "a complaint can be shown");
}

}  // namespace sm2::fuzz
