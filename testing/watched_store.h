// Opens a memory store that outlives it, counts the events that are read of it, and fails when told.
#pragma once

#include <memory>
#include <string>

#include "journal/memory.h"

namespace sm2::testing {

struct Watch {
  journal::MemoryStore store;
  int opened = 0, looks = 0;  // at lengths()
  std::size_t events_read = 0;
  std::string out_of_reach;  // why; empty: it is there
  bool current = true;
};

class WatchedJournal final : public journal::Journal {
 public:
  WatchedJournal(std::unique_ptr<journal::Journal> kept, Watch& watch)
      : kept_(std::move(kept)), watch_(watch) {}
  base::Result<> append(std::span<const trial::Event> batch) override { return kept_->append(batch); }
  base::Result<> visit_from(std::size_t first, const journal::Visitor& visitor) const override {
    return kept_->visit_from(first, [&](const trial::Event& event) {
      ++watch_.events_read;
      return visitor(event);
    });
  }

 private:
  std::unique_ptr<journal::Journal> kept_;
  Watch& watch_;
};

class WatchedStore final : public journal::Store {
 public:
  static base::Result<std::unique_ptr<journal::Store>> open(Watch& watch) {
    if (!watch.out_of_reach.empty()) return base::fail("{}", watch.out_of_reach);
    ++watch.opened;
    return std::unique_ptr<journal::Store>(new WatchedStore(watch));
  }

  base::Result<std::vector<std::string>> studies() const override { return watch_.store.studies(); }
  base::Result<std::vector<journal::Length>> lengths() const override {
    if (!watch_.out_of_reach.empty()) return base::fail("{}", watch_.out_of_reach);
    ++watch_.looks;
    return watch_.store.lengths();
  }
  bool current() const override { return watch_.current; }
  base::Result<std::unique_ptr<journal::Journal>> create(std::string_view study) override {
    return watch_.store.create(study);
  }
  base::Result<std::unique_ptr<journal::Journal>> open(std::string_view study) override {
    auto kept = watch_.store.open(study);
    if (!kept) return kept;
    return std::make_unique<WatchedJournal>(*std::move(kept), watch_);
  }

 private:
  explicit WatchedStore(Watch& watch) : watch_(watch) {}
  Watch& watch_;
};

}  // namespace sm2::testing
