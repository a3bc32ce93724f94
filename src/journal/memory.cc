#include "journal/memory.h"

namespace sm2::journal {
namespace {

class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(std::shared_ptr<std::vector<trial::Event>> events) : events_(std::move(events)) {}

  base::Result<> append(std::span<const trial::Event> batch) override {
    events_->insert(events_->end(), batch.begin(), batch.end());
    return {};
  }
  base::Result<> visit_from(std::size_t first, const Visitor& visitor) const override {
    for (std::size_t at = first - 1; at < events_->size(); ++at) {
      if (auto seen = visitor((*events_)[at]); !seen) return seen;
    }
    return {};
  }

 private:
  std::shared_ptr<std::vector<trial::Event>> events_;
};

}  // namespace

base::Result<std::vector<std::string>> MemoryStore::studies() const { return names_; }

base::Result<std::vector<Length>> MemoryStore::lengths() const {
  std::vector<Length> all;
  for (const std::string& name : names_) all.push_back({name, events_.at(name)->size()});
  return all;
}

base::Result<std::unique_ptr<Journal>> MemoryStore::create(std::string_view study) {
  if (events_.contains(study)) return base::fail("study '{}' exists already", study);
  names_.emplace_back(study);
  events_.emplace(study, std::make_shared<std::vector<trial::Event>>());
  return open(study);
}

base::Result<std::unique_ptr<Journal>> MemoryStore::open(std::string_view study) {
  const auto found = events_.find(study);
  if (found == events_.end()) return base::fail("there is no study '{}'", study);
  return std::make_unique<MemoryJournal>(found->second);
}

}  // namespace sm2::journal
