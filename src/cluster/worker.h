// A worker of a study on another machine: runs the trials that the study's tuner gives it, meters them here, and passes on
// what their programs say. It decides nothing. It works for one tuner after the other: the trials of one that another has
// replaced are killed, since the new one goes on from what is stored.
//
// A worker that does not reach its tuner for kAlone asks its programs to pause, but for those that wait for an answer, which
// only the tuner may give; after kForsaken it kills what still runs (message.h). It then waits for a tuner to be there, or
// ends to become one itself, where the tuner died.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cluster/message.h"
#include "cluster/wake_up.h"
#include "journal/mailbox.h"
#include "meter/meter.h"
#include "runner/runner.h"

namespace sm2::cluster {

class Worker {
 public:
  using MakeRunner = std::function<base::Result<std::unique_ptr<runner::Runner>>()>;

  // All that is referred to outlives it.
  struct Setup {
    journal::Mailbox& mailbox;
    MakeRunner make_runner;  // destroying a runner kills what it runs
    meter::Meter& meter;
    WakeUp& wake_up;  // ends a wait of the runner early
    const base::Clock& clock;
    Present self;
    std::function<int()> interruptions;  // once: its trials pause, and it leaves; twice: it leaves at once
    std::function<void(const std::string&)> say;
    std::optional<base::Seconds> patience = {};  // with no tuner there, and nothing to run; none: for ever
    std::function<bool(const std::filesystem::path&)> exists = [](const std::filesystem::path& path) {
      std::error_code error;
      return std::filesystem::exists(path, error);
    };
    // Why the study is over, as its journal has it; nothing where it is not. Asked when the tuner is gone: it may have ended
    // before it knew of this worker.
    std::function<std::optional<std::string>()> over = [] { return std::nullopt; };
    // Whether the tuner died, and left the study to whoever takes it. Asked again and again while there is no tuner.
    std::function<bool()> orphaned = [] { return false; };
  };
  explicit Worker(Setup setup) : setup_(std::move(setup)) {}

  struct End {
    std::optional<std::string> over;  // why the study is; nothing: the user ended the worker
    std::optional<std::filesystem::path> succeeds =
        {};  // a tuner that died, which was started in this folder
  };
  using Ended = std::optional<End>;  // nothing: it works on

  // To its end. Fails where this machine cannot run a trial, which is given back then, and where the mailbox does for good.
  base::Result<End> run();

  // One round of that: what is written to it, what there is to do, what its programs say.
  base::Result<Ended> round();

 private:
  struct Running {
    std::unique_ptr<meter::Window> window;
    bool waits = false;  // for an answer
    bool ending = false;
    std::optional<Heard> steps;  // to be told together
  };

  base::Result<> begin();
  tl::unexpected<base::Error> leave_for(const base::Error& failure);
  void correspond();
  void out_of_reach(const base::Error& why);
  void hear(const Message& message);
  void hear(const Start& start);
  void hear(const Answer& answer);
  void refuse(runner::TrialId trial, const std::string& why);
  void find_tuner();
  bool only_waits() const;
  bool succeeds();
  void follow(journal::MemberId tuner);
  void look_after();
  void tell(const Message& message);
  void tell_steps();
  void report();
  void listen();
  void happened(const runner::Event& event);
  void pause_all();
  void kill_all();
  base::Seconds patience() const;

  Setup setup_;
  std::unique_ptr<runner::Runner> runner_;
  std::map<runner::TrialId, Running> running_;
  std::optional<journal::MemberId> tuner_;
  std::optional<std::filesystem::path> home_;  // of the last tuner: where it was started
  std::optional<std::string> over_;
  std::optional<base::Error> failure_;
  std::optional<std::string> unreached_;  // why the mailbox failed last
  bool unsent_ = false, leaving_ = false, alone_ = false;
  base::Seconds reached_;  // when the tuner was last known to be there
  base::Seconds cut_off_;  // when the store was last out of reach
  base::Seconds corresponded_, looked_, reported_, stepped_, asked_;  // when each was last done
};

}  // namespace sm2::cluster
