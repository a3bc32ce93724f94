// Whether the parameters of another program's trials are those of a space: the same names, values of the same kind in it, and of
// conditional ones those that exist. A value may be written otherwise (64.0 for 64, "true" for true). Trials that do not fit are
// counted by what is first wrong with them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "space/space.h"

namespace sm2::exchange {

class Fitting {
 public:
  explicit Fitting(const space::Space& space) : space_(space) {}

  std::optional<space::Configuration> fit(const std::map<std::string, space::Value>& values);

  // A line for each fault: "3 trials left out: parameter 'width' has values outside of the space, as 1024".
  std::vector<std::string> faults() const;

 private:
  struct Fault {
    std::string words;
    int trials = 0;
  };

  void blame(const std::string& key, std::string words);

  const space::Space& space_;
  std::map<std::string, Fault> faults_;
};

}  // namespace sm2::exchange
