#include "cluster/worker.h"

#include <algorithm>
#include <utility>

#include "base/match.h"

namespace sm2::cluster {
namespace {

constexpr base::Seconds kLook{1};          // how long something may go unnoticed of which no descriptor tells
constexpr base::Seconds kSteps{0.5};       // that are told together
constexpr std::size_t kMostSteps = 5'000;  // of them

}  // namespace

base::Result<Worker::End> Worker::run() {
  while (true) {
    auto ended = round();
    if (!ended) return tl::unexpected(ended.error());
    if (*ended) return **std::move(ended);
  }
}

base::Result<Worker::Ended> Worker::round() {
  if (!runner_) {
    if (auto begun = begin(); !begun) return tl::unexpected(begun.error());
  }
  // Also where this process was stopped for a while, before it hears that all is well.
  if (setup_.clock.monotonic() - reached_ > kForsaken) kill_all();
  correspond();
  const int interruptions = setup_.interruptions();
  if (failure_) return leave_for(*failure_);
  if (over_ || interruptions > 1) return End{over_};
  if (interruptions > 0 && !std::exchange(leaving_, true)) {
    setup_.say("leaving when its trials are paused; once more leaves at once");
    pause_all();
  }
  if (leaving_ && unreached_ && only_waits()) return End{};
  if (leaving_ && running_.empty()) {
    tell(Left{});
    correspond();
    return End{};
  }
  if (setup_.patience && running_.empty() && setup_.clock.monotonic() - reached_ > *setup_.patience) {
    setup_.say("leaving, because no tuner has come");
    return End{};
  }
  look_after();
  if (succeeds()) return End{{}, home_};
  listen();
  return Ended{};
}

// For an answer that does not come while the tuner is out of reach.
bool Worker::only_waits() const {
  const bool lasts = setup_.clock.monotonic() - reached_ > kHeartbeat;
  return lasts && std::ranges::all_of(running_, [](const auto& one) { return one.second.waits; });
}

// By then nothing of the study runs anywhere. A tuner that lives is back with the store sooner.
bool Worker::succeeds() {
  const base::Seconds now = setup_.clock.monotonic();
  const bool gone = now - std::max(reached_, cut_off_) >= kGone;
  if (!home_ || !gone || leaving_ || !running_.empty() || now < asked_ + kHeartbeat) return false;
  asked_ = now;
  return setup_.exists(*home_) && setup_.orphaned();
}

// A worker that cannot run a trial must not be given another one.
tl::unexpected<base::Error> Worker::leave_for(const base::Error& failure) {
  tell(Left{});
  correspond();
  return tl::unexpected(failure);
}

base::Result<> Worker::begin() {
  auto runner = setup_.make_runner();
  if (!runner) return tl::unexpected(runner.error());
  runner_ = *std::move(runner);
  reached_ = setup_.clock.monotonic();
  find_tuner();
  if (!tuner_) setup_.say("there is no tuner now: waiting for one");
  return {};
}

void Worker::correspond() {
  corresponded_ = setup_.clock.monotonic();
  unsent_ = false;
  const auto mails = setup_.mailbox.exchange();
  if (!mails) return out_of_reach(mails.error());
  unreached_.reset();
  setup_.wake_up.add(setup_.mailbox.descriptor());
  for (const journal::Mail& mail : *mails) {
    if (tuner_ != mail.from) find_tuner();
    if (tuner_ != mail.from) continue;
    reached_ = corresponded_;
    if (const auto message = decode(mail.text)) hear(*message);
  }
}

void Worker::out_of_reach(const base::Error& why) {
  cut_off_ = setup_.clock.monotonic();
  unreached_ = why.message;
  if (!failure_) failure_ = setup_.mailbox.lasting();
}

void Worker::hear(const Message& message) {
  std::visit(
      base::Match{[&](const Start& start) { hear(start); }, [&](const Answer& answer) { hear(answer); },
                  [&](const cluster::End& end) {
                    const auto running = running_.find(end.trial);
                    if (running == running_.end()) return;
                    running->second.ending = true;
                    runner_->end(end.trial, end.action);
                  },
                  [&](const Over& over) { over_ = over.why; }, [](const auto&) {}},
      message);
}

void Worker::hear(const Start& start) {
  runner::Job job = start.job;
  if (leaving_ || failure_ || running_.contains(job.trial))
    return refuse(job.trial, "its worker was leaving");
  // Sent before it was out of reach: by now the trial may run elsewhere.
  if (setup_.clock.monotonic() - start.heard > kForsaken)
    return refuse(job.trial, "it was given up meanwhile");
  if (job.checkpoint && !setup_.exists(job.folder / "checkpoints" / *job.checkpoint)) {
    failure_ =
        base::Error{fmt::format("trial {} goes on from a checkpoint that is not on this machine: {}; the "
                                "folder of a study's trials has to be "
                                "shared by its tuner and all workers",
                                job.trial, (job.folder / "checkpoints" / *job.checkpoint).string())};
    return refuse(job.trial, "its worker did not find the checkpoint");
  }
  meter::Load load;
  load.trial = job.trial;
  load.cpu_time = [this, trial = job.trial] { return runner_->cpu_time(trial); };
  load.processes = [this, trial = job.trial] { return runner_->processes(trial); };
  if (!runner_->room()) return refuse(job.trial, "its worker has too few devices left for it");
  job.devices = runner_->hold(job.trial, {});
  if (job.devices) load.holds = trial::parts(*job.devices);
  auto window = setup_.meter.open(std::move(load));
  if (auto started = runner_->start(job); !started) {
    runner_->release(job.trial);
    failure_ = base::Error{
        fmt::format("trial {} cannot be started on this machine: {}", job.trial, started.error().message)};
    return refuse(job.trial, "its worker could not start it");
  }
  running_[job.trial].window = std::move(window);
  setup_.say(fmt::format("trial {} to {} {:g}: {}", job.trial, job.unit, job.until,
                         space::describe(job.configuration)));
}

void Worker::refuse(runner::TrialId trial, const std::string& why) {
  tell(Heard{trial, {}, {runner::Exit{trial, trial::Interrupted{}, why}}});
}

void Worker::hear(const Answer& answer) {
  const auto running = running_.find(answer.trial);
  if (running == running_.end()) return;
  Running& trial = running->second;
  trial.waits = false;
  trial.ending = trial.ending || answer.action != trial::Action::kContinue;
  runner_->answer(answer.trial, answer.action);
  if ((leaving_ || alone_) && !std::exchange(trial.ending, true))
    runner_->end(answer.trial, trial::Action::kPause);
}

// The newest, where there are two for a moment.
void Worker::find_tuner() {
  looked_ = setup_.clock.monotonic();
  const auto members = setup_.mailbox.present();
  if (!members) return out_of_reach(members.error());
  std::optional<journal::MemberId> tuner;
  for (const journal::Member& member : *members) {
    if (member.role != journal::Role::kTuner) continue;
    tuner = member.id;
    home_ = member.about;
  }
  if (tuner && !unreached_) reached_ = looked_;
  if (tuner && tuner != tuner_) follow(*tuner);
}

// What ran for another is not heard of any more.
void Worker::follow(journal::MemberId tuner) {
  const bool another = std::exchange(tuner_, std::nullopt).has_value();
  if (another) {
    setup_.say(running_.empty()
                   ? "another tuner goes on with the study"
                   : "another tuner goes on with the study; what ran for the one before is ended");
  }
  kill_all();
  tuner_ = tuner;
  report();
}

void Worker::look_after() {
  const base::Seconds now = setup_.clock.monotonic();
  const base::Seconds silent = now - reached_;
  if (now >= looked_ + kLook && silent >= kHeartbeat) find_tuner();
  if (now >= stepped_ + kSteps) tell_steps();
  if (now >= reported_ + kHeartbeat) report();
  if (silent < kAlone) {
    alone_ = false;
  } else if (!std::exchange(alone_, true)) {
    over_ = setup_.over();
    if (over_) return;
    const std::string what =
        unreached_ ? fmt::format("the tuner cannot be reached ({})", *unreached_) : "the tuner is gone";
    setup_.say(what +
               (running_.empty() ? ": waiting for one" : ": trials are paused until there is one again"));
    pause_all();
  }
}

void Worker::report() {
  reported_ = setup_.clock.monotonic();
  if (!tuner_) return;
  Present self = setup_.self;
  if (leaving_) self.places = 0;
  self.said = reported_;
  tell(self);
  tell_steps();  // their energy was read before
  for (auto& [trial, running] : running_) tell(Heard{trial, running.window->read(), {}});
}

void Worker::tell(const Message& message) {
  if (!tuner_) return;
  setup_.mailbox.send(*tuner_, encode(message));
  unsent_ = true;
}

void Worker::tell_steps() {
  stepped_ = setup_.clock.monotonic();
  for (auto& [trial, running] : running_) {
    if (running.steps) tell(*std::exchange(running.steps, {}));
  }
}

void Worker::listen() {
  if (failure_) return;
  for (const runner::Event& event : runner_->wait(patience())) {
    if (!std::holds_alternative<runner::Woken>(event)) happened(event);
  }
}

// Steps wait for a moment, with the energy that had been used at the first of them; anything else brings them along.
void Worker::happened(const runner::Event& event) {
  const auto trial = std::visit(
      base::Match{[](const runner::Woken&) { return -1; }, [](const auto& about) { return about.trial; }},
      event);
  const auto found = running_.find(trial);
  if (found == running_.end()) return;
  Running& running = found->second;
  if (std::holds_alternative<runner::Stepped>(event)) {
    if (!running.steps) running.steps = Heard{trial, running.window->read(), {}};
    running.steps->events.push_back(event);
    if (running.steps->events.size() >= kMostSteps) tell(*std::exchange(running.steps, {}));
    return;
  }
  if (running.steps) tell(*std::exchange(running.steps, {}));
  Heard heard{trial, running.window->read(), {event}};
  running.waits = running.waits || std::holds_alternative<runner::Evaluation>(event);
  if (auto* exit = std::get_if<runner::Exit>(&heard.events.front())) {
    if (leaving_ || alone_)
      *exit = {trial, trial::Interrupted{}, leaving_ ? "its worker left" : "its worker was cut off"};
    running_.erase(found);
    runner_->release(trial);
  }
  tell(heard);
}

void Worker::pause_all() {
  for (auto& [trial, running] : running_) {
    if (!running.waits && !std::exchange(running.ending, true)) runner_->end(trial, trial::Action::kPause);
  }
}

void Worker::kill_all() {
  if (running_.empty()) return;
  for (auto& [trial, running] : running_) {
    const runner::Exit exit{trial, trial::Interrupted{}, "its worker could not reach the tuner"};
    tell(Heard{trial, running.window->read(), {exit}});
  }
  running_.clear();
  runner_.reset();
  auto runner = setup_.make_runner();
  if (!runner) failure_ = runner.error();
  if (runner) runner_ = *std::move(runner);
}

base::Seconds Worker::patience() const {
  const base::Seconds now = setup_.clock.monotonic();
  base::Seconds until = std::min({corresponded_ + kLook, reported_ + kHeartbeat});
  for (const auto& [trial, running] : running_) {
    if (running.steps) until = std::min(until, stepped_ + kSteps);
  }
  return unsent_ ? base::Seconds(0) : std::max(until - now, base::Seconds(0));
}

}  // namespace sm2::cluster
