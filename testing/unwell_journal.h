// A journal that cannot take anything for a while, by a clock that its appends may move on, and that insists on its
// contract: after a transient error the same batch comes again before any other.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "journal/codec.h"
#include "journal/journal.h"
#include "testing/fake_clock.h"

namespace sm2::testing {

class UnwellJournal final : public journal::Journal {
 public:
  UnwellJournal(journal::Journal& kept, FakeClock& clock) : kept_(kept), clock_(clock) {}

  void fail_from(base::Seconds begin, base::Seconds end) { begin_ = begin, end_ = end; }
  void forget() { begin_ = end_ = base::Seconds(0), refused_.clear(); }  // as after a restart
  void fail_with(std::string reason, bool transient) { error_ = {std::move(reason)}, transient_ = transient; }
  void take(base::Seconds time) { takes_ = time; }  // for an append

  base::Result<> append(std::span<const trial::Event> batch) override {
    clock_.advance(takes_);
    ++tries;
    const auto now = stored(batch);
    if (!refused_.empty()) {
      EXPECT_EQ(now, refused_);
    }
    const bool well = clock_.monotonic() < begin_ || clock_.monotonic() >= end_;
    refused_ = well ? std::vector<std::string>() : now;
    if (!well) return tl::unexpected(error_);
    return kept_.append(batch);
  }
  bool transient() const override { return transient_; }
  base::Result<> visit_from(std::size_t first, const journal::Visitor& visitor) const override {
    return kept_.visit_from(first, visitor);
  }

  int tries = 0;

 private:
  static std::vector<std::string> stored(std::span<const trial::Event> batch) {
    std::vector<std::string> bodies;
    for (const trial::Event& event : batch)
      bodies.push_back(journal::kind(event.body) + " " + journal::encode(event.body));
    return bodies;
  }

  journal::Journal& kept_;
  FakeClock& clock_;
  base::Seconds begin_, end_, takes_;
  base::Error error_{"store: no space is left for it"};
  bool transient_ = true;
  std::vector<std::string> refused_;
};

}  // namespace sm2::testing
