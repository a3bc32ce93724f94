// Several meters read side by side as one; they must not overlap (sources.h sees to that).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "meter/meter.h"

namespace sm2::meter {

class Combined final : public Meter {
 public:
  explicit Combined(std::vector<std::unique_ptr<Meter>> meters) : meters_(std::move(meters)) {}

  std::unique_ptr<Window> open(Load load) override;
  std::vector<Source> sources() const override;

 private:
  std::vector<std::unique_ptr<Meter>> meters_;
};

}  // namespace sm2::meter
