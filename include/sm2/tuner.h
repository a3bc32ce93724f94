// Tuning inside a C++ program (20 or later), by every strategy that `sm2 tune` has; docs/library.md tells how.
//
//   sm2::Tuner tuner(space, {.strategy = "tpe", .trials = 50});
//   while (auto trial = tuner.ask()) tuner.tell(*trial, accuracy(trial->number("learning_rate")));
//   tuner.best()->value;
//
// A resource is what a trial can be trained for more or less of: epochs, steps, samples, in the caller's unit, counted
// from the trial's very beginning. Strategies that compare trials early (successive-halving, asha, hyperband, ...) ask for
// a trial in stretches, each from from() to until(); a stretch is told once. With resource_max = 1, the default, every
// trial is one stretch and the resource can be forgotten.
//
// Values are the caller's: higher is better unless maximize is false. A value that is not finite means that the trial has
// diverged, which is no error. Joules are what the caller measured; nothing is metered here. What is not told is unknown,
// and never 0.
//
// The same settings and the same calls in the same order give the same trials, bit for bit; with several workers the order
// is theirs. Nothing is kept on disk: that is what `sm2 tune` is for.
//
// Errors: every mistake of the caller throws sm2::Error with one line that says what was wrong and what would be right.
// Threads: a Tuner may be used by any number of threads at once; a Trial by one at a time. A trial outlives its tuner.
#pragma once

#include <any>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sm2/space.h>

namespace sm2 {

namespace library {
class Session;
}

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Parameters = std::map<std::string, Value, std::less<>>;  // those that exist under their conditions

struct Settings {
  std::string strategy = "sm2";  // as in a study file; strategies() lists them
  std::uint64_t seed = 0;
  std::optional<int> trials = {};  // how many configurations to consider; each strategy has its own default
  bool maximize = true;

  double resource_min = 1;  // before it, no trial is compared with another
  double resource_max = 1;  // a trial that got there is finished
  double eta = 2;           // rungs keep 1 / eta of their trials, and give eta times the resource

  double energy = 0.3;                // alpha of the objective, of sm2 and sm2-classic: the weight of joules
  std::optional<double> guard = {};   // likewise; never prefer what is this much worse than the best value
  std::optional<double> target = {};  // the search is over when a value reaches it
  std::optional<double> max_joules = {};  // the search is over when all trials together used so many

  std::string pruner =
      "none";      // "median": stops poor trials early; for strategies that only choose configurations
  int points = 5;  // of grid: values per continuous parameter

  int workers = 1;  // of tune(): calls of the function at a time, each on a thread of its own
  bool rethrow =
      false;  // of tune(): an exception of the function ends the search, rather than failing its trial
};

struct Used {  // by a stretch, from from() on; what is not known is left out
  std::optional<double> joules = {};
  double joules_error = 0;  // one standard deviation: smaller differences between trials count for nothing
  std::optional<double> seconds = {};
};

enum class TrialState {
  kRunning,   // asked for, and not told yet
  kPaused,    // may be asked for again
  kFinished,  // got to resource_max, ended by itself before, reached the target, or won where it was paused
  kStopped,   // given up by the strategy, or still waiting or running when the search was over
  kFailed     // failed or diverged
};

struct TrialRecord {
  int id = 0;
  Parameters parameters;
  TrialState state = TrialState::kRunning;
  std::optional<double> value = {};   // the last one that was finite
  double resource = 0;                // where that was
  std::optional<double> joules = {};  // since its beginning
  std::string reason;                 // why it was stopped or failed
};

struct Best {
  int id = 0;
  Parameters parameters;
  double value = 0;
  double resource = 0;
  std::optional<double> joules = {};
  bool decided = false;  // the strategy's choice; false: the best value so far
};

class Tuner {
 public:
  // A stretch of training that was asked for. It is told with one of the tuner's tell(), end() and fail(); one that is
  // destroyed untold has failed.
  class Trial {
   public:
    Trial(Trial&&) noexcept;
    Trial& operator=(Trial&&) noexcept;
    ~Trial();

    int id() const;  // 0, 1, 2, ... in order of their first stretch
    const Parameters& parameters() const;

    // A parameter's value. Throws Error when it is of another kind, or does not exist in this trial and no `otherwise` is
    // given. number() takes integers too.
    bool has(std::string_view name) const;
    double number(std::string_view name, std::optional<double> otherwise = {}) const;
    std::int64_t integer(std::string_view name, std::optional<std::int64_t> otherwise = {}) const;
    std::string text(std::string_view name, std::optional<std::string> otherwise = {}) const;
    bool flag(std::string_view name, std::optional<bool> otherwise = {}) const;

    double from() const;   // where the trial stands; 0 at its very beginning
    double until() const;  // where this stretch ends
    int rung() const;
    // The trial whose state this one began from, with other parameters (pbt).
    std::optional<int> parent() const;

    // The value at a resource. Whether to go on: false at until(), or when the strategy wants no more for now. A resource
    // that is not past the last one is left out, so a trial may train again from 0. `so_far`: since from().
    bool report(double resource, double value, const Used& so_far = {});
    // After report() answered false: whether the trial may be asked for again.
    bool resumable() const;

    // What the caller wants to find again in the trial's next stretch, a model for example; empty at first. It is copied
    // at the beginning of a stretch and kept at its end. One that is dear to copy belongs into a std::shared_ptr; with pbt
    // trials begin from copies of others', so what that points to must not be changed then, but replaced.
    std::any& state();

   private:
    friend class Tuner;
    struct Stretch;
    explicit Trial(std::unique_ptr<Stretch> stretch);
    std::unique_ptr<Stretch> stretch_;
  };

  explicit Tuner(const Space& space, const Settings& settings = {});

  // The next stretch to train; nothing when the search is over. Waits while the strategy needs to be told of trials that
  // run first, so a thread that holds several trials at a time asks by try_ask().
  std::optional<Trial> ask();
  // Nothing also where ask() would wait; finished() tells which.
  std::optional<Trial> try_ask();
  bool finished() const;

  // The stretch has ended with `value`: at until(), or where report() answered false. What `used` leaves out is as last
  // reported.
  void tell(Trial& trial, double value, const Used& used = {});
  // The stretch has ended at its last report. Before until(), without having been asked to: the trial ended by itself.
  void end(Trial& trial, const Used& used = {});
  void fail(Trial& trial, std::string reason, const Used& used = {});

  std::optional<Best> best() const;  // nothing while no trial has a value
  std::vector<TrialRecord> trials() const;
  // Of all trials, in the stretches that were told; nothing when any is unknown.
  std::optional<double> joules() const;

 private:
  std::optional<Trial> asked(bool patient);
  Trial::Stretch& own(Trial& trial) const;

  std::shared_ptr<library::Session> session_;
};

struct Result {
  std::optional<Best> best = {};
  std::vector<TrialRecord> trials = {};
  std::optional<double> joules = {};  // of all trials, where known
};

// Calls `function` for every stretch until the search is over. It reports by trial.report(), and returns when that answers
// false. An exception of type std::exception fails the trial, any other ends the search and is thrown on.
Result run(const std::function<void(Tuner::Trial&)>& function, const Space& space,
           const Settings& settings = {});

// The same for a function that returns its value at trial.until(), or nothing.
template <class Function>
Result tune(Function&& function, const Space& space, const Settings& settings = {}) {
  if constexpr (std::is_void_v<std::invoke_result_t<Function&, Tuner::Trial&>>) {
    return run(std::ref(function), space, settings);
  } else {
    return run([&function](Tuner::Trial& trial) { trial.report(trial.until(), function(trial)); }, space,
               settings);
  }
}

std::vector<std::string> strategies();

}  // namespace sm2
