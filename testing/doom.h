// When a simulated tuner dies: at its n-th moment. A moment is whenever something outside could see the difference: before
// a batch of events is durable, after it is, and while the tuner waits. From then on nothing that it does is heard of. There is no
// exception: the journal refuses everything, and so the study ends.
#pragma once

#include <limits>

namespace sm2::testing {

class Doom {
 public:
  static constexpr int kNever = std::numeric_limits<int>::max();

  explicit Doom(int moment = kNever) : moment_(moment) {}

  // Counts a moment; whether the tuner is dead now.
  bool strikes() { return dead() || moments_++ == moment_; }
  bool dead() const { return moments_ > moment_; }
  int moments() const { return moments_; }

 private:
  int moment_;
  int moments_ = 0;
};

}  // namespace sm2::testing
