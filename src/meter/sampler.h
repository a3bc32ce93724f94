// One thread that samples what needs sampling, each at the period that it asks for. It begins with the object and
// ends with it; signals are not delivered to it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "meter/sampled.h"

namespace sm2::meter {

class Sampler {
 public:
  explicit Sampler(std::vector<Sampled*> sampled);  // not empty; they outlive it
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

 private:
  void run();

  std::vector<Sampled*> sampled_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;  // last: it starts when everything else is there
};

}  // namespace sm2::meter
