#include "runner/running.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/private_folder.h"
#include "base/units.h"
#include "runner/orphans.h"
#include "runner/process_table.h"

namespace sm2::runner {
namespace {

namespace fs = std::filesystem;

constexpr base::Seconds kQuick{1};
constexpr std::size_t kDrainAtMost = 4 << 20;  // more than a pipe buffers
constexpr int kEvaluationsAtATime = 1'000;     // each is journalled before anybody else is heard

base::Result<> make_folders(const fs::path& folder) {
  if (const auto failed = base::make_private_folders(folder / "checkpoints"))
    return base::fail("cannot make the folder '{}': {}", (folder / "checkpoints").string(), failed.message());
  return {};
}

fs::path checkpoints(const Job& job) { return fs::absolute(job.folder / "checkpoints"); }

std::string checkpoint_variable(const Job& job) { return "SM2_CHECKPOINT_DIR=" + checkpoints(job).string(); }

fs::path socket_path(const Job& job, const Running::Place& place) {
  return place.sockets / std::to_string(job.trial);
}

std::map<std::string, std::string> variables(const Job& job, const Running::Place& place) {
  const auto params = space::to_json(job.configuration);
  std::map<std::string, std::string> all = {
      {"SM2_PARAMS", params.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)},
      {"SM2_TRIAL", std::to_string(job.trial)},
      {"SM2_CHECKPOINT_DIR", checkpoints(job).string()}};
  if (!job.pattern) all["SM2_SOCKET"] = socket_path(job, place).string();
  // Python holds its output back for kilobytes when it goes to a pipe: evaluations would come too late.
  if (job.pattern && !std::getenv("PYTHONUNBUFFERED")) all["PYTHONUNBUFFERED"] = "1";
  all.insert(place.variables.begin(), place.variables.end());
  return all;
}

}  // namespace

base::Result<std::unique_ptr<Running>> Running::start(const Job& job, const Place& place, Poller& poller,
                                                      base::Seconds now) {
  if (auto made = make_folders(job.folder); !made) return tl::unexpected(made.error());
  auto log = Log::open(job.folder / "log", job.limits.log_bytes);
  if (!log) return tl::unexpected(log.error());
  std::unique_ptr<Running> running(new Running(job, poller, std::move(*log), now));
  if (auto opened = running->open_channel(place); !opened) return tl::unexpected(opened.error());
  if (auto started = running->start_program(place); !started) return tl::unexpected(started.error());
  return running;
}

base::Result<> Running::open_channel(const Place& place) {
  if (job_.pattern) {
    auto matcher = Matcher::compile(*job_.pattern);
    if (!matcher) return tl::unexpected(matcher.error());
    matcher_ = std::move(*matcher);
    return {};
  }
  auto channel = Channel::listen(job_, socket_path(job_, place), poller_);
  if (!channel) return tl::unexpected(channel.error());
  channel_ = std::move(*channel);
  return {};
}

base::Result<> Running::start_program(const Place& place) {
  auto launch = prepare(job_.command, job_.directory, variables(job_, place));
  if (!launch) return tl::unexpected(launch.error());
  launch->processors = processors_ = place.processors;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return base::fail("no pipe for the output: {}", ::strerror(errno));
  output_ = base::Descriptor::above_standard(ends[0]);
  const base::Descriptor theirs = base::Descriptor::above_standard(ends[1]);
  ::fcntl(output_.get(), F_SETFL, O_NONBLOCK);

  if (place.cgroup) {
    auto made = Cgroup::make(place.cgroup->parent_path(), place.cgroup->filename().string());
    if (made) cgroup_.emplace(std::move(*made));
    memory_enforced_ = cgroup_ && job_.limits.memory && cgroup_->limit_memory(*job_.limits.memory);
  }
  oom_kills_before_ = machine_oom_kills();
  auto guard = Guard::start(*launch, {.output = theirs.get(), .folder = fs::absolute(job_.folder)},
                            cgroup_ ? cgroup_->descriptor() : -1);
  if (!guard) return tl::unexpected(guard.error());
  guard_.emplace(std::move(*guard));
  if (!guard_->in_cgroup()) cgroup_.reset();
  cpu_time_.emplace(guard_->pid());
  poller_.add(output_.get(), job_.trial);
  poller_.add(guard_->control(), job_.trial);
  return {};
}

Running::~Running() {
  close_output();
  if (guard_ && guard_->control() >= 0) poller_.remove(guard_->control());
}

void Running::ready(int fd, base::Seconds now, std::vector<Event>& events) {
  heard_ = now;
  if (fd == guard_->control()) {
    // Removed before read() closes it.
    poller_.remove(fd);
    over_ = guard_->read();
    if (!over_) poller_.add(fd, job_.trial);
    return;
  }
  deadlines_.heard(now);
  if (fd == output_.get()) {
    read_output(events);
  } else if (channel_) {
    std::vector<Message> messages;
    channel_->ready(fd, now, messages);
    tell(messages, events);
  }
  hold_back(now);
}

// Where more came than is let through: what is left unread holds up the program, and nobody else.
void Running::hold_back(base::Seconds now) {
  if (held_since_ || !durable_.overdrawn_until(now)) return;
  held_since_ = now;
  if (channel_) return channel_->hold_back(true);
  if (output_) poller_.remove(output_.get());
}

void Running::go_on(base::Seconds now) {
  if (!held_since_ || durable_.overdrawn_until(now)) return;
  held_back_ = held_back_ + (now - *held_since_);
  held_since_.reset();
  deadlines_.heard(now);
  if (channel_) return channel_->hold_back(false);
  if (output_) poller_.add(output_.get(), job_.trial);
}

// Reads at most kReadAtOnce bytes, in pieces where evaluations are looked for; returns how many.
std::size_t Running::read_output(std::vector<Event>& events) {
  char bytes[64 << 10];
  std::size_t all = 0;
  const int evaluations_before = evaluations_;
  const auto match = [&](std::string_view line, bool) {
    for (const Said& said : matcher_->match(line)) tell(said, events);
  };
  const std::size_t piece = matcher_ ? sizeof bytes / 8 : sizeof bytes;
  while (output_ && all < kReadAtOnce && evaluations_ - evaluations_before < kEvaluationsAtATime) {
    const ssize_t got = ::read(output_.get(), bytes, piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) break;
    if (got <= 0) {
      close_output();
      break;
    }
    const std::string_view part(bytes, static_cast<std::size_t>(got));
    log_.write(part);
    if (matcher_) output_lines_.feed(part, match);
    all += part.size();
  }
  evaluating_reads_ += evaluations_ > evaluations_before;
  return all;
}

void Running::close_output() {
  if (!output_) return;
  poller_.remove(output_.get());
  output_.reset();
}

void Running::tell(const std::vector<Message>& messages, std::vector<Event>& events) {
  for (const Message& message : messages) {
    if (message.saved) {
      durable_.charge(1);
      events.push_back(Checkpoint{job_.trial, message.saved->name, message.saved->resource});
    }
    if (message.said) tell(*message.said, events);
  }
}

void Running::tell(const Said& said, std::vector<Event>& events) {
  const auto& step = said.step;
  const bool evaluation = !said.metrics.empty();
  const bool trained = step.step || step.samples || step.loss;
  if (trained || (!evaluation && (step.resource || step.learning_rate || step.noise_scale))) {
    events.push_back(Stepped{job_.trial, step});
  }
  if (!evaluation) return;
  ++evaluations_;
  durable_.charge(1);
  holdings_.look_at_memory_soon();
  events.push_back(Evaluation{job_.trial, step.resource, said.metrics});
}

void Running::answer(trial::Action action, base::Seconds now) {
  deadlines_.heard(now);
  if (action != trial::Action::kContinue) {
    deadlines_.ask(action, now, channel_ && channel_->connected());
    enforce_limits(now);
  }
  if (channel_) channel_->answer(std::max(action, deadlines_.asked().value_or(action)));
}

void Running::end(trial::Action action, base::Seconds now) {
  if (action == trial::Action::kContinue) return;
  const bool connected = channel_ && channel_->connected();
  deadlines_.ask(action, now, connected);
  if (channel_) channel_->ask(*deadlines_.asked());
  enforce_limits(now);
}

void Running::enforce_limits(base::Seconds now) {
  go_on(now);
  if (auto over = holdings_.look(cgroup_ ? &*cgroup_ : nullptr)) deadlines_.exceeded(*std::move(over), now);
  switch (deadlines_.due(now, awaited())) {
    case Measure::kNone:
      break;
    case Measure::kTerminate:
      guard_->signal(SIGTERM);
      break;
    case Measure::kKill:
      guard_->signal(SIGKILL);
      break;
    case Measure::kGiveUp:
      guard_->give_up();
      break;
  }
}

void Running::excuse(base::Seconds unheard) {
  if (awaited()) deadlines_.excuse(unheard);
}

std::optional<base::Seconds> Running::next_limit() const {
  std::optional<base::Seconds> next;
  for (const auto& one : {deadlines_.next(awaited()), holdings_.next(), durable_.overdrawn_until()}) {
    if (one) next = std::min(*one, next.value_or(*one));
  }
  return next;
}

std::vector<pid_t> Running::processes() const {
  const auto space = std::make_unique_for_overwrite<Process[]>(kMostProcesses);
  std::vector<pid_t> pids;
  for (const Process& process : descendants(guard_->pid(), {space.get(), kMostProcesses}))
    pids.push_back(process.pid);
  return pids;
}

std::optional<base::Seconds> Running::cpu_time() const {
  return cpu_time_->read(cgroup_ ? &*cgroup_ : nullptr);
}

void Running::conclude(base::Seconds now, std::vector<Event>& events) {
  const Cgroup* cgroup = cgroup_ ? &*cgroup_ : nullptr;
  Observed observed;
  deadlines_.describe(observed);
  base::Seconds reaped;
  if (const auto& end = guard_->end()) {
    observed.status = end->status;
    reaped = end->cpu;
  } else {
    const auto status = kill_orphans(guard_->pid(), guard_->program(), checkpoint_variable(job_), cgroup);
    observed.status = status.value_or(SIGKILL);
  }
  cpu_time_->finish(cgroup, reaped);
  if (held_since_) held_back_ = held_back_ + (now - *held_since_);

  if (channel_) {
    std::vector<Message> messages;
    channel_->drain(now, messages);
    tell(messages, events);
  }
  for (std::size_t done = 0, got = 1; got > 0 && done < kDrainAtMost; done += got) got = read_output(events);
  if (matcher_) {
    output_lines_.finish([&](std::string_view line, bool) {
      for (const Said& said : matcher_->match(line)) tell(said, events);
    });
  }
  log_.close();
  observed.output = log_.tail();
  observed.own_oom_kill = cgroup && cgroup->oom_kills() > 0;
  observed.oom_kill = machine_oom_kills() > oom_kills_before_;
  if (observed.own_oom_kill && memory_enforced_) {
    observed.over_limit = over_memory(*job_.limits.memory, *job_.limits.memory);
  }
  events.push_back(Exit{job_.trial, judge(observed), notes(observed), observed.over_limit.has_value()});
}

// Whether it evaluated over some time, and everything came at once. A program that is quick may do so without a fault.
bool Running::came_late() const {
  return matcher_ && evaluations_ > 1 && evaluating_reads_ == 1 && heard_ - started_ > kQuick;
}

std::string Running::notes(const Observed& observed) const {
  std::string text;
  const auto add = [&](const std::string& note) {
    if (!note.empty()) text += (text.empty() ? "" : "; ") + note;
  };
  const auto& end = guard_->end();
  if (observed.killed && observed.terminated) {
    add(fmt::format("did not end in {} after SIGTERM, killed", base::format(job_.limits.grace)));
  }
  if (!end) add("its guard process was killed");
  if (end && end->left_behind > 0) {
    add(fmt::format("left {} {} behind, ended", end->left_behind,
                    end->left_behind == 1 ? "process" : "processes"));
  }
  if (end && end->left_unkilled) add("some of its processes could not be killed");
  if (channel_) add(channel_->complaints());
  if (matcher_) add(matcher_->complaint());
  if (came_late()) {
    add("all its evaluations came at once, too late to stop it early: have it flush its output after each, "
        "or put "
        "stdbuf -oL before its command");
  }
  if (held_back_ > base::Seconds(0)) {
    add(fmt::format("held up for {}: more than {:g} evaluations and checkpoints a second",
                    base::format(held_back_), kDurablePerSecond));
  }
  add(log_.complaint());
  if (log_.left_out() > 0) add(fmt::format("{} bytes of output left out of the log", log_.left_out()));
  return text;
}

}  // namespace sm2::runner
