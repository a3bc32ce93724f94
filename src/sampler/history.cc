#include "sampler/history.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace sm2::sampler {

void History::add(int id, Row row) { trials_.push_back({id, std::move(row), {}, {}, {}}); }

void History::tell(int id, const Observation& observation) {
  Trial& trial = *std::ranges::lower_bound(trials_, id, {}, &Trial::id);
  told_ += trial.values.empty();
  const bool finite = observation.value && std::isfinite(*observation.value);
  trial.values[observation.resource] = finite ? observation.value : std::nullopt;
  move_reached(trial);
  const double level = common_resource();
  if (level == level_) return rank(static_cast<std::size_t>(&trial - trials_.data()));
  level_ = level;
  ranking_.clear();
  for (Trial& other : trials_) other.ranked.reset();
  for (std::size_t place = 0; place < trials_.size(); ++place) rank(place);
}

void History::move_reached(Trial& trial) {
  if (trial.reached) reached_.erase(std::ranges::lower_bound(reached_, *trial.reached, std::greater<>()));
  const auto& [resource, value] = *trial.values.rbegin();
  trial.reached = value ? std::optional(resource) : std::nullopt;
  if (value) reached_.insert(std::ranges::upper_bound(reached_, resource, std::greater<>()), resource);
}

double History::common_resource() const {
  if (reached_.empty()) return 0;
  return reached_[std::min(reached_.size(), enough_) - 1];
}

std::vector<std::size_t>::iterator History::position(std::size_t place) {
  return std::ranges::lower_bound(ranking_, place, [this](std::size_t left, std::size_t right) {
    return std::pair(-*trials_[left].ranked, left) < std::pair(-*trials_[right].ranked, right);
  });
}

void History::rank(std::size_t place) {
  Trial& trial = trials_[place];
  if (trial.ranked) ranking_.erase(position(place));
  trial.ranked.reset();
  if (!trial.reached) return;
  const auto at = std::find_if(trial.values.lower_bound(level_), trial.values.end(),
                               [](const auto& told) { return told.second.has_value(); });
  if (at == trial.values.end()) return;
  trial.ranked = at->second;
  ranking_.insert(position(place), place);
}

}  // namespace sm2::sampler
