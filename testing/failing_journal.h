// A journal that fails for good at its n-th append and keeps what was durable before: what a kill -9 leaves
// behind.
#pragma once

#include <memory>

#include "journal/journal.h"

namespace sm2::testing {

class FailingJournal final : public journal::Journal {
 public:
  FailingJournal(journal::Journal& kept, int appends) : kept_(kept), left_(appends) {}

  base::Result<> append(std::span<const trial::Event> batch) override {
    if (left_-- <= 0) return base::fail("the journal is gone");
    return kept_.append(batch);
  }
  base::Result<> visit_from(std::size_t first, const journal::Visitor& visitor) const override {
    return kept_.visit_from(first, visitor);
  }

 private:
  journal::Journal& kept_;
  int left_;
};

}  // namespace sm2::testing
