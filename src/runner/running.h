// One trial's process while it runs: its guard, channel, output, log, limits and control group. Owned and
// driven by ProcessRunner; destroying it kills the process tree.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"
#include "runner/allowance.h"
#include "runner/cgroup.h"
#include "runner/channel.h"
#include "runner/cpu_time.h"
#include "runner/deadlines.h"
#include "runner/guard.h"
#include "runner/holdings.h"
#include "runner/log.h"
#include "runner/pattern.h"
#include "runner/poller.h"
#include "runner/processors.h"
#include "runner/runner.h"

namespace sm2::runner {

// What is journalled of one process: more of it waits unread.
inline constexpr std::size_t kDurableAtOnce = 10'000;
inline constexpr double kDurablePerSecond = 100;

class Running {
 public:
  struct Place {
    std::filesystem::path sockets;                   // folder for the trial's socket
    std::optional<std::filesystem::path> cgroup;     // to be made for it; nothing: do without
    Processors processors{};                         // to run on; none: on all
    std::map<std::string, std::string> variables{};  // of its environment, beside those of every trial
  };

  // `poller` must outlive the object.
  static base::Result<std::unique_ptr<Running>> start(const Job& job, const Place& place, Poller& poller,
                                                      base::Seconds now);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  void ready(int fd, base::Seconds now, std::vector<Event>& events);
  void answer(trial::Action action, base::Seconds now);
  void end(trial::Action action, base::Seconds now);

  void enforce_limits(base::Seconds now);
  // So long the tuner did not listen, as it was stopped: where the program waits now, that was no time of its own.
  void excuse(base::Seconds unheard);
  std::optional<base::Seconds> next_limit() const;

  // The guard is gone. Then call conclude() once, for the last events, Exit included.
  bool over() const { return over_; }
  void conclude(base::Seconds now, std::vector<Event>& events);

  std::optional<base::Seconds> cpu_time() const;
  std::vector<pid_t> processes() const;
  const Processors& processors() const { return processors_; }

 private:
  Running(const Job& job, Poller& poller, Log log, base::Seconds now)
      : job_(job),
        poller_(poller),
        log_(std::move(log)),
        deadlines_(job.limits, now),
        holdings_(job.limits, job.folder, [this] { return processes(); }),
        started_(now),
        heard_(now) {}

  base::Result<> open_channel(const Place& place);
  base::Result<> start_program(const Place& place);
  std::size_t read_output(std::vector<Event>& events);
  void close_output();
  void tell(const std::vector<Message>& messages, std::vector<Event>& events);
  void tell(const Said& said, std::vector<Event>& events);
  // What is no silence: the program waits for an answer, or for being read.
  bool awaited() const { return held_since_ || (channel_ && channel_->awaited()); }
  void hold_back(base::Seconds now);
  void go_on(base::Seconds now);
  std::string notes(const Observed& observed) const;
  bool came_late() const;

  const Job job_;
  Poller& poller_;
  Log log_;
  Deadlines deadlines_;
  Holdings holdings_;
  Processors processors_;
  base::Seconds started_, heard_;
  std::optional<Matcher> matcher_;
  std::unique_ptr<Channel> channel_;
  Lines output_lines_{1 << 20, std::string("\n").append(kOverwrites)};
  Allowance durable_{kDurableAtOnce, kDurablePerSecond};  // evaluations and checkpoints
  std::optional<base::Seconds> held_since_;               // not read, because there were too many
  base::Seconds held_back_{0};                            // in all
  bool memory_enforced_ = false;                          // by the kernel
  int evaluations_ = 0, evaluating_reads_ = 0;            // of the output; how many reads had some
  base::Descriptor output_;
  std::int64_t oom_kills_before_ = 0;
  std::optional<Cgroup> cgroup_;  // outlives the guard, whose tree is in it
  std::optional<Guard> guard_;
  std::optional<CpuTime> cpu_time_;
  bool over_ = false;
};

}  // namespace sm2::runner
