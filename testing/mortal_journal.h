// A journal whose tuner may die at either side of a commit: nothing of the batch is kept then, or all of it, and the tuner never
// learns which. What becomes durable is witnessed.
#pragma once

#include "journal/journal.h"
#include "testing/doom.h"
#include "testing/witness.h"

namespace sm2::testing {

class MortalJournal final : public journal::Journal {
 public:
  MortalJournal(journal::Journal& kept, Doom& doom, Witness& witness)
      : kept_(kept), doom_(doom), witness_(witness) {}

  base::Result<> append(std::span<const trial::Event> batch) override {
    if (doom_.strikes()) return dead();
    if (auto appended = kept_.append(batch); !appended) return appended;
    for (const trial::Event& event : batch) witness_.durable(event);
    if (doom_.strikes()) return dead();
    return {};
  }
  base::Result<> visit_from(std::size_t first, const journal::Visitor& visitor) const override {
    return kept_.visit_from(first, visitor);
  }

 private:
  static base::Result<> dead() { return base::fail("the tuner is dead"); }

  journal::Journal& kept_;
  Doom& doom_;
  Witness& witness_;
};

}  // namespace sm2::testing
