// Where a study's trials run: at places of this process, and at those of workers on other machines, which may join and leave
// at any time. To the study it is one runner and one meter. A trial runs here while there is a free place, else at the
// worker with the most free ones; what is heard of it there comes by the mailbox, and its energy with it.
//
// A worker that has been silent for kGone is gone, killed or cut off: by then it has ended its programs itself. Its trials
// are then interrupted, and their energy is uncertain by what kForsaken may have used, at their mean power.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cluster/message.h"
#include "cluster/wake_up.h"
#include "journal/mailbox.h"
#include "meter/meter.h"
#include "runner/runner.h"

namespace sm2::cluster {

using Say = std::function<void(const std::string&)>;

class Crew final : public runner::Runner {
 public:
  // All outlive it. `wake_up` is what ends a wait of `own` early.
  struct Setup {
    runner::Runner& own;
    meter::Meter& meter;
    int places = 1;  // of this process
    journal::Mailbox& mailbox;
    WakeUp& wake_up;
    const base::Clock& clock;
    Say say;
    std::function<std::vector<std::string>()> news = [] {
      return std::vector<std::string>();
    };  // to be said, now and then
    std::function<bool()> leaving = [] { return false; };  // whether the user is
  };
  explicit Crew(Setup setup);
  ~Crew() override;

  int joined() const { return joined_; }  // places of workers, now
  meter::Meter& meter() { return *meter_; }
  void dismiss(const std::string& why);  // the study is over

  // Why its workers can never be reached again. Their trials are interrupted then, and the study has to end: they may run on
  // there for up to kForsaken.
  const std::optional<base::Error>& failure() const { return failure_; }

  bool room() override;
  std::optional<trial::Devices> hold(runner::TrialId trial, const trial::Devices& had) override;
  void release(runner::TrialId trial) override;
  base::Result<> start(const runner::Job& job) override;
  std::vector<runner::Event> wait(base::Seconds timeout) override;
  void answer(runner::TrialId trial, trial::Action action) override;
  void end(runner::TrialId trial, trial::Action action) override;
  std::optional<base::Seconds> cpu_time(runner::TrialId trial) const override;
  std::vector<pid_t> processes(runner::TrialId trial) const override;

 private:
  class Metering;
  struct Reading;
  class Told;
  struct Worker {
    int places = 0, busy = 0;
    std::string name;  // for people
    std::string hardware;
    base::Seconds heard;
    base::Seconds said;  // that it is there, by its own clock
  };
  struct Away {  // a trial at a worker
    journal::MemberId worker = 0;
    std::shared_ptr<Reading> reading;
  };

  std::unique_ptr<meter::Window> open(meter::Load load);
  std::string hardware(const meter::Load& load) const;
  std::optional<journal::MemberId> most_free() const;
  bool free_here() { return static_cast<int>(here_.size()) < setup_.places && setup_.own.room(); }
  void leave(runner::TrialId trial);
  void tell(const Away& away, const Message& message);
  void correspond(std::vector<runner::Event>& events);
  void out_of_reach(const base::Error& why, std::vector<runner::Event>& events);
  void read_mail(std::vector<runner::Event>& events);
  void hear(journal::MemberId from, const Message& message, std::vector<runner::Event>& events);
  void hear(journal::MemberId from, const Heard& heard, std::vector<runner::Event>& events);
  void hear(journal::MemberId from, const Present& present);
  void look_for_the_silent(std::vector<runner::Event>& events);
  void lose(journal::MemberId worker, const std::string& how, std::vector<runner::Event>& events);

  Setup setup_;
  std::unique_ptr<meter::Meter> meter_;
  std::map<runner::TrialId, Away> away_;
  std::set<runner::TrialId> here_;
  std::map<journal::MemberId, Worker> workers_;
  int joined_ = 0;
  std::vector<runner::Event> unheard_;
  std::deque<journal::Mail> unread_;
  bool unsent_ = false;
  bool cut_off_ = false;  // for so long that it was said
  std::optional<base::Error> failure_;
  base::Seconds corresponded_;  // when it was last tried
  base::Seconds interval_{1};   // to the next try
  base::Seconds reached_;       // when it last worked
};

}  // namespace sm2::cluster
