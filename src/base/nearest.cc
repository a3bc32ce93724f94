#include "base/nearest.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace sm2::base {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view misspelt, std::span<const std::string> known) {
  std::optional<std::string> best;
  std::size_t least = 0;
  for (const std::string& name : known) {
    const auto [shorter, longer] = std::minmax({misspelt.size(), name.size()});
    const std::size_t allowed = (longer + 2) / 3;
    if (longer - shorter > allowed) continue;  // at least so many letters are to be added: no need to count
    const std::size_t distance = edit_distance(misspelt, name);
    if (distance <= allowed && (!best || distance < least)) {
      best = name;
      least = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view misspelt, std::span<const std::string> known) {
  const auto meant = nearest(misspelt, known);
  return meant ? "did you mean '" + *meant + "'? " : "";
}

}  // namespace sm2::base
