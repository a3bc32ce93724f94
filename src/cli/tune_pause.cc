#include "cli/tune_pause.h"

#include <algorithm>
#include <tuple>

namespace sm2::cli {
namespace {

constexpr base::Seconds kLook{1};

// The last request of the study as a whole, which is the one that counts.
std::optional<journal::Pending> last_of_study(journal::Requests& requests) {
  const auto pending = requests.pending();
  if (!pending) return {};  // the store is out of reach
  const auto of_study = [](const journal::Pending& asked) { return !asked.request.trial; };
  const auto last = std::find_if(pending->rbegin(), pending->rend(), of_study);
  return last == pending->rend() ? std::nullopt : std::optional(*last);
}

}  // namespace

std::optional<journal::RequestId> wait_to_go_on(journal::Requests& requests, runner::Runner& runner,
                                                const std::function<bool()>& leaving) {
  while (!leaving()) {
    runner.wait(kLook);
    const auto last = last_of_study(requests);
    if (!last || last->request.wish == trial::Wish::kPause) continue;
    if (last->request.wish == trial::Wish::kResume) return last->id;
    std::ignore = requests.settle(last->id);  // where it cannot be, the next tuner does so
    break;
  }
  return {};
}

}  // namespace sm2::cli
