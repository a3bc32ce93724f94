// What a training sample costs, by batch size: a cost per step, shared by its samples, and a cost per sample. In joules, or in
// seconds where no energy is known.
#pragma once

#include <optional>
#include <vector>

#include "trial/report.h"

namespace sm2::strategy {

struct SampleCost {
  double batch_size = 1;
  double cost = 0;
};

// As a stretch showed it; nothing where it did not.
std::optional<double> sample_cost(const trial::Stretch& stretch, bool by_time);

// Of a batch size that was not seen, fitted to the two smallest of `known` (ascending); 1 where none is known.
double sample_cost(const std::vector<SampleCost>& known, double batch_size);

}  // namespace sm2::strategy
