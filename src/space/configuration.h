// A point of the search space: a value for every active parameter, by name. Inactive conditional parameters
// are absent. Compares by value, hashes, and reads and writes JSON; the order of parameters does not matter.
#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "space/value.h"

namespace sm2::space {

using Configuration = std::map<std::string, Value>;

nlohmann::json to_json(const Configuration& configuration);
Configuration configuration_from_json(const nlohmann::json& json);

std::string describe(const Configuration& configuration);  // "batch_size=64 learning_rate=0.01"

struct ConfigurationHash {
  std::size_t operator()(const Configuration& configuration) const;
};

}  // namespace sm2::space
