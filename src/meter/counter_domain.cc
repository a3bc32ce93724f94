#include "meter/counter_domain.h"

#include <algorithm>
#include <utility>

#include "base/units.h"
#include "meter/wrapping_counter.h"

namespace sm2::meter {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr Seconds kLeastLag{0.02};  // allowed for in plausibility: a reader may be held up
constexpr double kShort = 5;        // updates; below this a window's mean power says little
constexpr Seconds kNeverWraps{1e9};
constexpr Seconds kShortestRange{0.05};  // a counter that may wrap sooner cannot be followed

WrappingCounter::Limits limits(const Counter& counter) {
  return {counter.highest, counter.highest_power.value / counter.per_count.value,
          std::max(kLeastLag, 2 * counter.update)};
}

class CounterWindow final : public DomainWindow {
 public:
  CounterWindow(const DomainInfo& info, const Counter& source, const base::Clock& clock)
      : info_(info), source_(source), clock_(clock), counter_(limits(source)), opened_(clock.monotonic()) {
    moved_at_ = opened_;
    const auto start = source_.read().and_then([&](std::uint64_t raw) {
      last_ = raw;
      return counter_.advance(raw, opened_);
    });
    if (!start) unopened_ = "not readable when the window was opened: " + start.error().message;
    at_open_ = power();
  }

  trial::Reading read() override {
    const auto grown = total();
    if (!grown) return unknown(info_, grown.error().message);
    trial::Reading reading = reading_of(info_);
    reading.joules = static_cast<double>(*grown) * source_.per_count;
    const Seconds elapsed = clock_.monotonic() - opened_;
    reading.noise = late(*reading.joules, elapsed) + source_.per_count;
    reading.error = source_.relative_error * *reading.joules + reading.noise;
    if (reading.noise > 0.5 * *reading.joules && elapsed < kShort * source_.update) {
      reading.note = fmt::format("{}: too short to resolve, the counter steps every {:g} ms", info_.name,
                                 1e3 * source_.update.value);
    }
    return reading;
  }

 private:
  std::optional<Watts> power() const { return source_.power ? source_.power() : std::nullopt; }

  base::Result<std::uint64_t> total() {
    if (unopened_) return base::fail("{}", *unopened_);
    if (counter_.read_within() < kShortestRange)
      return base::fail("its range of {} is too small to be followed",
                        base::format(static_cast<double>(source_.highest) * source_.per_count));
    const auto raw = source_.read();
    if (!raw) return tl::unexpected(raw.error());
    const Seconds now = clock_.monotonic();
    if (*raw != last_) moved_at_ = now;
    last_ = *raw;
    if (source_.longest_rest && now - moved_at_ > *source_.longest_rest)
      return base::fail("the counter has stood still at {} for {}", *raw, base::format(now - moved_at_));
    return counter_.advance(*raw, now);
  }

  // What the counter may lack at either end.
  Joules late(Joules used, Seconds elapsed) const {
    const auto now = power();
    const Watts mean = elapsed > Seconds(0) ? used / elapsed : Watts(0);
    if (at_open_ && now) return std::max({mean, *at_open_, *now}) * source_.update;
    return 2 * source_.update * (elapsed < kShort * source_.update ? source_.highest_power : mean);
  }

  const DomainInfo& info_;
  const Counter& source_;
  const base::Clock& clock_;
  WrappingCounter counter_;
  Seconds opened_, moved_at_;
  std::optional<std::uint64_t> last_;
  std::optional<Watts> at_open_;
  std::optional<std::string> unopened_;  // why there is no reading to count from
};

}  // namespace

CounterDomain::CounterDomain(DomainInfo info, Counter counter, const base::Clock& clock)
    : info_(std::move(info)), counter_(std::move(counter)), clock_(clock) {
  info_.resolution = counter_.update;
  info_.relative_error = counter_.relative_error;
}

std::unique_ptr<DomainWindow> CounterDomain::open(const Load&) {
  return std::make_unique<CounterWindow>(info_, counter_, clock_);
}

std::optional<Seconds> CounterDomain::read_within() const {
  const Seconds within = 0.5 * WrappingCounter(limits(counter_)).read_within();
  return within > kShortestRange && within < kNeverWraps ? std::optional(within) : std::nullopt;
}

}  // namespace sm2::meter
