// Many configurations of one space in little room, for strategies that may have to come back to any of a
// million: eight bytes for each parameter, where a map of names takes over a hundred. Configurations must be
// contained in the space, and come out as they went in.
#pragma once

#include <cstdint>
#include <vector>

#include "space/space.h"

namespace sm2::strategy {

class Packed {
 public:
  explicit Packed(std::vector<space::Parameter> parameters) : parameters_(std::move(parameters)) {}

  void add(const space::Configuration& configuration);
  space::Configuration at(std::size_t index) const;  // in the order they were added

 private:
  std::vector<space::Parameter> parameters_;
  std::vector<std::uint64_t> words_;  // parameters_.size() for each configuration
};

}  // namespace sm2::strategy
