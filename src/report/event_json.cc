#include "report/event_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/json.h"
#include "report/summary.h"

namespace sm2::report {
namespace {

using Json = nlohmann::ordered_json;

Json number(std::optional<double> value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

Json named(const std::optional<trial::Devices>& devices) {
  if (!devices) return nullptr;
  Json all = Json::array();
  for (const trial::Device& device : *devices) all.push_back({{"name", device.name}, {"id", device.id}});
  return all;
}

template <class Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

std::string dump(const Json& json) { return json.dump(-1, ' ', true, Json::error_handler_t::replace); }

// What a trial used since its very beginning.
void add_energy(Json& object, const trial::Energy& energy, base::Seconds seconds) {
  const auto joules = trial::total(energy);
  object["joules"] = joules ? number(joules->value) : Json(nullptr);
  object["joules_error"] = joules ? number(trial::error(energy).value) : Json(nullptr);
  object["quality"] = energy.empty() ? Json(nullptr) : Json(trial::name(trial::worst(energy)));
  object["seconds"] = number(seconds.value);
}

class Telling {
 public:
  Telling(const config::Spec& spec, const trial::Event& event, const journal::StudyState& after)
      : spec_(spec), after_(after) {
    object_ = {{"event", ""}, {"time", number(event.time.value)}, {"study", spec.name}};
    std::visit([this](const auto& body) { tell(body); }, event.body);
  }
  std::string text() const { return dump(object_); }

 private:
  void begin(const char* event) { object_["event"] = event; }
  void begin(const char* event, trial::TrialId trial) {
    begin(event);
    object_["trial"] = trial;
  }

  void tell(const trial::Created&) {
    begin("created");
    object_["strategy"] = spec_.strategy;
    object_["metric"] = {{"name", spec_.metric.name},
                         {"goal", spec_.metric.goal == config::Goal::kMaximize ? "maximize" : "minimize"},
                         {"target", or_null(spec_.metric.target)}};
  }
  void tell(const trial::Opened& opened) {
    begin("opened");
    object_["version"] = opened.version;
    object_["host"] = opened.host;
    object_["sources"] = opened.sources;
    object_["trials"] = after_.trials.size();
  }
  void tell(const trial::Decided& decided) {
    std::visit([this](const auto& decision) { tell(decision); }, decided.decision);
  }
  void tell(const trial::Train& train) {
    begin("train", train.trial);
    object_["params"] = space::to_json(train.configuration);
    object_["rung"] = train.rung;
    object_["until"] = number(train.until);
    object_["probe_seconds"] = train.probe ? number(train.probe->value) : Json(nullptr);
    object_["parent"] = or_null(train.parent);
  }
  void tell(const trial::Drop& drop) {
    begin("drop", drop.trial);
    object_["reason"] = drop.reason;
  }
  void tell(const trial::Finish& finish) {
    begin("finish");
    object_["winner"] = or_null(finish.winner);
    object_["reason"] = finish.reason;
  }
  void tell(const trial::Wait&) { begin("wait"); }
  void tell(const trial::Launched& launched) {
    begin("launched", launched.trial);
    object_["checkpoint"] = or_null(launched.checkpoint);
    object_["devices"] = named(launched.devices);
  }
  void tell(const trial::Evaluated& evaluated) {
    const trial::Evaluation& evaluation = evaluated.evaluation;
    begin("evaluated", evaluated.trial);
    object_["resource"] = number(evaluation.resource);
    object_["metric"] = number(metric(spec_, evaluation));
    object_["metrics"] = Json::object();
    for (const auto& [name, value] : evaluation.metrics) object_["metrics"][name] = number(value);
    add_energy(object_, evaluation.energy, evaluation.seconds);
  }
  void tell(const trial::Checkpointed& checkpointed) {
    begin("checkpointed", checkpointed.trial);
    object_["checkpoint"] = checkpointed.name;
    object_["resource"] = number(checkpointed.resource);
  }
  void tell(const trial::Metered& metered) {
    begin("metered", metered.trial);
    add_energy(object_, metered.energy, metered.seconds);
  }
  void tell(const trial::Exited& exited) {
    begin("exited", exited.trial);
    object_["outcome"] = trial::name(exited.stretch.outcome);
    object_["detail"] = trial::describe(exited.stretch.outcome);
    object_["resource"] = number(exited.stretch.reached);
    add_energy(object_, exited.stretch.energy, exited.stretch.seconds);
    object_["note"] = exited.note;
  }
  void tell(const trial::Requested& requested) {
    begin("requested", requested.trial);
    object_["wish"] = trial::name(requested.wish);
  }
  void tell(const trial::Closed& closed) {
    begin("closed");
    object_["state"] = closed.state;
    object_["reason"] = closed.reason;
    object_["winner"] = or_null(closed.winner);
  }

  const config::Spec& spec_;
  const journal::StudyState& after_;
  Json object_;
};

}  // namespace

std::string event_json(const config::Spec& spec, const trial::Event& event,
                       const journal::StudyState& after) {
  return Telling(spec, event, after).text();
}

std::string ended_json(const Study& study, const std::string& state, const std::string& reason,
                       int exit_status) {
  const std::string best = best_json(study);
  return dump({{"event", "ended"},
               {"study", study.name},
               {"exit", exit_status},
               {"state", state},
               {"reason", reason},
               {"show", Json::parse(show_json(study))},
               {"best", best.empty() ? Json(nullptr) : Json::parse(best)}});
}

}  // namespace sm2::report
