// Fewer points of a curve that look like all of them: largest triangle three buckets (Steinarsson 2013, "Downsampling Time
// Series for Visual Representation", University of Iceland). Between the ends, the points are split into buckets of equal
// count, and of each that one is kept which spans the largest triangle with the one kept before and the mean of the next bucket.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sm2::report {

struct Place {
  double x = 0, y = 0;  // finite
};

// Which to keep, in order: all where they are at most `most`, else `most` of them (3 at least), both ends included.
std::vector<std::size_t> downsample(std::span<const Place> curve, std::size_t most);

}  // namespace sm2::report
