#include "objective/pareto.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace sm2::objective {

bool dominates(const Point& a, const Point& b) {
  return std::ranges::equal(a, b, std::greater_equal<>()) && a != b;
}

std::vector<std::size_t> front(const std::vector<Point>& points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(),
                           [&](std::size_t at) -> const Point& { return points[at]; });

  std::vector<std::size_t> members;
  for (const std::size_t at : order) {
    const bool last_decides = points[at].size() <= 2;
    const auto first = last_decides && !members.empty() ? members.end() - 1 : members.begin();
    const bool dominated = std::any_of(
        first, members.end(), [&](std::size_t member) { return dominates(points[member], points[at]); });
    if (!dominated) members.push_back(at);
  }
  return members;
}

}  // namespace sm2::objective
