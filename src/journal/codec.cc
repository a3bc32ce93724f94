#include "journal/codec.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/match.h"
#include "journal/json_number.h"

namespace sm2::journal {
namespace {

using nlohmann::json;
using namespace trial;  // NOLINT: this file is a list of the trial room's structs
using base::Joules;
using base::Seconds;

// A whole number that its type can hold: casting another would be undefined.
template <class Whole>
Whole to_whole(const json& value) {
  const auto fits = [&] {
    return value.is_number_unsigned() ? std::in_range<Whole>(value.get<std::uint64_t>())
                                      : std::in_range<Whole>(value.get<std::int64_t>());
  };
  if (!value.is_number_integer() || !fits()) throw std::invalid_argument("a whole number is wanted");
  return value.get<Whole>();
}

int whole_or_none(const json& object, const char* key) {
  return object.contains(key) ? to_whole<int>(object[key]) : 0;
}

[[noreturn]] void fail_unknown(const char* what, const std::string& name) {
  throw std::invalid_argument(fmt::format("unknown {} '{}'; a newer sm2 may have written it", what, name));
}

// The value whose name is stored.
template <class Named>
Named known(const json& stored, std::initializer_list<Named> values) {
  const auto text = stored.get<std::string>();
  for (const Named value : values) {
    if (name(value) == text) return value;
  }
  fail_unknown("value", text);
}

json encode_energy(const Energy& energy) {
  auto list = json::array();
  for (const Reading& reading : energy) {
    json object = {{"domain", reading.domain},
                   {"source", reading.source},
                   {"quality", name(reading.quality)},
                   {"error", number(reading.error.value)},
                   {"noise", number(reading.noise.value)}};
    if (reading.joules) object["joules"] = number(reading.joules->value);
    if (reading.idle) object["idle"] = number(reading.idle->value);
    if (!reading.note.empty()) object["note"] = reading.note;
    if (!reading.method.empty()) object["method"] = reading.method;
    if (!reading.counted) object["counted"] = false;
    list.push_back(std::move(object));
  }
  return list;
}

Energy decode_energy(const json& list) {
  Energy energy;
  for (const json& object : list) {
    Reading reading;
    reading.domain = object.at("domain").get<std::string>();
    reading.source = object.at("source").get<std::string>();
    reading.quality =
        known(object.at("quality"), {Quality::kMeasured, Quality::kModelled, Quality::kReplayed});
    if (const auto joules = get(object, "joules")) reading.joules = Joules(*joules);
    if (const auto idle = get(object, "idle")) reading.idle = Joules(*idle);
    reading.error = Joules(get(object, "error", 0));
    reading.noise = Joules(get(object, "noise", 0));
    reading.note = object.value("note", "");
    reading.method = object.value("method", "");
    reading.counted = object.value("counted", true);
    energy.push_back(std::move(reading));
  }
  return energy;
}

json encode_progress(const Progress& progress) {
  auto object = json::object();
  put(object, "samples", progress.samples);
  put(object, "loss", progress.loss);
  put(object, "stability", progress.stability);
  if (progress.stable_rates)
    object["stable_rates"] = {number(progress.stable_rates->low), number(progress.stable_rates->high)};
  put(object, "joules_per_sample", progress.joules_per_sample);
  put(object, "seconds_per_sample", progress.seconds_per_sample);
  put(object, "samples_per_step", progress.samples_per_step);
  put(object, "noise_scale", progress.noise_scale);
  if (progress.power_limit) object["power_limit"] = number(progress.power_limit->value);
  return object;
}

Progress decode_progress(const json& object) {
  Progress progress;
  progress.samples = get(object, "samples");
  progress.loss = get(object, "loss");
  progress.stability = get(object, "stability");
  if (object.contains("stable_rates")) {
    progress.stable_rates =
        RateBounds{to_number(object["stable_rates"].at(0)), to_number(object["stable_rates"].at(1))};
  }
  progress.joules_per_sample = get(object, "joules_per_sample");
  progress.seconds_per_sample = get(object, "seconds_per_sample");
  progress.samples_per_step = get(object, "samples_per_step");
  progress.noise_scale = get(object, "noise_scale");
  if (const auto limit = get(object, "power_limit")) progress.power_limit = base::Watts(*limit);
  return progress;
}

json encode_schedule(const Schedule& schedule) {
  json object = {{"kind", name(schedule)},
                 {"low", number(schedule.low)},
                 {"high", number(schedule.high)},
                 {"start", number(schedule.start)},
                 {"cycle", number(schedule.cycle)}};
  if (schedule.kind == Schedule::Kind::kExpRange) object["gamma"] = number(schedule.gamma);
  return object;
}

Schedule decode_schedule(const json& object) {
  const auto kind = object.at("kind").get<std::string>();
  const auto named = schedule_named(kind);
  if (!named) fail_unknown("value", kind);
  Schedule schedule = *named;
  schedule.low = get(object, "low", 0);
  schedule.high = get(object, "high", 0);
  schedule.start = get(object, "start", 0);
  schedule.cycle = get(object, "cycle", 1);
  schedule.gamma = get(object, "gamma", 1);
  return schedule;
}

json encode_outcome(const Outcome& outcome) {
  json object = {{"outcome", name(outcome)}};
  std::visit(
      base::Match{[](const Completed&) {}, [](const Paused&) {}, [](const Interrupted&) {},
                  [](const Withdrawn&) {}, [&](const Stopped& stopped) { object["detail"] = stopped.reason; },
                  [&](const Failed& failed) {
                    object["exit"] = failed.exit_code;
                    object["detail"] = failed.detail;
                  },
                  [&](const Killed& killed) {
                    object["signal"] = killed.signal;
                    object["detail"] = killed.detail;
                  },
                  [&](const OutOfMemory& memory) { object["detail"] = memory.detail; },
                  [&](const TimedOut& timed_out) {
                    object["limit"] = timed_out.limit;
                    object["after"] = number(timed_out.after.value);
                  },
                  [&](const Diverged& diverged) { object["detail"] = diverged.detail; },
                  [&](const Exceeded& exceeded) {
                    object["limit"] = exceeded.limit;
                    object["detail"] = exceeded.detail;
                  }},
      outcome);
  return object;
}

Outcome decode_outcome(const json& object) {
  const auto named = object.at("outcome").get<std::string>();
  const std::string detail = object.value("detail", "");
  const Outcome all[] = {Completed{},
                         Paused{},
                         Stopped{detail},
                         Interrupted{},
                         Failed{whole_or_none(object, "exit"), detail},
                         Killed{whole_or_none(object, "signal"), detail},
                         OutOfMemory{detail},
                         TimedOut{object.value("limit", ""), Seconds(get(object, "after", 0))},
                         Diverged{detail},
                         Exceeded{object.value("limit", ""), detail},
                         Withdrawn{}};
  for (const Outcome& outcome : all) {
    if (name(outcome) == named) return outcome;
  }
  fail_unknown("outcome", named);
}

json encode_stretch(const Stretch& stretch) {
  json object = encode_outcome(stretch.outcome);
  object["reached"] = number(stretch.reached);
  put(object, "metric", stretch.metric);
  object["energy"] = encode_energy(stretch.energy);
  object["seconds"] = number(stretch.seconds.value);
  object["progress"] = encode_progress(stretch.progress);
  return object;
}

Stretch decode_stretch(const json& object) {
  return {decode_outcome(object),
          get(object, "reached", 0),
          get(object, "metric"),
          decode_energy(object.at("energy")),
          Seconds(get(object, "seconds", 0)),
          decode_progress(object.at("progress"))};
}

json encode_train(const Train& train) {
  json object = {{"decision", "train"},
                 {"trial", train.trial},
                 {"params", space::to_json(train.configuration)},
                 {"rung", train.rung},
                 {"until", number(train.until)}};
  if (train.schedule) object["schedule"] = encode_schedule(*train.schedule);
  if (train.probe) object["probe"] = number(train.probe->value);
  if (train.parent) object["parent"] = *train.parent;
  if (train.tune_power) object["tune_power"] = true;
  return object;
}

Train decode_train(const json& object) {
  Train train;
  train.trial = to_whole<TrialId>(object.at("trial"));
  train.configuration = space::configuration_from_json(object.at("params"));
  train.rung = to_whole<int>(object.at("rung"));
  train.until = to_number(object.at("until"));
  if (object.contains("schedule")) train.schedule = decode_schedule(object["schedule"]);
  if (const auto probe = get(object, "probe")) train.probe = Seconds(*probe);
  if (object.contains("parent")) train.parent = to_whole<TrialId>(object["parent"]);
  train.tune_power = object.value("tune_power", false);
  return train;
}

void put_winner(json& object, const std::optional<TrialId>& winner) {
  if (winner) object["winner"] = *winner;
}

std::optional<TrialId> get_winner(const json& object) {
  if (!object.contains("winner")) return {};
  return to_whole<TrialId>(object["winner"]);
}

json encode_decision(const Decision& decision) {
  return std::visit(base::Match{[](const Train& train) { return encode_train(train); },
                                [](const Drop& drop) {
                                  return json{{"decision", "drop"},
                                              {"trial", drop.trial},
                                              {"params", space::to_json(drop.configuration)},
                                              {"reason", drop.reason}};
                                },
                                [](const Wait&) { return json{{"decision", "wait"}}; },
                                [](const Finish& finish) {
                                  json object = {{"decision", "finish"}, {"reason", finish.reason}};
                                  put_winner(object, finish.winner);
                                  return object;
                                }},
                    decision);
}

Decision decode_decision(const json& object) {
  const auto named = object.at("decision").get<std::string>();
  if (named == "train") return decode_train(object);
  if (named == "drop") {
    return Drop{to_whole<TrialId>(object.at("trial")), space::configuration_from_json(object.at("params")),
                object.at("reason").get<std::string>()};
  }
  if (named == "finish") return Finish{get_winner(object), object.at("reason").get<std::string>()};
  if (named == "wait") return Wait{};
  fail_unknown("decision", named);
}

json encode_evaluation(const Evaluation& evaluation) {
  auto metrics = json::object();
  for (const auto& [key, value] : evaluation.metrics) metrics[key] = number(value);
  return {{"resource", number(evaluation.resource)},
          {"metrics", std::move(metrics)},
          {"energy", encode_energy(evaluation.energy)},
          {"seconds", number(evaluation.seconds.value)},
          {"progress", encode_progress(evaluation.progress)}};
}

Evaluation decode_evaluation(const json& object) {
  Evaluation evaluation;
  evaluation.resource = to_number(object.at("resource"));
  for (const auto& [key, value] : object.at("metrics").items()) evaluation.metrics[key] = to_number(value);
  evaluation.energy = decode_energy(object.at("energy"));
  evaluation.seconds = Seconds(get(object, "seconds", 0));
  evaluation.progress = decode_progress(object.at("progress"));
  return evaluation;
}

json with_trial(TrialId trial, json object) {
  object["trial"] = trial;
  return object;
}

json encode_opened(const Opened& opened) {
  json object = {{"version", opened.version},
                 {"host", opened.host},
                 {"process", opened.process},
                 {"sources", opened.sources}};
  if (opened.grid) {
    object["grid"] = {{"grams_per_kwh", number(opened.grid->grams_per_kwh)}, {"origin", opened.grid->origin}};
  }
  if (opened.price) {
    object["price"] = {{"per_kwh", number(opened.price->per_kwh)}, {"currency", opened.price->currency}};
  }
  for (const auto& [domain, watts] : opened.idle) object["idle"][domain] = number(watts.value);
  if (!opened.hardware.empty()) object["hardware"] = opened.hardware;
  return object;
}

Opened decode_opened(const json& object) {
  Opened opened{object.at("version").get<std::string>(),
                object.at("host").get<std::string>(),
                to_whole<long>(object.at("process")),
                object.at("sources").get<std::vector<std::string>>(),
                {},
                {},
                {}};
  if (const auto grid = object.find("grid"); grid != object.end()) {
    opened.grid =
        footprint::Grid{to_number(grid->at("grams_per_kwh")), grid->at("origin").get<std::string>()};
  }
  if (const auto price = object.find("price"); price != object.end()) {
    opened.price =
        footprint::Price{to_number(price->at("per_kwh")), price->at("currency").get<std::string>()};
  }
  if (const auto idle = object.find("idle"); idle != object.end()) {
    for (const auto& [domain, watts] : idle->items()) opened.idle[domain] = base::Watts(to_number(watts));
  }
  opened.hardware = object.value("hardware", "");
  return opened;
}

json encode_devices(const Devices& devices) {
  auto list = json::array();
  for (const Device& device : devices) {
    list.push_back(
        {{"name", device.name}, {"id", device.id}, {"vendor", name(device.vendor)}, {"part", device.part}});
  }
  return list;
}

Devices decode_devices(const json& list) {
  Devices devices;
  for (const json& object : list) {
    devices.push_back({object.at("name").get<std::string>(), object.at("id").get<std::string>(),
                       known(object.at("vendor"), {Vendor::kNvidia, Vendor::kAmd}),
                       object.at("part").get<std::string>()});
  }
  return devices;
}

json encode_launched(const Launched& launched) {
  json object = {{"trial", launched.trial}};
  if (launched.checkpoint) object["checkpoint"] = *launched.checkpoint;
  if (launched.devices) object["devices"] = encode_devices(*launched.devices);
  if (!launched.hardware.empty()) object["hardware"] = launched.hardware;
  return object;
}

Launched decode_launched(TrialId trial, const json& object) {
  Launched launched{trial, {}};
  if (object.contains("checkpoint")) launched.checkpoint = object["checkpoint"].get<std::string>();
  if (object.contains("devices")) launched.devices = decode_devices(object["devices"]);
  launched.hardware = object.value("hardware", "");
  return launched;
}

json encode_created(const Created& created) {
  json object = {{"file", created.file}};
  if (!created.experience.empty()) object["experience"] = json::parse(created.experience);
  if (created.energy) object["energy"] = number(created.energy->value);
  return object;
}

Created decode_created(const json& object) {
  Created created{object.at("file").get<std::string>()};
  if (const auto experience = object.find("experience"); experience != object.end())
    created.experience = experience->dump();
  if (const auto energy = get(object, "energy")) created.energy = Joules(*energy);
  return created;
}

json encode_body(const EventBody& body) {
  return std::visit(base::Match{[](const Created& created) { return encode_created(created); },
                                [](const Opened& opened) { return encode_opened(opened); },
                                [](const Decided& decided) { return encode_decision(decided.decision); },
                                [](const Launched& launched) { return encode_launched(launched); },
                                [](const Evaluated& evaluated) {
                                  return with_trial(evaluated.trial, encode_evaluation(evaluated.evaluation));
                                },
                                [](const Checkpointed& checkpointed) {
                                  return json{{"trial", checkpointed.trial},
                                              {"name", checkpointed.name},
                                              {"resource", number(checkpointed.resource)}};
                                },
                                [](const Metered& metered) {
                                  return json{{"trial", metered.trial},
                                              {"energy", encode_energy(metered.energy)},
                                              {"seconds", number(metered.seconds.value)}};
                                },
                                [](const Exited& exited) {
                                  json object = with_trial(exited.trial, encode_stretch(exited.stretch));
                                  if (!exited.note.empty()) object["note"] = exited.note;
                                  return object;
                                },
                                [](const Requested& requested) {
                                  return json{{"trial", requested.trial}, {"wish", name(requested.wish)}};
                                },
                                [](const Closed& closed) {
                                  json object = {{"state", closed.state}, {"reason", closed.reason}};
                                  put_winner(object, closed.winner);
                                  return object;
                                }},
                    body);
}

EventBody decode_body(std::string_view kind, const json& object) {
  if (kind == "created") return decode_created(object);
  if (kind == "opened") return decode_opened(object);
  if (kind == "decided") return Decided{decode_decision(object)};
  if (kind == "closed") {
    return Closed{object.at("state").get<std::string>(), object.at("reason").get<std::string>(),
                  get_winner(object)};
  }
  const auto trial = to_whole<TrialId>(object.at("trial"));
  if (kind == "launched") return decode_launched(trial, object);
  if (kind == "evaluated") return Evaluated{trial, decode_evaluation(object)};
  if (kind == "checkpointed") {
    return Checkpointed{trial, object.at("name").get<std::string>(), to_number(object.at("resource"))};
  }
  if (kind == "metered")
    return Metered{trial, decode_energy(object.at("energy")), Seconds(get(object, "seconds", 0))};
  if (kind == "requested")
    return Requested{trial, known(object.at("wish"), {Wish::kPause, Wish::kResume, Wish::kStop})};
  if (kind == "exited") return Exited{trial, decode_stretch(object), object.value("note", "")};
  throw std::logic_error("a kind that kKinds has and this function has not");
}

// Experience is written back as text, which goes as deep as it does.
bool not_too_deep(int depth, json::parse_event_t, json&) {
  constexpr int kDeepest = 64;
  if (depth > kDeepest) throw std::invalid_argument("it is nested too deep");
  return true;
}

constexpr std::array<const char*, std::variant_size_v<EventBody>> kKinds = {
    "created",      "opened",  "decided", "launched", "evaluated",
    "checkpointed", "metered", "exited",  "closed",   "requested"};

}  // namespace

std::string kind(const EventBody& body) { return kKinds[body.index()]; }

std::string encode(const EventBody& body) {
  // Text from programs may be no UTF-8; it is kept readable rather than refused.
  return encode_body(body).dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<EventBody> decode(std::string_view kind, std::string_view text) {
  if (std::ranges::find(kKinds, kind) == kKinds.end())
    return base::fail("'{}' is no kind of event of version {}; a newer sm2 may have written it", kind,
                      kSchemaVersion);
  try {
    return decode_body(kind, kind == "created" ? json::parse(text, not_too_deep) : json::parse(text));
  } catch (const std::exception& error) {
    return base::fail("'{}' is not a stored event of version {}: {}", kind, kSchemaVersion, error.what());
  }
}

}  // namespace sm2::journal
