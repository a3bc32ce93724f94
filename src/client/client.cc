#include "sm2/client.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "client/connection.h"
#include "sm2/schedule.h"

namespace sm2 {

namespace {

using nlohmann::json;

constexpr int kProtocol = 1;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

const char* name_of_non_finite(double number) {
  if (std::isnan(number)) return "nan";
  return number > 0 ? "inf" : "-inf";
}

json as_json(double number) {
  if (std::isfinite(number)) return number;
  return name_of_non_finite(number);
}

template <class Integer>
void append_number(std::string& line, Integer number) {
  char digits[32];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_number(std::string& line, double number) {
  if (!std::isfinite(number)) {
    line.append("\"").append(name_of_non_finite(number)).append("\"");
    return;
  }
  char digits[32];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

std::string to_line(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

// A parameter that is null does not apply to this trial, so it is not there.
std::map<std::string, Value, std::less<>> to_parameters(const json& object) {
  std::map<std::string, Value, std::less<>> parameters;
  for (const auto& [name, value] : object.items()) {
    if (value.is_null()) continue;
    if (value.is_boolean()) {
      parameters[name] = value.get<bool>();
    } else if (value.is_number_integer()) {
      parameters[name] = value.get<std::int64_t>();
    } else if (value.is_number()) {
      parameters[name] = value.get<double>();
    } else {
      parameters[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
  }
  return parameters;
}

double number_or(const json& object, const char* key, double otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : otherwise;
}

std::string text_or(const json& object, const char* key, const std::string& otherwise) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

}  // namespace

struct Trial::State {
  std::optional<client::Connection> connection;
  std::optional<std::int64_t> number;
  std::map<std::string, Value, std::less<>> parameters;
  std::filesystem::path checkpoints;
  std::string resume;
  double from = 0;
  double until = std::numeric_limits<double>::infinity();
  std::string unit = "epoch";
  std::string unit_key;  // `,"epoch":`; empty where step or samples is the resource itself
  std::optional<Schedule> schedule;
  Action action = Action::kContinue;
  std::string line;  // reused by every report

  void understand(const json& hello);
  bool obey(const std::string& text);
  void look();
  Action wait_for_action();
};

void Trial::State::understand(const json& hello) {
  const auto trial = hello.find("trial");
  if (trial != hello.end() && trial->is_number_integer()) number = trial->get<std::int64_t>();
  const auto params = hello.find("params");
  if (params != hello.end() && params->is_object()) parameters = to_parameters(*params);
  resume = text_or(hello, "resume", "");
  from = number_or(hello, "from", from);
  until = number_or(hello, "until", until);
  unit = text_or(hello, "unit", unit);
  const auto learning_rate = hello.find("learning_rate");
  if (learning_rate != hello.end() && learning_rate->is_object()) {
    Schedule asked = Schedule::named(text_or(*learning_rate, "schedule", ""));
    asked.low = number_or(*learning_rate, "low", 0);
    asked.high = number_or(*learning_rate, "high", 0);
    asked.first_step = number_or(*learning_rate, "first_step", 0);
    asked.cycle_steps = number_or(*learning_rate, "cycle_steps", 0);
    asked.gamma = number_or(*learning_rate, "gamma", 1);
    schedule = asked;
  }
}

// Whether the line was an action; the strongest one stays.
bool Trial::State::obey(const std::string& text) {
  const json message = json::parse(text, nullptr, false);
  if (!message.is_object() || !message.contains("action")) return false;
  const std::string asked = text_or(message, "action", "");
  if (asked == "stop") action = Action::kStop;
  if (asked == "pause" && action == Action::kContinue) action = Action::kPause;
  return true;
}

void Trial::State::look() {
  while (const auto text = connection->poll_line()) obey(*text);
  if (connection->lost()) action = Action::kStop;
}

Action Trial::State::wait_for_action() {
  while (const auto text = connection->wait_line()) {
    if (obey(*text)) return action;
  }
  return action = Action::kStop;
}

Trial::Trial(std::unique_ptr<State> state) : state_(std::move(state)) {}
Trial::Trial(Trial&&) noexcept = default;
Trial& Trial::operator=(Trial&&) noexcept = default;
Trial::~Trial() = default;

Trial Trial::join(JoinOptions options) {
  auto state = std::make_unique<State>();
  if (const std::string text = environment("SM2_PARAMS"); !text.empty()) {
    const json params = json::parse(text, nullptr, false);
    if (!params.is_object()) throw JoinError("SM2_PARAMS is not a JSON object: " + text);
    state->parameters = to_parameters(params);
  }
  const std::string path = environment("SM2_SOCKET");
  if (path.empty()) return Trial(std::move(state));

  try {
    state->connection.emplace(path);
  } catch (const std::runtime_error& reason) {
    throw JoinError("no tuner at SM2_SOCKET " + path + ": " + reason.what());
  }
  json hello = {{"hello", kProtocol}, {"client", "c++/1.0"}, {"schedules", Schedule::kNames}};
  if (options.steps_per_unit) hello["steps_per_unit"] = as_json(*options.steps_per_unit);
  state->connection->send(to_line(hello));
  for (;;) {
    const auto text = state->connection->wait_line();
    if (!text) throw JoinError("the tuner at SM2_SOCKET " + path + " refused this process");
    if (state->obey(*text)) continue;
    const json answer = json::parse(*text, nullptr, false);
    if (!answer.is_object()) throw JoinError("the answer of the tuner is not a JSON object: " + *text);
    state->understand(answer);
    break;
  }
  state->checkpoints = environment("SM2_CHECKPOINT_DIR");
  if (!state->resume.empty() && state->checkpoints.empty()) {
    throw JoinError("the tuner asks to resume from " + state->resume + ", but SM2_CHECKPOINT_DIR is not set");
  }
  if (state->unit != "step" && state->unit != "samples") state->unit_key = "," + to_line(state->unit) + ":";
  return Trial(std::move(state));
}

bool Trial::active() const { return state_->connection.has_value(); }
std::optional<std::int64_t> Trial::number() const { return state_->number; }
const std::map<std::string, Value, std::less<>>& Trial::parameters() const { return state_->parameters; }
double Trial::from() const { return state_->from; }
double Trial::until() const { return state_->until; }
const std::string& Trial::unit() const { return state_->unit; }
Action Trial::action() const { return state_->action; }

std::optional<std::filesystem::path> Trial::resume() const {
  if (state_->resume.empty()) return std::nullopt;
  return state_->checkpoints / state_->resume;
}

std::optional<std::filesystem::path> Trial::checkpoint_directory() const {
  if (state_->checkpoints.empty()) return std::nullopt;
  return state_->checkpoints;
}

double Trial::learning_rate(std::int64_t step, double otherwise) const {
  return state_->schedule ? state_->schedule->at(step) : otherwise;
}

void Trial::report(const StepReport& report) {
  if (!active()) return;
  std::string& line = state_->line;
  line.assign("{\"step\":");
  append_number(line, report.step);
  line.append(",\"samples\":");
  append_number(line, report.samples);
  if (report.resource && !state_->unit_key.empty()) {
    append_number(line.append(state_->unit_key), *report.resource);
  }
  if (report.loss) append_number(line.append(",\"loss\":"), *report.loss);
  if (report.learning_rate) append_number(line.append(",\"learning_rate\":"), *report.learning_rate);
  if (report.noise_scale) append_number(line.append(",\"noise_scale\":"), *report.noise_scale);
  line.push_back('}');
  state_->connection->offer(line);
  state_->look();
}

Action Trial::evaluate(double resource, const std::vector<Metric>& metrics) {
  if (!active()) return Action::kContinue;
  json message = json::object();
  for (const Metric& metric : metrics) message[std::string(metric.name)] = as_json(metric.value);
  message[state_->unit] = as_json(resource);
  state_->connection->send(to_line(message));
  return state_->wait_for_action();
}

void Trial::checkpoint(std::string_view name, std::optional<double> resource) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string_view::npos) {
    throw std::invalid_argument("the name of a checkpoint is a single path component, not '" +
                                std::string(name) + "'");
  }
  if (!active()) return;
  json message = {{"checkpoint", std::string(name)}};
  if (resource) message[state_->unit] = as_json(*resource);
  state_->connection->send(to_line(message));
}

void Trial::mistyped(std::string_view name, const Value& value, const char* wanted) {
  const json written = std::visit([](const auto& it) { return json(it); }, value);
  throw std::invalid_argument("parameter " + std::string(name) + " is " + to_line(written) + ", not " +
                              wanted);
}

}  // namespace sm2
