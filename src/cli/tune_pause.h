// The time in which a study is paused by its user, between two sessions of one tuner.
#pragma once

#include <functional>
#include <optional>

#include "journal/requests.h"
#include "runner/runner.h"
#include "study/study.h"

namespace sm2::cli {

// Waits until the study is to go on. What it came to where it is to end instead, as a request or `leaving` has it. `runner` has no
// trial, and keeps up with workers meanwhile.
std::optional<study::Conclusion> wait_to_go_on(journal::Requests& requests, runner::Runner& runner,
                                               const std::function<bool()>& leaving);

}  // namespace sm2::cli
