#include "cli/tune_pause.h"

#include <tuple>

namespace sm2::cli {
namespace {

constexpr base::Seconds kLook{1};

// The first request that ends the pause. What holds already is settled on the way; those of trials are for the study, and one to
// resume it likewise, which settles it when it has begun again.
std::optional<trial::Wish> look(journal::Requests& requests) {
  const auto pending = requests.pending();
  if (!pending) return {};  // the store is out of reach
  for (const auto& [id, request] : *pending) {
    if (request.trial) continue;
    if (request.wish == trial::Wish::kResume) return request.wish;
    std::ignore = requests.settle(id);  // where it cannot be, it is left aside by the next tuner
    if (request.wish == trial::Wish::kStop) return request.wish;
  }
  return {};
}

}  // namespace

std::optional<study::Conclusion> wait_to_go_on(journal::Requests& requests, runner::Runner& runner,
                                               const std::function<bool()>& leaving) {
  while (!leaving()) {
    runner.wait(kLook);
    const auto wish = look(requests);
    if (wish == trial::Wish::kResume) return {};
    if (wish == trial::Wish::kStop) return study::Conclusion{"interrupted", "stopped by the user", {}};
  }
  return study::Conclusion{"interrupted", "ended by the user", {}};
}

}  // namespace sm2::cli
