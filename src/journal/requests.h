// What users ask of a study's tuner, by other programs, on its way there: kept in the store until the tuner has made durable
// what it came to: a tuner that dies before may carry it out or not. Contract held by tests/contract/requests_test.cc.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "trial/request.h"

namespace sm2::journal {

using RequestId = std::int64_t;  // never used twice in a store

struct Pending {
  RequestId id = 0;
  trial::Request request;
  bool operator==(const Pending&) const = default;
};

class Requests {
 public:
  virtual ~Requests() = default;
  virtual base::Result<RequestId> ask(const trial::Request& request) = 0;  // durable when it returns
  virtual base::Result<std::vector<Pending>> pending() = 0;                // of the study, oldest first
  virtual base::Result<> settle(RequestId id) = 0;                         // once more changes nothing
};

}  // namespace sm2::journal
