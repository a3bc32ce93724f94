#include "meter/wrapping_counter.h"

#include <algorithm>

#include "base/units.h"

namespace sm2::meter {

using base::Seconds;

base::Result<std::uint64_t> WrappingCounter::advance(std::uint64_t raw, Seconds now) {
  if (lost_) return tl::unexpected(*lost_);
  if (last_) {
    const auto grown = growth(raw, std::max(Seconds(0), now - last_->at));
    if (!grown) {
      lost_ = grown.error();
      return tl::unexpected(*lost_);
    }
    total_ += *grown;
  } else if (raw > limits_.highest) {
    lost_ = base::Error{fmt::format("the counter reads {}, above its range of {}", raw, limits_.highest)};
    return tl::unexpected(*lost_);
  }
  last_ = Reading{raw, now};
  return total_;
}

Seconds WrappingCounter::read_within() const {
  return Seconds(static_cast<double>(limits_.highest) / limits_.per_second) - limits_.lag;
}

base::Result<std::uint64_t> WrappingCounter::growth(std::uint64_t raw, Seconds elapsed) const {
  if (raw > limits_.highest)
    return base::fail("the counter reads {}, above its range of {}", raw, limits_.highest);
  if (elapsed >= read_within()) {
    return base::fail("the counter may have wrapped more than once in the {} since it was last read",
                      base::format(elapsed));
  }
  const std::uint64_t grown = raw >= last_->raw ? raw - last_->raw : limits_.highest - last_->raw + raw + 1;
  if (static_cast<double>(grown) > limits_.per_second * (elapsed + limits_.lag).value) {
    return base::fail("the counter went from {} to {} in {}, which no plausible power explains: it was reset",
                      last_->raw, raw, base::format(elapsed));
  }
  return grown;
}

}  // namespace sm2::meter
