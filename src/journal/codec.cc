#include "journal/codec.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/match.h"
#include "journal/json_number.h"
#include "journal/json_text.h"

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

void put_energy(JsonText& text, const Energy& energy) {
  text.put_objects("energy", energy, [](JsonText& object, const Reading& reading) {
    object.put("domain", reading.domain);
    object.put("source", reading.source);
    object.put("quality", name(reading.quality));
    object.put("error", reading.error.value);
    object.put("noise", reading.noise.value);
    if (reading.joules) object.put("joules", reading.joules->value);
    if (reading.idle) object.put("idle", reading.idle->value);
    if (!reading.note.empty()) object.put("note", reading.note);
    if (!reading.method.empty()) object.put("method", reading.method);
    if (!reading.counted) object.put("counted", false);
  });
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

void put_progress(JsonText& text, const Progress& progress) {
  text.put_object("progress", [&](JsonText& object) {
    object.put("samples", progress.samples);
    object.put("loss", progress.loss);
    object.put("stability", progress.stability);
    if (progress.stable_rates)
      object.put_list("stable_rates", std::array{progress.stable_rates->low, progress.stable_rates->high});
    object.put("joules_per_sample", progress.joules_per_sample);
    object.put("seconds_per_sample", progress.seconds_per_sample);
    object.put("samples_per_step", progress.samples_per_step);
    object.put("noise_scale", progress.noise_scale);
    if (progress.power_limit) object.put("power_limit", progress.power_limit->value);
  });
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

void put_schedule(JsonText& text, const Schedule& schedule) {
  text.put_object("schedule", [&](JsonText& object) {
    object.put("kind", name(schedule));
    object.put("low", schedule.low);
    object.put("high", schedule.high);
    object.put("start", schedule.start);
    object.put("cycle", schedule.cycle);
    if (schedule.kind == Schedule::Kind::kExpRange) object.put("gamma", schedule.gamma);
  });
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

void put_outcome(JsonText& object, const Outcome& outcome) {
  object.put("outcome", name(outcome));
  std::visit(base::Match{[](const Completed&) {}, [](const Paused&) {}, [](const Interrupted&) {},
                         [](const Withdrawn&) {},
                         [&](const Stopped& stopped) { object.put("detail", stopped.reason); },
                         [&](const Failed& failed) {
                           object.put("exit", failed.exit_code);
                           object.put("detail", failed.detail);
                         },
                         [&](const Killed& killed) {
                           object.put("signal", killed.signal);
                           object.put("detail", killed.detail);
                         },
                         [&](const OutOfMemory& memory) { object.put("detail", memory.detail); },
                         [&](const TimedOut& timed_out) {
                           object.put("limit", timed_out.limit);
                           object.put("after", timed_out.after.value);
                         },
                         [&](const Diverged& diverged) { object.put("detail", diverged.detail); },
                         [&](const Exceeded& exceeded) {
                           object.put("limit", exceeded.limit);
                           object.put("detail", exceeded.detail);
                         }},
             outcome);
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

void put_stretch(JsonText& object, const Stretch& stretch) {
  put_outcome(object, stretch.outcome);
  object.put("reached", stretch.reached);
  object.put("metric", stretch.metric);
  put_energy(object, stretch.energy);
  object.put("seconds", stretch.seconds.value);
  put_progress(object, stretch.progress);
}

Stretch decode_stretch(const json& object) {
  return {decode_outcome(object),
          get(object, "reached", 0),
          get(object, "metric"),
          decode_energy(object.at("energy")),
          Seconds(get(object, "seconds", 0)),
          decode_progress(object.at("progress"))};
}

void put_params(JsonText& object, const space::Configuration& configuration) {
  object.put_json("params",
                  space::to_json(configuration).dump(-1, ' ', false, json::error_handler_t::replace));
}

void put_train(JsonText& object, const Train& train) {
  object.put("decision", "train");
  object.put("trial", train.trial);
  put_params(object, train.configuration);
  object.put("rung", train.rung);
  object.put("until", train.until);
  if (train.schedule) put_schedule(object, *train.schedule);
  if (train.probe) object.put("probe", train.probe->value);
  object.put("parent", train.parent);
  if (train.tune_power) object.put("tune_power", true);
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

std::optional<TrialId> get_winner(const json& object) {
  if (!object.contains("winner")) return {};
  return to_whole<TrialId>(object["winner"]);
}

void put_decision(JsonText& object, const Decision& decision) {
  std::visit(base::Match{[&](const Train& train) { put_train(object, train); },
                         [&](const Drop& drop) {
                           object.put("decision", "drop");
                           object.put("trial", drop.trial);
                           put_params(object, drop.configuration);
                           object.put("reason", drop.reason);
                         },
                         [&](const Wait&) { object.put("decision", "wait"); },
                         [&](const Finish& finish) {
                           object.put("decision", "finish");
                           object.put("reason", finish.reason);
                           object.put("winner", finish.winner);
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

void put_evaluation(JsonText& object, const Evaluation& evaluation) {
  object.put("resource", evaluation.resource);
  object.put_object("metrics", [&](JsonText& metrics) {
    for (const auto& [key, value] : evaluation.metrics) metrics.put(key, value);
  });
  put_energy(object, evaluation.energy);
  object.put("seconds", evaluation.seconds.value);
  put_progress(object, evaluation.progress);
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

void put_opened(JsonText& object, const Opened& opened) {
  object.put("version", opened.version);
  object.put("host", opened.host);
  object.put("process", opened.process);
  object.put_list("sources", opened.sources);
  if (opened.grid) {
    object.put_object("grid", [&](JsonText& grid) {
      grid.put("grams_per_kwh", opened.grid->grams_per_kwh);
      grid.put("origin", opened.grid->origin);
    });
  }
  if (opened.price) {
    object.put_object("price", [&](JsonText& price) {
      price.put("per_kwh", opened.price->per_kwh);
      price.put("currency", opened.price->currency);
    });
  }
  if (!opened.idle.empty()) {
    object.put_object("idle", [&](JsonText& idle) {
      for (const auto& [domain, watts] : opened.idle) idle.put(domain, watts.value);
    });
  }
  if (!opened.hardware.empty()) object.put("hardware", opened.hardware);
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

void put_devices(JsonText& text, const Devices& devices) {
  text.put_objects("devices", devices, [](JsonText& object, const Device& device) {
    object.put("name", device.name);
    object.put("id", device.id);
    object.put("vendor", name(device.vendor));
    object.put("part", device.part);
  });
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

void put_launched(JsonText& object, const Launched& launched) {
  object.put("trial", launched.trial);
  object.put("checkpoint", launched.checkpoint);
  if (launched.devices) put_devices(object, *launched.devices);
  if (!launched.hardware.empty()) object.put("hardware", launched.hardware);
}

Launched decode_launched(TrialId trial, const json& object) {
  Launched launched{trial, {}};
  if (object.contains("checkpoint")) launched.checkpoint = object["checkpoint"].get<std::string>();
  if (object.contains("devices")) launched.devices = decode_devices(object["devices"]);
  launched.hardware = object.value("hardware", "");
  return launched;
}

void put_created(JsonText& object, const Created& created) {
  object.put("file", created.file);
  if (!created.experience.empty()) object.put_json("experience", created.experience);
  if (created.energy) object.put("energy", created.energy->value);
}

Created decode_created(const json& object) {
  Created created{object.at("file").get<std::string>()};
  if (const auto experience = object.find("experience"); experience != object.end())
    created.experience = experience->dump();
  if (const auto energy = get(object, "energy")) created.energy = Joules(*energy);
  return created;
}

void put_body(JsonText& object, const EventBody& body) {
  std::visit(base::Match{[&](const Created& created) { put_created(object, created); },
                         [&](const Opened& opened) { put_opened(object, opened); },
                         [&](const Decided& decided) { put_decision(object, decided.decision); },
                         [&](const Launched& launched) { put_launched(object, launched); },
                         [&](const Evaluated& evaluated) {
                           object.put("trial", evaluated.trial);
                           put_evaluation(object, evaluated.evaluation);
                         },
                         [&](const Checkpointed& checkpointed) {
                           object.put("trial", checkpointed.trial);
                           object.put("name", checkpointed.name);
                           object.put("resource", checkpointed.resource);
                         },
                         [&](const Metered& metered) {
                           object.put("trial", metered.trial);
                           put_energy(object, metered.energy);
                           object.put("seconds", metered.seconds.value);
                         },
                         [&](const Exited& exited) {
                           object.put("trial", exited.trial);
                           put_stretch(object, exited.stretch);
                           if (!exited.note.empty()) object.put("note", exited.note);
                         },
                         [&](const Requested& requested) {
                           object.put("trial", requested.trial);
                           object.put("wish", name(requested.wish));
                         },
                         [&](const Closed& closed) {
                           object.put("state", closed.state);
                           object.put("reason", closed.reason);
                           object.put("winner", closed.winner);
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
  return JsonText::object([&](JsonText& object) { put_body(object, body); });
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
