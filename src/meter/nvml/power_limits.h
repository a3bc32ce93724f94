// One power limit for all of a meter's NVIDIA GPUs (power_limit.h), and what the commands do first: undo what a killed
// one left over.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "meter/domain.h"
#include "meter/nvml/power_limit.h"
#include "meter/settings.h"

namespace sm2::meter::nvml {

// Puts the limits back with itself, and says which one it could not put back.
class PowerLimits {
 public:
  using Say = std::function<void(const std::string&)>;

  explicit PowerLimits(Say say) : say_(std::move(say)) {}
  ~PowerLimits();
  PowerLimits(const PowerLimits&) = delete;
  PowerLimits& operator=(const PowerLimits&) = delete;

  // Of every GPU among `domains`, once. Fails when there is none, or when one of them refuses; the others are then put
  // back.
  base::Result<> set(const Settings& settings, const std::vector<DomainInfo>& domains, base::Watts limit,
                     const base::Clock& clock);

 private:
  Say say_;
  std::vector<PowerLimit> limits_;
};

// See undo_left_over of power_limit.h. Costs no more than a look into a folder where nothing is left over.
std::vector<std::string> undo_left_over(const Settings& settings, const base::Clock& clock);

}  // namespace sm2::meter::nvml
