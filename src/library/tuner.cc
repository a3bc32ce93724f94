#include "sm2/tuner.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/nearest.h"
#include "library/checked.h"
#include "library/session.h"

namespace sm2 {

struct Tuner::Trial::Stretch {
  std::shared_ptr<library::Session> session;
  library::Asked asked;
  Parameters parameters;
  bool told = false;
  bool resumable = false;

  const Value& value(std::string_view name, const char* wanted) const {
    const auto found = parameters.find(name);
    if (found != parameters.end()) return found->second;
    std::vector<std::string> names;
    for (const auto& [known, value] : parameters) names.push_back(known);
    throw Error(fmt::format("trial {} has no parameter '{}' ({}); {}it has {}", asked.train.trial, name,
                            wanted, base::did_you_mean(name, names), fmt::join(names, ", ")));
  }
  [[noreturn]] static void mistyped(std::string_view name, const Value& value, const char* wanted) {
    throw Error(fmt::format("parameter '{}' is {}, not {}", name, space::to_text(value), wanted));
  }
  template <class T>
  T value(std::string_view name, std::optional<T> otherwise, const char* wanted) const {
    if (otherwise && !parameters.contains(name)) return *std::move(otherwise);
    const Value& found = value(name, wanted);
    if (const T* held = std::get_if<T>(&found)) return *held;
    mistyped(name, found, wanted);
  }

  void end(std::optional<std::string> failure, const Used& used) {
    if (told) throw Error(fmt::format("trial {} has been told already", asked.train.trial));
    told = true;
    session->end(asked.train.trial, std::move(failure), used, std::move(asked.state));
  }
};

Tuner::Trial::Trial(std::unique_ptr<Stretch> stretch) : stretch_(std::move(stretch)) {}
Tuner::Trial::Trial(Trial&&) noexcept = default;

Tuner::Trial& Tuner::Trial::operator=(Trial&& other) noexcept {
  Trial taken(std::move(other));
  std::swap(stretch_, taken.stretch_);
  return *this;
}

Tuner::Trial::~Trial() {
  if (!stretch_ || stretch_->told) return;
  try {
    stretch_->end("it was given up without being told", {});
  } catch (const std::exception&) {  // a destructor has nobody to tell
  }
}

int Tuner::Trial::id() const { return stretch_->asked.train.trial; }
const Parameters& Tuner::Trial::parameters() const { return stretch_->parameters; }
bool Tuner::Trial::has(std::string_view name) const { return stretch_->parameters.contains(name); }

double Tuner::Trial::number(std::string_view name, std::optional<double> otherwise) const {
  if (otherwise && !has(name)) return *otherwise;
  const Value& found = stretch_->value(name, "a number");
  if (!space::is_number(found)) Stretch::mistyped(name, found, "a number");
  return space::as_number(found);
}

std::int64_t Tuner::Trial::integer(std::string_view name, std::optional<std::int64_t> otherwise) const {
  return stretch_->value(name, otherwise, "an integer");
}

std::string Tuner::Trial::text(std::string_view name, std::optional<std::string> otherwise) const {
  return stretch_->value(name, std::move(otherwise), "text");
}

bool Tuner::Trial::flag(std::string_view name, std::optional<bool> otherwise) const {
  return stretch_->value(name, otherwise, "true or false");
}

double Tuner::Trial::from() const { return stretch_->asked.from; }
double Tuner::Trial::until() const { return stretch_->asked.train.until; }
int Tuner::Trial::rung() const { return stretch_->asked.train.rung; }
std::optional<int> Tuner::Trial::parent() const { return stretch_->asked.train.parent; }
std::any& Tuner::Trial::state() { return stretch_->asked.state; }
bool Tuner::Trial::resumable() const { return stretch_->resumable; }

bool Tuner::Trial::report(double resource, double value, const Used& so_far) {
  if (stretch_->told) throw Error(fmt::format("trial {} has been told already", id()));
  const library::Answer answer = stretch_->session->report(id(), resource, value, so_far);
  stretch_->resumable = answer.resumable;
  return answer.go_on;
}

Tuner::Tuner(const Space& space, const Settings& settings) {
  strategy::Options options = library::checked(settings);
  auto made = strategy::make(settings.strategy, library::checked(space), options);
  if (!made) throw Error(made.error().message);
  session_ = std::make_shared<library::Session>(*std::move(made), std::move(options));
}

std::optional<Tuner::Trial> Tuner::asked(bool patient) {
  auto asked = session_->ask(patient);
  if (!asked) return {};
  auto stretch = std::make_unique<Trial::Stretch>();
  stretch->session = session_;
  stretch->parameters = library::parameters(asked->train.configuration);
  stretch->asked = *std::move(asked);
  return Trial(std::move(stretch));
}

std::optional<Tuner::Trial> Tuner::ask() { return asked(true); }
std::optional<Tuner::Trial> Tuner::try_ask() { return asked(false); }
bool Tuner::finished() const { return session_->finished(); }

Tuner::Trial::Stretch& Tuner::own(Trial& trial) const {
  if (trial.stretch_->session != session_) {
    throw Error(
        fmt::format("trial {} is another tuner's; tell it to the one that was asked for it", trial.id()));
  }
  return *trial.stretch_;
}

void Tuner::tell(Trial& trial, double value, const Used& used) {
  Trial::Stretch& stretch = own(trial);
  trial.report(trial.until(), value, used);
  stretch.end({}, used);
}

void Tuner::end(Trial& trial, const Used& used) { own(trial).end({}, used); }
void Tuner::fail(Trial& trial, std::string reason, const Used& used) {
  own(trial).end(std::move(reason), used);
}

std::optional<Best> Tuner::best() const { return session_->best(); }
std::vector<TrialRecord> Tuner::trials() const { return session_->trials(); }
std::optional<double> Tuner::joules() const { return session_->joules(); }

std::vector<std::string> strategies() { return strategy::names(); }

}  // namespace sm2
