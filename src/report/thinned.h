// A series of any length in bounded memory: when it is full every second point is dropped, and from then on only every second
// one is taken. The first point and the latest always are in it.
#pragma once

#include <cstddef>
#include <vector>

namespace sm2::report {

template <class Point>
class Thinned {
 public:
  explicit Thinned(std::size_t most = 512) : most_(most) {}  // an even number, 2 at least

  void add(Point point) {
    if (added_++ % stride_ != 0) {
      latest_ = {std::move(point)};
      return;
    }
    latest_.clear();
    kept_.push_back(std::move(point));
    if (kept_.size() <= most_) return;
    for (std::size_t at = 1; 2 * at < kept_.size(); ++at) kept_[at] = std::move(kept_[2 * at]);
    kept_.resize((kept_.size() + 1) / 2);
    stride_ *= 2;
  }

  std::vector<Point> points() const {  // in the order in which they came, at most `most` + 1
    std::vector<Point> all = kept_;
    all.insert(all.end(), latest_.begin(), latest_.end());
    return all;
  }

 private:
  std::size_t most_;
  std::size_t stride_ = 1, added_ = 0;
  std::vector<Point> kept_;
  std::vector<Point> latest_;  // at most one
};

}  // namespace sm2::report
