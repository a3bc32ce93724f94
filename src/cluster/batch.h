// A batch system that runs workers as jobs. Calls may take seconds; from one thread at a time.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace sm2::cluster {

class Batch {
 public:
  virtual ~Batch() = default;

  // How many of the study's jobs run, or wait to.
  virtual base::Result<int> alive() = 0;
  virtual base::Result<> submit(int jobs) = 0;
  virtual base::Result<> cancel() = 0;  // all of them
  virtual std::string where_logs_are() const = 0;
};

}  // namespace sm2::cluster
