#include "cluster/message.h"

#include <array>
#include <nlohmann/json.hpp>

#include "base/match.h"
#include "journal/codec.h"
#include "journal/json_number.h"

namespace sm2::cluster {
namespace {

using journal::get;
using journal::number;
using journal::put;
using journal::to_number;
using nlohmann::json;
using runner::TrialId;

constexpr std::array<const char*, 3> kActions = {"continue", "pause", "stop"};

const char* name(trial::Action action) { return kActions.at(static_cast<std::size_t>(action)); }

trial::Action action_of(const json& object) {
  const auto named = object.at("action").get<std::string>();
  for (std::size_t k = 0; k < kActions.size(); ++k) {
    if (named == kActions[k]) return static_cast<trial::Action>(k);
  }
  throw std::invalid_argument("unknown action '" + named + "'");
}

// What the journal stores too is written as it is there.
json stored(const trial::EventBody& body) { return json::parse(journal::encode(body)); }

template <class Body>
Body read(const char* kind, const json& object) {
  auto body = journal::decode(kind, object.dump());
  if (!body) throw std::invalid_argument(body.error().message);
  return std::get<Body>(*std::move(body));
}

json encode_limits(const runner::Limits& limits) {
  json object = {{"grace", number(limits.grace.value)}, {"log", limits.log_bytes}};
  if (limits.wall) object["wall"] = number(limits.wall->value);
  if (limits.silence) object["silence"] = number(limits.silence->value);
  if (limits.memory) object["memory"] = *limits.memory;
  if (limits.disk) object["disk"] = *limits.disk;
  if (limits.cpu) object["cpu"] = *limits.cpu;
  return object;
}

runner::Limits decode_limits(const json& object) {
  runner::Limits limits;
  limits.grace = base::Seconds(to_number(object.at("grace")));
  limits.log_bytes = object.at("log").get<std::size_t>();
  if (const auto wall = get(object, "wall")) limits.wall = base::Seconds(*wall);
  if (const auto silence = get(object, "silence")) limits.silence = base::Seconds(*silence);
  if (object.contains("memory")) limits.memory = object["memory"].get<std::size_t>();
  if (object.contains("disk")) limits.disk = object["disk"].get<std::size_t>();
  if (object.contains("cpu")) limits.cpu = object["cpu"].get<int>();
  return limits;
}

json encode_job(const runner::Job& job) {
  const trial::Train train{job.trial, job.configuration, 0, job.until, job.schedule, {}};
  json object = {{"train", stored(trial::Decided{train})},
                 {"command", job.command},
                 {"folder", job.folder.string()},
                 {"from", number(job.from)},
                 {"unit", job.unit},
                 {"metric", job.metric},
                 {"limits", encode_limits(job.limits)}};
  if (job.directory) object["directory"] = job.directory->string();
  if (job.checkpoint) object["checkpoint"] = *job.checkpoint;
  if (job.pattern) object["pattern"] = job.pattern->expression;
  return object;
}

runner::Job decode_job(const json& object) {
  const auto decided = read<trial::Decided>("decided", object.at("train"));
  const auto& train = std::get<trial::Train>(decided.decision);
  runner::Job job;
  job.trial = train.trial;
  job.configuration = train.configuration;
  job.until = train.until;
  job.schedule = train.schedule;
  job.command = object.at("command").get<std::vector<std::string>>();
  job.folder = object.at("folder").get<std::string>();
  job.from = to_number(object.at("from"));
  job.unit = object.at("unit").get<std::string>();
  job.metric = object.at("metric").get<std::string>();
  if (object.contains("pattern"))
    job.pattern = runner::Pattern{object["pattern"].get<std::string>(), job.metric, job.unit};
  job.limits = decode_limits(object.at("limits"));
  if (object.contains("directory")) job.directory = object["directory"].get<std::string>();
  if (object.contains("checkpoint")) job.checkpoint = object["checkpoint"].get<std::string>();
  return job;
}

json encode_step(const trial::Step& step) {
  json object = json::object();
  if (step.step) object["step"] = *step.step;
  put(object, "samples", step.samples);
  put(object, "resource", step.resource);
  put(object, "loss", step.loss);
  put(object, "learning_rate", step.learning_rate);
  put(object, "noise_scale", step.noise_scale);
  return object;
}

trial::Step decode_step(const json& object) {
  trial::Step step;
  if (object.contains("step")) step.step = object["step"].get<std::int64_t>();
  step.samples = get(object, "samples");
  step.resource = get(object, "resource");
  step.loss = get(object, "loss");
  step.learning_rate = get(object, "learning_rate");
  step.noise_scale = get(object, "noise_scale");
  return step;
}

json encode_event(const runner::Event& event) {
  return std::visit(
      base::Match{[](const runner::Evaluation& evaluation) {
                    json metrics = json::object();
                    for (const auto& [key, value] : evaluation.metrics) metrics[key] = number(value);
                    json object = {{"metrics", std::move(metrics)}};
                    put(object, "resource", evaluation.resource);
                    return json{{"evaluation", std::move(object)}};
                  },
                  [](const runner::Stepped& stepped) { return json{{"step", encode_step(stepped.step)}}; },
                  [](const runner::Checkpoint& checkpoint) {
                    json object = {{"name", checkpoint.name}};
                    put(object, "resource", checkpoint.resource);
                    return json{{"checkpoint", std::move(object)}};
                  },
                  [](const runner::Exit& exit) {
                    const trial::Stretch stretch{exit.outcome, 0, {}, {}, {}, {}};
                    json object = stored(trial::Exited{exit.trial, stretch, exit.note});
                    object["by_limit"] = exit.by_limit;
                    return json{{"exit", std::move(object)}};
                  },
                  [](const runner::Woken&) { return json::object(); }},
      event);
}

runner::Event decode_event(TrialId trial, const json& object) {
  if (const auto found = object.find("evaluation"); found != object.end()) {
    runner::Evaluation evaluation{trial, get(*found, "resource"), {}};
    for (const auto& [key, value] : found->at("metrics").items()) evaluation.metrics[key] = to_number(value);
    return evaluation;
  }
  if (const auto found = object.find("step"); found != object.end())
    return runner::Stepped{trial, decode_step(*found)};
  if (const auto found = object.find("checkpoint"); found != object.end())
    return runner::Checkpoint{trial, found->at("name").get<std::string>(), get(*found, "resource")};
  if (const auto found = object.find("exit"); found != object.end()) {
    const auto exited = read<trial::Exited>("exited", *found);
    return runner::Exit{trial, exited.stretch.outcome, exited.note, found->value("by_limit", false)};
  }
  throw std::invalid_argument("an event of no known kind");
}

json encode_message(const Heard& heard) {
  auto events = json::array();
  for (const runner::Event& event : heard.events) events.push_back(encode_event(event));
  return {{"heard", stored(trial::Metered{heard.trial, heard.energy, {}})}, {"events", std::move(events)}};
}

json encode_message(const Present& present) {
  return {{"present",
           {{"places", present.places},
            {"host", present.host},
            {"process", present.process},
            {"said", present.said.value},
            {"hardware", present.hardware}}}};
}

json encode_message(const Start& start) {
  return {{"start", encode_job(start.job)}, {"heard_at", start.heard.value}};
}
json encode_message(const Answer& answer) {
  return {{"answer", answer.trial}, {"action", name(answer.action)}};
}
json encode_message(const End& end) { return {{"end", end.trial}, {"action", name(end.action)}}; }
json encode_message(const Over& over) { return {{"over", over.why}}; }
json encode_message(const Left&) { return {{"left", true}}; }

Heard decode_heard(const json& object) {
  const auto metered = read<trial::Metered>("metered", object.at("heard"));
  Heard heard{metered.trial, metered.energy, {}};
  for (const json& event : object.at("events")) heard.events.push_back(decode_event(metered.trial, event));
  return heard;
}

Message decode_message(const json& object) {
  if (object.contains("heard")) return decode_heard(object);
  if (object.contains("answer")) return Answer{object["answer"].get<TrialId>(), action_of(object)};
  if (object.contains("start"))
    return Start{decode_job(object["start"]), base::Seconds(to_number(object.at("heard_at")))};
  if (object.contains("end")) return End{object["end"].get<TrialId>(), action_of(object)};
  if (object.contains("over")) return Over{object["over"].get<std::string>()};
  if (object.contains("left")) return Left{};
  const json& present = object.at("present");
  return Present{present.at("places").get<int>(), present.at("host").get<std::string>(),
                 present.at("process").get<long>(), base::Seconds(to_number(present.at("said"))),
                 present.value("hardware", "")};
}

}  // namespace

std::string encode(const Message& message) {
  return std::visit([](const auto& one) { return encode_message(one); }, message)
      .dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<Message> decode(std::string_view text) {
  try {
    return decode_message(json::parse(text));
  } catch (const std::exception& error) {
    return base::fail("not a message between a tuner and its workers: {}", error.what());
  }
}

}  // namespace sm2::cluster
