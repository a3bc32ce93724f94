// How training processes are started, listened to and ended. One thread: everything happens inside wait(),
// start(), answer() and end(). The study knows only this interface; testing/fake_runner.h runs a study in
// simulated time.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "space/configuration.h"
#include "trial/decision.h"
#include "trial/device.h"
#include "trial/report.h"

namespace sm2::runner {

using trial::TrialId;

struct Limits {
  std::optional<base::Seconds> wall;     // one process may run so long
  std::optional<base::Seconds> silence;  // and may say nothing, by socket or output, so long
  base::Seconds grace{10};               // between asking to end and SIGTERM, and between SIGTERM and SIGKILL
  std::size_t log_bytes = 1 << 20;       // of output kept: its first half and its last
  std::optional<std::size_t> memory;     // bytes of main memory that its processes hold together
  std::optional<std::size_t> disk;       // bytes that its folder holds: log and checkpoints
  std::optional<int> cpu;                // logical processors that it may run on
  bool operator==(const Limits&) const = default;
};

struct Pattern {           // how to read evaluations from plain output
  std::string expression;  // RE2, matched against each line
  std::string metric;      // named group with the metric
  std::string unit;        // named group with the resource; matches are counted where it is absent
  bool operator==(const Pattern&) const = default;
};

struct Job {
  TrialId trial = 0;
  std::vector<std::string> command;  // argv; nothing in it is interpreted
  std::optional<std::filesystem::path> directory;
  space::Configuration configuration;
  std::filesystem::path folder;           // of the trial: its log and checkpoints; made with mode 0700
  std::optional<std::string> checkpoint;  // to go on from, a name inside folder / "checkpoints"
  double from = 0, until = 0;
  std::string unit = "epoch";
  std::string metric;  // a message that carries it is an evaluation
  std::optional<trial::Schedule> schedule;
  std::optional<Pattern> pattern;  // present: no socket, read the output
  Limits limits;
  std::optional<trial::Devices> devices;  // that it is to see, as given by hold(); absent: all
};

struct Said {  // what one line of a program means
  trial::Step step;
  std::map<std::string, double> metrics;  // an evaluation when it holds the job's metric
};
struct Evaluation {  // waits for answer()
  TrialId trial = 0;
  std::optional<double> resource;
  std::map<std::string, double> metrics;
};
struct Stepped {
  TrialId trial = 0;
  trial::Step step;
};
struct Checkpoint {
  TrialId trial = 0;
  std::string name;
  std::optional<double> resource;
};
struct Exit {  // reaped, and everything it left behind is gone
  TrialId trial = 0;
  trial::Outcome outcome;  // all but Interrupted and Diverged; Paused: it was asked to, and exited 0
  std::string note;
  bool by_limit = false;  // it was ended for a limit of its job
};
struct Woken {};  // the wake-up descriptor became readable (a signal came)

using Event = std::variant<Evaluation, Stepped, Checkpoint, Exit, Woken>;

class Runner {
 public:
  virtual ~Runner() = default;

  // Whether there are devices for one more trial.
  virtual bool room() { return true; }
  // The devices of the trial's next process, from here to release(), when there is room: for the job, and for the meter, which
  // charges it with them. `had`: by earlier ones, the last one's last. Absent: it uses what there is.
  virtual std::optional<trial::Devices> hold(TrialId, const trial::Devices& /*had*/) { return {}; }
  virtual void release(TrialId) {}

  // Fails when the command cannot be started at all (not found, not executable): the trial's fault, not the
  // tuner's.
  virtual base::Result<> start(const Job& job) = 0;

  // What happened, at most `timeout` from now; returns early with at least one event. A trial's events are in
  // order.
  virtual std::vector<Event> wait(base::Seconds timeout) = 0;

  // The answer to the trial's oldest unanswered evaluation. kPause and kStop also arm the limits of end().
  virtual void answer(TrialId trial, trial::Action action) = 0;

  // Asks a running trial to pause or stop: by its socket, then after limits.grace SIGTERM, then SIGKILL to
  // all of it. A program without a client gets SIGTERM at once.
  virtual void end(TrialId trial, trial::Action action) = 0;

  // CPU time of the trial's whole process tree since its start; valid until the wait() after the one that
  // returned its Exit. Nothing when it cannot be read.
  virtual std::optional<base::Seconds> cpu_time(TrialId trial) const = 0;

  // The trial's processes now; none when it does not run.
  virtual std::vector<pid_t> processes(TrialId trial) const = 0;
};

}  // namespace sm2::runner
