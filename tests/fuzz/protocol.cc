#include "runner/protocol.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>

#include "runner/lines.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {
namespace {

using Line = std::pair<std::string, bool>;

std::vector<Line> lines_of(std::initializer_list<std::string_view> parts) {
  constexpr std::size_t kLimit = 1000;  // as kLongestMessage, but within a fuzzer's reach
  std::vector<Line> all;
  runner::Lines lines(kLimit);
  const auto keep = [&](std::string_view line, bool cut) { all.emplace_back(line, cut); };
  for (const std::string_view part : parts) lines.feed(part, keep);
  lines.finish(keep);
  return all;
}

bool finite(const std::optional<double>& value) { return !value || std::isfinite(*value); }

runner::Job job() {
  runner::Job job;
  job.configuration = {{"learning_rate", 0.1}};
  job.until = 4;
  job.metric = "accuracy";
  trial::Schedule schedule{trial::Schedule::Kind::kTriangular, 1e-3, 1, 2, 0.5};
  schedule.log = true;
  job.schedule = schedule;
  return job;
}

void check(const runner::Message& message) {
  require(message.understood || (!message.hello && !message.saved && !message.said),
          "what is not understood says nothing");
  if (message.saved) {
    require(runner::is_safe_name(message.saved->name), "a checkpoint stays in its folder");
    require(finite(message.saved->resource), "a checkpoint's resource is finite");
  }
  if (message.said) {
    const trial::Step& step = message.said->step;
    require(finite(step.resource) && finite(step.samples) && finite(step.learning_rate),
            "a place in a training is finite");
    require(message.said->metrics.empty() || message.said->metrics.contains("accuracy"),
            "an evaluation has the metric");
  }
  if (!message.hello) return;
  const std::string answer = runner::answer_to_hello(job(), *message.hello);
  require(answer.find('\n') == answer.size() - 1, "an answer is one line");
  require(nlohmann::json::parse(answer).is_object(), "an answer is an object");
}

}  // namespace

void protocol(std::string_view input) {
  if (input.empty()) return;
  const std::string_view stream = input.substr(1);
  const std::size_t cut = std::min<std::size_t>(static_cast<unsigned char>(input[0]), stream.size());
  const auto lines = lines_of({stream});
  require(lines == lines_of({stream.substr(0, cut), stream.substr(cut)}),
          "where a stream is cut does not matter");
  for (const auto& [line, cut_short] : lines) {
    if (!cut_short) check(runner::parse(line, "accuracy", "epoch"));
  }
}

}  // namespace sm2::fuzz
