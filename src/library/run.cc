// run(): one thread a worker, each asking, calling and telling until the search is over. The first exception that is to
// end the search stops them all, and is thrown to the caller when they have returned.
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "sm2/tuner.h"

namespace sm2 {
namespace {

class Workers {
 public:
  Workers(const std::function<void(Tuner::Trial&)>& function, Tuner& tuner, bool rethrow)
      : function_(function), tuner_(tuner), rethrow_(rethrow) {}

  void work(int count) {
    {
      std::vector<std::jthread> threads;
      for (int more = 1; more < count; ++more) threads.emplace_back([this] { work(); });
      work();
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  void work() {
    try {
      while (!leave_) {
        auto trial = tuner_.ask();
        if (!trial || leave_) return;
        train(*trial);
      }
    } catch (...) {
      leave_ = true;
      const std::lock_guard lock(mutex_);
      if (!thrown_) thrown_ = std::current_exception();
    }
  }

  void train(Tuner::Trial& trial) {
    try {
      function_(trial);
    } catch (const std::exception& thrown) {
      if (rethrow_) leave_ = true;  // before it is told, which may wake a worker that waits
      tuner_.fail(trial, thrown.what());
      if (rethrow_) throw;
      return;
    } catch (...) {
      leave_ = true;
      throw;
    }
    tuner_.end(trial);
  }

  const std::function<void(Tuner::Trial&)>& function_;
  Tuner& tuner_;
  bool rethrow_;
  std::atomic<bool> leave_ = false;
  std::mutex mutex_;
  std::exception_ptr thrown_;
};

}  // namespace

Result run(const std::function<void(Tuner::Trial&)>& function, const Space& space, const Settings& settings) {
  Tuner tuner(space, settings);
  Workers(function, tuner, settings.rethrow).work(settings.workers);
  return {tuner.best(), tuner.trials(), tuner.joules()};
}

}  // namespace sm2
