#include "cluster/crew.h"

#include <poll.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/match.h"

namespace sm2::cluster {
namespace {

constexpr base::Seconds kLook{1};  // how long something may go unnoticed of which no descriptor tells
constexpr base::Seconds kLongestInterval{10};  // while the store is out of reach

bool readable(int fd) {
  pollfd watched{fd, POLLIN, 0};
  return fd >= 0 && poll(&watched, 1, 0) != 0;
}

}  // namespace

// What a worker has read last of a trial's process.
struct Crew::Reading {
  trial::Energy energy;
  base::Seconds started;

  // What it used after the last reading is not known.
  void lose(base::Seconds now, const std::string& how) {
    const base::Seconds ran = std::max(now - started, kHeartbeat);
    for (trial::Reading& reading : energy) {
      if (reading.joules) reading.error += *reading.joules * (kForsaken / ran);
      reading.note += reading.note.empty() ? how : "; " + how;
    }
  }
};

// A window at a worker is what it tells.
class Crew::Metering final : public meter::Meter {
 public:
  explicit Metering(Crew& crew) : crew_(crew) {}

  std::unique_ptr<meter::Window> open(meter::Load load) override { return crew_.open(std::move(load)); }
  std::vector<meter::DomainInfo> domains() const override { return crew_.setup_.meter.domains(); }
  std::optional<base::Seconds> read_within() const override { return crew_.setup_.meter.read_within(); }
  std::string hardware(const meter::Load& load) const override { return crew_.hardware(load); }
  std::map<pid_t, double> use_by_process(const std::string& domain) override {
    return crew_.setup_.meter.use_by_process(domain);
  }

 private:
  Crew& crew_;
};

class Crew::Told final : public meter::Window {
 public:
  explicit Told(std::shared_ptr<const Reading> reading) : reading_(std::move(reading)) {}
  trial::Energy read() override { return reading_->energy; }

 private:
  std::shared_ptr<const Reading> reading_;
};

Crew::Crew(Setup setup) : setup_(std::move(setup)), meter_(std::make_unique<Metering>(*this)) {
  reached_ = corresponded_ = setup_.clock.monotonic();
  setup_.wake_up.add(setup_.mailbox.descriptor());
}

Crew::~Crew() = default;

std::optional<journal::MemberId> Crew::most_free() const {
  std::optional<journal::MemberId> best;
  int most = 0;
  for (const auto& [id, worker] : workers_) {
    const int free = worker.places - worker.busy;
    if (free <= most) continue;
    most = free;
    best = id;
  }
  return best;
}

bool Crew::room() { return free_here() || most_free(); }

// Gives the trial its place. Which devices it has at a worker is the worker's to say.
std::optional<trial::Devices> Crew::hold(runner::TrialId trial, const trial::Devices& had) {
  if (free_here()) {
    here_.insert(trial);
    return setup_.own.hold(trial, had);
  }
  const auto worker = most_free();
  if (worker) ++workers_.at(*worker).busy;
  away_[trial] = {worker.value_or(0), std::make_shared<Reading>()};
  return {};
}

void Crew::release(runner::TrialId trial) {
  if (here_.erase(trial) > 0) setup_.own.release(trial);
  leave(trial);
}

std::unique_ptr<meter::Window> Crew::open(meter::Load load) {
  const auto away = load.trial ? away_.find(*load.trial) : away_.end();
  if (away == away_.end()) return setup_.meter.open(std::move(load));
  away->second.reading->started = setup_.clock.monotonic();
  return std::make_unique<Told>(away->second.reading);
}

std::string Crew::hardware(const meter::Load& load) const {
  const auto away = load.trial ? away_.find(*load.trial) : away_.end();
  if (away == away_.end()) return setup_.meter.hardware(load);
  const auto worker = workers_.find(away->second.worker);
  return worker == workers_.end() ? "" : worker->second.hardware;
}

base::Result<> Crew::start(const runner::Job& job) {
  const auto away = away_.find(job.trial);
  if (away == away_.end()) return setup_.own.start(job);
  const auto worker = workers_.find(away->second.worker);
  if (worker == workers_.end()) {
    leave(job.trial);
    unheard_.push_back(
        runner::Exit{job.trial, trial::Interrupted{}, "its worker left before it could start"});
    return {};
  }
  runner::Job sent = job;
  sent.directory = std::filesystem::absolute(job.directory.value_or("."));
  tell(away->second, Start{std::move(sent), worker->second.said});
  return {};
}

void Crew::tell(const Away& away, const Message& message) {
  setup_.mailbox.send(away.worker, encode(message));
  unsent_ = true;
}

void Crew::answer(runner::TrialId trial, trial::Action action) {
  const auto away = away_.find(trial);
  if (away == away_.end()) return setup_.own.answer(trial, action);
  tell(away->second, Answer{trial, action});
}

void Crew::end(runner::TrialId trial, trial::Action action) {
  const auto away = away_.find(trial);
  if (away == away_.end()) return setup_.own.end(trial, action);
  tell(away->second, End{trial, action});
}

std::optional<base::Seconds> Crew::cpu_time(runner::TrialId trial) const {
  return away_.contains(trial) ? std::nullopt : setup_.own.cpu_time(trial);
}

std::vector<pid_t> Crew::processes(runner::TrialId trial) const { return setup_.own.processes(trial); }

std::vector<runner::Event> Crew::wait(base::Seconds timeout) {
  const base::Seconds until = setup_.clock.monotonic() + timeout;
  std::vector<runner::Event> events = std::exchange(unheard_, {});
  if (unsent_) correspond(events);
  do {
    const base::Seconds left = std::max(until - setup_.clock.monotonic(), base::Seconds(0));
    const bool idle = events.empty() && unread_.empty();
    const base::Seconds patience = idle ? std::min(left, kLook) : base::Seconds(0);
    for (runner::Event& event : setup_.own.wait(patience)) events.push_back(std::move(event));
    const bool due = setup_.clock.monotonic() >= corresponded_ + interval_;
    if (unsent_ || due || readable(setup_.mailbox.descriptor())) correspond(events);
    read_mail(events);
  } while (events.empty() && setup_.clock.monotonic() < until);
  return events;
}

// While the store is out of reach nobody is silent, and a user who leaves does not wait for it.
void Crew::correspond(std::vector<runner::Event>& events) {
  for (const std::string& line : setup_.news()) setup_.say(line);
  const auto mails = setup_.mailbox.exchange();
  corresponded_ = setup_.clock.monotonic();
  unsent_ = false;
  interval_ = mails ? kLook : std::min(2 * interval_, kLongestInterval);
  if (!mails) return out_of_reach(mails.error(), events);
  if (std::exchange(cut_off_, false)) setup_.say("workers can be reached again");
  setup_.wake_up.add(setup_.mailbox.descriptor());
  const base::Seconds away = corresponded_ - std::exchange(reached_, corresponded_);
  if (away > kHeartbeat) {
    for (auto& [id, worker] : workers_) worker.heard += away;
  }
  for (const journal::Mail& mail : *mails) {
    if (const auto known = workers_.find(mail.from); known != workers_.end())
      known->second.heard = corresponded_;
    unread_.push_back(mail);
  }
  look_for_the_silent(events);
}

void Crew::out_of_reach(const base::Error& why, std::vector<runner::Event>& events) {
  failure_ = setup_.mailbox.lasting();
  const base::Seconds away = corresponded_ - reached_;
  if (!failure_ && away > kGone && !std::exchange(cut_off_, true))
    setup_.say(fmt::format("workers cannot be reached; trying again: {}", why.message));
  if (!failure_ && !(setup_.leaving() && away > kHeartbeat)) return;
  while (!workers_.empty()) lose(workers_.begin()->first, "cannot be reached", events);
}

// Of each trial no more than one message, as the energy that comes with it holds for its events.
void Crew::read_mail(std::vector<runner::Event>& events) {
  std::set<runner::TrialId> told;
  for (; !unread_.empty(); unread_.pop_front()) {
    const auto message = decode(unread_.front().text);
    if (!message) continue;
    const auto* heard = std::get_if<Heard>(&*message);
    if (heard && !told.insert(heard->trial).second) return;
    hear(unread_.front().from, *message, events);
  }
}

void Crew::hear(journal::MemberId from, const Message& message, std::vector<runner::Event>& events) {
  std::visit(base::Match{[&](const Heard& heard) { hear(from, heard, events); },
                         [&](const Present& present) { hear(from, present); },
                         [&](const Left&) { lose(from, "has left", events); }, [](const auto&) {}},
             message);
}

void Crew::hear(journal::MemberId from, const Present& present) {
  constexpr int kMostPlaces = 1024;
  Worker& worker = workers_[from];
  joined_ -= std::exchange(worker.places, std::clamp(present.places, 0, kMostPlaces));
  joined_ += worker.places;
  worker.heard = setup_.clock.monotonic();
  worker.said = present.said;
  worker.hardware = present.hardware;
  if (!worker.name.empty()) return;
  worker.name = fmt::format("the worker on {} (process {})", present.host, present.process);
  setup_.say(fmt::format("{} has joined, with {} {}", worker.name, worker.places,
                         worker.places == 1 ? "place" : "places"));
}

void Crew::hear(journal::MemberId from, const Heard& heard, std::vector<runner::Event>& events) {
  const auto away = away_.find(heard.trial);
  if (away == away_.end() || away->second.worker != from) return;
  away->second.reading->energy = heard.energy;
  for (const runner::Event& event : heard.events) {
    events.push_back(event);
    if (std::holds_alternative<runner::Exit>(event)) leave(heard.trial);
  }
}

// Its place is free again.
void Crew::leave(runner::TrialId trial) {
  const auto away = away_.find(trial);
  if (away == away_.end()) return;
  if (const auto worker = workers_.find(away->second.worker); worker != workers_.end()) --worker->second.busy;
  away_.erase(away);
}

void Crew::look_for_the_silent(std::vector<runner::Event>& events) {
  std::vector<journal::MemberId> silent;
  for (const auto& [id, worker] : workers_) {
    if (setup_.clock.monotonic() > worker.heard + kGone) silent.push_back(id);
  }
  for (const journal::MemberId id : silent) lose(id, "is gone", events);
}

void Crew::lose(journal::MemberId id, const std::string& how, std::vector<runner::Event>& events) {
  const auto worker = workers_.find(id);
  if (worker == workers_.end()) return;
  const std::string what = fmt::format("{} {}", worker->second.name, how);
  setup_.say(what);
  joined_ -= worker->second.places;
  workers_.erase(worker);
  std::erase_if(away_, [&](const auto& one) {
    const auto& [trial, away] = one;
    if (away.worker != id) return false;
    away.reading->lose(setup_.clock.monotonic(), what + ": the last of its energy is not in it");
    events.push_back(runner::Exit{trial, trial::Interrupted{}, what});
    return true;
  });
}

void Crew::dismiss(const std::string& why) {
  for (const auto& [id, worker] : workers_) setup_.mailbox.send(id, encode(Over{why}));
  if (!workers_.empty()) static_cast<void>(setup_.mailbox.exchange());
}

}  // namespace sm2::cluster
