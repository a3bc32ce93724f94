// Requests of users in memory.
#pragma once

#include <algorithm>
#include <vector>

#include "journal/requests.h"

namespace sm2::testing {

class FakeRequests final : public journal::Requests {
 public:
  base::Result<journal::RequestId> ask(const trial::Request& request) override {
    pending_.push_back({++last_, request});
    return last_;
  }
  base::Result<std::vector<journal::Pending>> pending() override { return pending_; }
  base::Result<> settle(journal::RequestId id) override {
    std::erase_if(pending_, [&](const journal::Pending& asked) { return asked.id == id; });
    return {};
  }

 private:
  std::vector<journal::Pending> pending_;
  journal::RequestId last_ = 0;
};

}  // namespace sm2::testing
