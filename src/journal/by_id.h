// Records by the id of their trial, in the order of ids and with the names of std::map. Ids that come as a study's do, 0, 1, 2, ...,
// are added and found in constant time, and leave references to the others valid; any other, as damaged stores have, is
// put in its place.
#pragma once

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>

#include "trial/decision.h"

namespace sm2::journal {

template <class Record>
class ById {
 public:
  using value_type = std::pair<trial::TrialId, Record>;
  using iterator = typename std::deque<value_type>::iterator;
  using const_iterator = typename std::deque<value_type>::const_iterator;

  bool empty() const { return records_.empty(); }
  std::size_t size() const { return records_.size(); }
  iterator begin() { return records_.begin(); }
  iterator end() { return records_.end(); }
  const_iterator begin() const { return records_.begin(); }
  const_iterator end() const { return records_.end(); }

  iterator find(trial::TrialId id) { return found(records_, id); }
  const_iterator find(trial::TrialId id) const { return found(records_, id); }
  bool contains(trial::TrialId id) const { return find(id) != end(); }

  const_iterator after(trial::TrialId id) const {  // the first with a greater one
    const auto place = lower(records_, id);
    return place != end() && place->first == id ? std::next(place) : place;
  }

  Record& at(trial::TrialId id) { return known(*this, id); }  // throws std::out_of_range
  const Record& at(trial::TrialId id) const { return known(*this, id); }
  Record& operator[](trial::TrialId id) {
    auto place = lower(records_, id);
    if (place == end() || place->first != id) place = records_.emplace(place, id, Record());
    return place->second;
  }

 private:
  // Where the id is, or would be.
  static auto lower(auto& records, trial::TrialId id) {
    const auto index = static_cast<std::size_t>(id);
    if (id >= 0 && index < records.size() && records[index].first == id) return records.begin() + id;
    if (records.empty() || records.back().first < id) return records.end();
    return std::ranges::lower_bound(records, id, {}, &value_type::first);
  }
  static auto found(auto& records, trial::TrialId id) {
    const auto place = lower(records, id);
    return place != records.end() && place->first == id ? place : records.end();
  }
  static auto& known(auto& self, trial::TrialId id) {
    const auto place = self.find(id);
    if (place == self.end()) throw std::out_of_range("there is no such trial");
    return place->second;
  }

  std::deque<value_type> records_;
};

}  // namespace sm2::journal
