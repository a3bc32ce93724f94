#include "meter/sampler.h"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace sm2::meter {
namespace {

using Clock = std::chrono::steady_clock;

// A thread that starts with every signal blocked: the handlers belong to the main thread.
template <class Run>
std::thread quiet_thread(Run run) {
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(run));
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

Clock::duration after(base::Seconds wait) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(wait.value));
}

}  // namespace

Sampler::Sampler(std::vector<Sampled*> sampled)
    : sampled_(std::move(sampled)), thread_(quiet_thread([this] { run(); })) {}

Sampler::~Sampler() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Sampler::run() {
  std::vector<Clock::time_point> due(sampled_.size(), Clock::now());
  std::unique_lock lock(mutex_);
  while (!ending_) {
    lock.unlock();
    for (std::size_t at = 0; at < due.size(); ++at) {
      if (due[at] <= Clock::now()) due[at] = Clock::now() + after(sampled_[at]->sample());
    }
    lock.lock();
    wake_.wait_until(lock, std::ranges::min(due), [this] { return ending_; });
  }
}

}  // namespace sm2::meter
