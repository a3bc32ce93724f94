#include "objective/hypervolume.h"

#include <algorithm>
#include <functional>
#include <iterator>

namespace sm2::objective {
namespace {

double box(const Point& point, const Point& reference) {
  double volume = 1;
  for (std::size_t axis = 0; axis < point.size(); ++axis) volume *= point[axis] - reference[axis];
  return volume;
}

// Members come from the highest on the first axis down, so the second grows.
double area(const std::vector<Point>& members, const Point& reference) {
  double sum = 0, covered = reference[1];
  for (const Point& member : members) {
    sum += (member[0] - reference[0]) * (member[1] - covered);
    covered = member[1];
  }
  return sum;
}

std::vector<Point> front_points(const std::vector<Point>& points) {
  std::vector<Point> members;
  for (const std::size_t at : front(points)) members.push_back(points[at]);
  return members;
}

double volume(const std::vector<Point>& members, const Point& reference) {
  if (reference.size() == 2) return area(members, reference);
  double sum = 0;
  for (std::size_t at = 0; at < members.size(); ++at) {
    std::vector<Point> limited;
    for (std::size_t later = at + 1; later < members.size(); ++later) {
      Point both(reference.size());
      std::ranges::transform(members[at], members[later], both.begin(),
                             [](double a, double b) { return std::min(a, b); });
      limited.push_back(std::move(both));
    }
    sum += box(members[at], reference) - volume(front_points(limited), reference);
  }
  return sum;
}

}  // namespace

double hypervolume(const std::vector<Point>& points, const Point& reference) {
  std::vector<Point> above;
  std::ranges::copy_if(points, std::back_inserter(above), [&](const Point& point) {
    return std::ranges::equal(point, reference, std::greater<>());
  });
  return volume(front_points(above), reference);
}

}  // namespace sm2::objective
