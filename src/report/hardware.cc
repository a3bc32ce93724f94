#include "report/hardware.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sm2::report {

std::vector<std::string> hardware(const journal::StudyState& state, const journal::Trial& trial) {
  std::vector<std::string> kinds;
  for (const int kind : trial.hardware) kinds.push_back(state.hardware.at(static_cast<std::size_t>(kind)));
  return kinds;
}

std::optional<std::string> compared_on(const journal::StudyState& state) {
  if (state.hardware.size() < 2) return {};
  return state.hardware.front();
}

std::vector<RanOn> ran_on(const journal::StudyState& state) {
  std::vector<RanOn> kinds;
  for (const std::string& kind : state.hardware) kinds.push_back({kind, 0, {}});
  for (const auto& [id, trial] : state.trials) {
    for (const int kind : trial.hardware) {
      RanOn& on = kinds.at(static_cast<std::size_t>(kind));
      ++on.trials;
      if (!on.ranges.empty() && on.ranges.back().second + 1 == id) {
        on.ranges.back().second = id;
      } else {
        on.ranges.emplace_back(id, id);
      }
    }
  }
  return kinds;
}

std::string holds_for(const journal::StudyState& state, const journal::Trial& trial) {
  std::string text = fmt::format("{}", fmt::join(hardware(state, trial), ", then "));
  if (const auto reference = compared_on(state)) {
    text += fmt::format(" (trials ran on {} kinds of hardware; their energy was compared as on {})",
                        state.hardware.size(), *reference);
  }
  return text;
}

}  // namespace sm2::report
