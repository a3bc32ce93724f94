#include "cluster/keeper.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace sm2::cluster {
namespace {

constexpr std::chrono::seconds kBetweenLooks{10};
constexpr base::Seconds kSoon{60}, kFirstPause{15}, kLongestPause{900};
constexpr int kSuspicious = 3;

}  // namespace

int Replacing::missing(int alive, base::Seconds now) const {
  return next_ && now < *next_ ? 0 : std::max(0, wanted_ - alive);
}

void Replacing::submitted(base::Seconds now) {
  failures_ = next_ && now < *next_ + kSoon ? failures_ + 1 : 0;
  next_ = now + std::min(kFirstPause * std::exp2(failures_), kLongestPause);
}

Keeper::Keeper(Batch& batch, int wanted, const base::Clock& clock)
    : batch_(batch), clock_(clock), replacing_(wanted), thread_([this] { keep(); }) {}

Keeper::~Keeper() { end(); }

void Keeper::keep() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    look();
    lock.lock();
    changed_.wait_for(lock, kBetweenLooks, [this] { return ending_; });
  }
}

void Keeper::look() {
  const auto alive = batch_.alive();
  if (!alive) return say(alive.error().message);
  const int missing = replacing_.missing(*alive, clock_.monotonic());
  if (missing == 0) return;
  if (const auto submitted = batch_.submit(missing); !submitted) return say(submitted.error().message);
  replacing_.submitted(clock_.monotonic());
  if (replacing_.failures() >= kSuspicious) {
    say(fmt::format(
        "worker jobs end soon after their start; {} may say why. They are submitted again, ever later",
        batch_.where_logs_are()));
  } else {
    say(fmt::format("{} worker {} submitted", missing, missing == 1 ? "job" : "jobs"));
  }
}

// The same thing once.
void Keeper::say(std::string line) {
  const std::lock_guard lock(mutex_);
  if (said_ == line) return;
  said_ = line;
  lines_.push_back(std::move(line));
}

std::vector<std::string> Keeper::news() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lines_, {});
}

std::vector<std::string> Keeper::end() {
  if (!thread_.joinable()) return {};
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  if (const auto cancelled = batch_.cancel(); !cancelled)
    say(fmt::format("worker jobs may be left: {}", cancelled.error().message));
  return news();
}

}  // namespace sm2::cluster
