// The time in which a study is paused by its user, between two sessions of one tuner.
#pragma once

#include <functional>
#include <optional>

#include "journal/requests.h"
#include "runner/runner.h"

namespace sm2::cli {

// Waits for the request by which the study goes on. Nothing: it is to end, as one of them or `leaving` says. `runner` has no
// trial, and keeps up with workers meanwhile.
std::optional<journal::RequestId> wait_to_go_on(journal::Requests& requests, runner::Runner& runner,
                                                const std::function<bool()>& leaving);

}  // namespace sm2::cli
