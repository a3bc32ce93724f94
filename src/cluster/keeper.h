// Keeps as many worker jobs in a batch system as are wanted: those that end before the study does, as their time was over or
// their node failed, are replaced; where they end again and again soon after their start, at growing intervals. A thread of
// its own, because batch systems may take their time to answer.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "cluster/batch.h"

namespace sm2::cluster {

// When to submit how many, apart from threads.
class Replacing {
 public:
  explicit Replacing(int wanted) : wanted_(wanted) {}

  int missing(int alive, base::Seconds now) const;  // 0 while it is too early for another try
  void submitted(base::Seconds now);
  int failures() const { return failures_; }  // submissions on end that ended soon

 private:
  int wanted_;
  int failures_ = 0;
  std::optional<base::Seconds> next_;  // when one may be made again
};

class Keeper {
 public:
  Keeper(Batch& batch, int wanted, const base::Clock& clock);
  ~Keeper();  // ends the jobs; what goes wrong is in news()
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  std::vector<std::string> end();   // the jobs, and the thread; what went wrong, for people
  std::vector<std::string> news();  // since last asked

 private:
  void keep();
  void look();
  void say(std::string line);

  Batch& batch_;
  const base::Clock& clock_;
  Replacing replacing_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ending_ = false;
  std::vector<std::string> lines_;
  std::string said_;  // last
  std::thread thread_;
};

}  // namespace sm2::cluster
