// What a training program in C++ (17 or later) says to the SM2 tuner and hears from it; docs/protocol.md is
// the contract.
//
// A program that no tuner started (SM2_SOCKET is not set) runs as if this library were not there: join()
// gives a trial that is not active, whose every call does nothing and whose action is always kContinue.
//
// Steps are optimiser steps and samples are training samples, both counted since the trial's very beginning,
// checkpoints included; resource is in the study's unit (epochs, unless the study says otherwise).
//
// Errors: join() throws JoinError; parameter() and checkpoint() throw std::invalid_argument on a mistake in
// the study or the program. Nothing else throws: when the tuner is gone, the action is kStop. No signal is
// raised. Threads: a trial belongs to one thread at a time. It owns its connection, closes it on destruction,
// and moves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace sm2 {

enum class Action {
  kContinue,
  kPause,  // save a checkpoint, announce it, exit with 0
  kStop,   // exit with 0; nothing need be kept
};

using Value = std::variant<bool, std::int64_t, double, std::string>;

struct JoinOptions {
  // Optimiser steps in one unit of resource; lets the tuner lay learning-rate cycles.
  std::optional<double> steps_per_unit = std::nullopt;
};

struct StepReport {
  std::int64_t step = 0;
  std::int64_t samples = 0;
  std::optional<double> resource = std::nullopt;
  std::optional<double> loss = std::nullopt;  // not finite: the trial has diverged, and the tuner decides
  std::optional<double> learning_rate = std::nullopt;
  // Gradient noise scale in samples, where the program estimates it (McCandlish et al., arXiv 1812.06162): about the batch
  // size above which a larger one saves few steps.
  std::optional<double> noise_scale = std::nullopt;
};

struct Metric {
  std::string_view name;
  double value;
};

// The tuner could not be reached, refused this process, or speaks another protocol.
class JoinError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Trial {
 public:
  // Connects, says hello and waits for the answer. Alone it only reads SM2_PARAMS, if that is set.
  static Trial join(JoinOptions options = {});

  Trial(Trial&&) noexcept;
  Trial& operator=(Trial&&) noexcept;
  ~Trial();

  bool active() const;  // a tuner started this program; stays true when it is gone later
  std::optional<std::int64_t> number() const;

  const std::map<std::string, Value, std::less<>>& parameters() const;

  // The parameter as the type of `otherwise`, which stands in where the study does not have it. Throws
  // std::invalid_argument where it is there but is no such value: training on silently would falsify the
  // study.
  template <class T>
  T parameter(std::string_view name, T otherwise) const;
  std::string parameter(std::string_view name, const char* otherwise) const {
    return parameter(name, std::string(otherwise));
  }

  // The checkpoint to go on from: a file or folder that an earlier stretch announced.
  std::optional<std::filesystem::path> resume() const;
  double from() const;              // the resource at which this stretch begins
  double until() const;             // and where it ends: infinite when alone
  const std::string& unit() const;  // the resource's name, "epoch" when alone

  // What the tuner's schedule asks for at `step`; `otherwise` where it asks for none.
  double learning_rate(std::int64_t step, double otherwise) const;

  // Fire and forget, cheap enough for every optimiser step: a send and a look for an action, neither of which
  // waits. While the tuner does not keep up, reports are left out rather than training held up.
  void report(const StepReport& step);

  // Waits until the tuner has kept the evaluation and decided.
  Action evaluate(double resource, const std::vector<Metric>& metrics);

  // The strongest action asked for so far, in an answer or unasked; it never weakens.
  Action action() const;

  // Where checkpoints go; none when alone.
  std::optional<std::filesystem::path> checkpoint_directory() const;

  // Announces that `name`, a single path component inside checkpoint_directory(), is complete: write it under
  // another name, rename it, then call this.
  void checkpoint(std::string_view name, std::optional<double> resource = std::nullopt);

 private:
  struct State;
  explicit Trial(std::unique_ptr<State> state);

  [[noreturn]] static void mistyped(std::string_view name, const Value& value, const char* wanted);

  std::unique_ptr<State> state_;
};

template <class T>
T Trial::parameter(std::string_view name, T otherwise) const {
  const auto found = parameters().find(name);
  if (found == parameters().end()) return otherwise;
  const Value& value = found->second;
  if constexpr (std::is_same_v<T, bool>) {
    if (const bool* flag = std::get_if<bool>(&value)) return *flag;
    mistyped(name, value, "true or false");
  } else if constexpr (std::is_floating_point_v<T>) {
    if (const double* real = std::get_if<double>(&value)) return static_cast<T>(*real);
    if (const std::int64_t* whole = std::get_if<std::int64_t>(&value)) return static_cast<T>(*whole);
    mistyped(name, value, "a number");
  } else if constexpr (std::is_integral_v<T>) {
    std::optional<std::int64_t> whole;
    if (const std::int64_t* integer = std::get_if<std::int64_t>(&value)) whole = *integer;
    if (const double* real = std::get_if<double>(&value)) {
      if (*real >= -9007199254740992.0 && *real <= 9007199254740992.0) {
        const auto rounded = static_cast<std::int64_t>(*real);
        if (static_cast<double>(rounded) == *real) whole = rounded;
      }
    }
    if (whole && (std::is_signed_v<T> || *whole >= 0) &&
        static_cast<std::int64_t>(static_cast<T>(*whole)) == *whole) {
      return static_cast<T>(*whole);
    }
    mistyped(name, value, "an integer that fits");
  } else {
    static_assert(std::is_same_v<T, std::string>, "bool, an integer, a floating-point number or std::string");
    if (const std::string* text = std::get_if<std::string>(&value)) return *text;
    mistyped(name, value, "text");
  }
}

}  // namespace sm2
