#include "runner/protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace sm2::runner {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;
constexpr std::size_t kMostKeys = 1'000;  // of one message; further ones are ignored
constexpr std::size_t kMostSchedules = 100;
constexpr std::string_view kSchedules = "schedules";
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Python writes NaN, Infinity and -Infinity bare; quoted they are JSON.
std::string quote_bare_numbers(std::string_view line) {
  static constexpr std::array<std::string_view, 3> kBare = {"-Infinity", "Infinity", "NaN"};
  std::string quoted;
  bool in_string = false;
  for (std::size_t at = 0; at < line.size();) {
    const char here = line[at];
    const auto* bare = std::find_if(kBare.begin(), kBare.end(), [&](auto word) {
      return !in_string && line.substr(at).starts_with(word);
    });
    if (bare != kBare.end()) {
      quoted.append("\"").append(*bare).append("\"");
      at += bare->size();
      continue;
    }
    if (here == '"') in_string = !in_string;
    const std::size_t length = in_string && here == '\\' ? 2 : 1;
    quoted.append(line.substr(at, length));
    at += length;
  }
  return quoted;
}

bool has_bare_numbers(std::string_view line) {
  return line.find("NaN") != std::string_view::npos || line.find("Infinity") != std::string_view::npos;
}

// Keeps the numbers and texts that stand directly in the outermost object, and the texts of the array "schedules" in
// it; builds nothing else of what is nested.
class Collector {
 public:
  std::map<std::string, double, std::less<>> numbers;  // null is NaN
  std::map<std::string, std::string, std::less<>> texts;
  std::optional<std::vector<std::string>> schedules;
  bool is_object = false;

  bool null() { return put(kNan); }
  bool boolean(bool) { return true; }
  bool number_integer(json::number_integer_t value) { return put(static_cast<double>(value)); }
  bool number_unsigned(json::number_unsigned_t value) { return put(static_cast<double>(value)); }
  bool number_float(json::number_float_t value, const std::string&) { return put(value); }
  bool string(std::string& value) {
    if (depth_ == 2 && in_schedules_ && schedules->size() < kMostSchedules)
      schedules->push_back(std::move(value));
    if (depth_ != 1) return true;
    const auto number = to_number(value);
    if (number && !std::isfinite(*number)) return put(*number);
    texts[key_] = std::move(value);
    return true;
  }
  bool binary(json::binary_t&) { return true; }
  bool start_object(std::size_t) {
    is_object = is_object || depth_ == 0;
    return ++depth_ <= kDeepest;
  }
  bool key(std::string& key) {
    if (depth_ == 1) key_ = std::move(key);
    return true;
  }
  bool end_object() { return --depth_, true; }
  bool start_array(std::size_t) {
    if (depth_ == 1 && key_ == kSchedules) {
      in_schedules_ = true;
      schedules.emplace();
    }
    return depth_ > 0 && ++depth_ <= kDeepest;
  }
  bool end_array() {
    if (--depth_ == 1) in_schedules_ = false;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const json::exception&) { return false; }

 private:
  bool put(double value) {
    if (depth_ == 1 && numbers.size() < kMostKeys) numbers[key_] = value;
    return true;
  }

  int depth_ = 0;
  std::string key_;
  bool in_schedules_ = false;
};

std::optional<double> number(const Collector& found, std::string_view key) {
  const auto at = found.numbers.find(key);
  return at == found.numbers.end() ? std::nullopt : std::optional(at->second);
}

std::optional<double> finite(const Collector& found, std::string_view key) {
  const auto value = number(found, key);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

Said to_said(Collector& found, std::string_view metric, std::string_view unit) {
  Said said;
  const bool evaluation = found.numbers.contains(metric);
  said.step.resource = finite(found, unit);
  said.step.samples = finite(found, "samples");
  said.step.learning_rate = finite(found, "learning_rate");
  said.step.noise_scale = finite(found, "noise_scale");
  if (const auto step = finite(found, "step"); step && std::abs(*step) < 0x1p53) {
    said.step.step = static_cast<std::int64_t>(*step);
  }
  if (metric != "loss") said.step.loss = number(found, "loss");
  if (!evaluation) return said;
  for (auto& [key, value] : found.numbers) {
    const bool progress =
        key == unit || key == "step" || key == "samples" || key == "learning_rate" || key == "noise_scale";
    if (!progress || key == metric) said.metrics.emplace(key, value);
  }
  return said;
}

bool can_follow(const Hello& hello, const trial::Schedule& schedule) {
  return std::ranges::find(hello.schedules, trial::name(schedule)) != hello.schedules.end();
}

// What is asked for, or the nearest to it that the program can follow: of a cycle the plain triangle, else a constant at the
// middle of the bounds, which is the rate that the command names.
trial::Schedule to_follow(trial::Schedule asked, const Hello& hello, bool laid_out) {
  using Kind = trial::Schedule::Kind;
  if (asked.kind == Kind::kConstant) return asked;
  if (trial::runs_in_cycles(asked.kind)) {
    if (can_follow(hello, asked)) return asked;
    asked.kind = Kind::kTriangular;
    if (can_follow(hello, asked)) return asked;
    asked.log = false;
    if (can_follow(hello, asked)) return asked;
  } else if (laid_out && can_follow(hello, asked)) {
    return asked;
  }
  asked.low = asked.high = trial::middle_rate({asked.low, asked.high});
  asked.kind = Kind::kConstant;
  asked.log = false;
  return asked;
}

json schedule_to_json(const Job& job, const Hello& hello) {
  if (!job.schedule) return nullptr;
  auto steps_per_unit = hello.steps_per_unit;
  if (job.unit == "step") steps_per_unit = 1;
  const auto steps = [&](double units) {  // within what every language's integers hold
    return static_cast<std::int64_t>(std::clamp(std::round(units * *steps_per_unit), 0.0, 0x1p53));
  };
  const trial::Schedule followed = to_follow(*job.schedule, hello, steps_per_unit.has_value());
  json answer = {{"schedule", trial::name(followed)}, {"low", followed.low}, {"high", followed.high}};
  answer["first_step"] = steps_per_unit ? steps(followed.start) : 0;
  answer["cycle_steps"] =
      steps_per_unit ? std::max<std::int64_t>(1, steps(followed.cycle)) : kDefaultCycleSteps;
  if (followed.kind == trial::Schedule::Kind::kExpRange) answer["gamma"] = followed.gamma;
  return answer;
}

}  // namespace

Message parse(std::string_view line, std::string_view metric, std::string_view unit) {
  Collector found;
  const bool valid = has_bare_numbers(line) ? json::sax_parse(quote_bare_numbers(line), &found)
                                            : json::sax_parse(line, &found);
  Message message;
  if (!valid || !found.is_object) return message;
  if (const auto saved = found.texts.find("checkpoint"); saved != found.texts.end()) {
    if (!is_safe_name(saved->second)) return message;
    message.saved = Saved{saved->second, finite(found, unit)};
  }
  message.understood = true;
  if (found.numbers.contains("hello")) {
    auto steps = finite(found, "steps_per_unit");
    Hello hello;
    if (steps && *steps > 0) hello.steps_per_unit = steps;
    if (found.schedules) hello.schedules = *std::move(found.schedules);
    message.hello = std::move(hello);
    return message;
  }
  // The resource of a checkpoint says nothing about training steps.
  if (!message.saved || found.numbers.contains(metric)) message.said = to_said(found, metric, unit);
  return message;
}

std::string answer_to_hello(const Job& job, const Hello& hello) {
  json answer = {{"trial", job.trial},
                 {"params", space::to_json(job.configuration)},
                 {"resume", nullptr},
                 {"from", job.from},
                 {"until", job.until},
                 {"unit", job.unit},
                 {"learning_rate", schedule_to_json(job, hello)}};
  if (job.checkpoint) answer["resume"] = *job.checkpoint;
  return answer.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string answer_with(trial::Action action) {
  switch (action) {
    case trial::Action::kPause:
      return "{\"action\":\"pause\"}\n";
    case trial::Action::kStop:
      return "{\"action\":\"stop\"}\n";
    case trial::Action::kContinue:
      break;
  }
  return "{\"action\":\"continue\"}\n";
}

bool is_safe_name(std::string_view name) {
  if (name.empty() || name.size() > 255 || name == "." || name == "..") return false;
  return std::none_of(name.begin(), name.end(),
                      [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<double> to_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Either far too large or far too small; the sign of the exponent tells.
    const auto exponent = text.find_last_of("eE");
    const bool tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
    const double sign = text.starts_with('-') ? -1 : 1;
    return sign * (tiny ? 0.0 : std::numeric_limits<double>::infinity());
  }
  if (error != std::errc()) return std::nullopt;
  return value;
}

}  // namespace sm2::runner
