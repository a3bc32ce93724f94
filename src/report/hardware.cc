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

std::string holds_for(const journal::StudyState& state, const journal::Trial& trial) {
  std::string text = fmt::format("{}", fmt::join(hardware(state, trial), ", then "));
  if (const auto reference = compared_on(state)) {
    text += fmt::format(" (trials ran on {} kinds of hardware; their energy was compared as on {})",
                        state.hardware.size(), *reference);
  }
  return text;
}

}  // namespace sm2::report
