// What changes in a study, as server-sent events (HTML, 9.2): each message has the number of the last event that it tells of
// as its id, the study as sm2 show --json has it, and the trials that changed since the message before, as sm2 trials --json
// has them. A client that comes back with Last-Event-ID, or begins with ?after=NUMBER, misses nothing; without either it
// begins with what is to come.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "dashboard/folded.h"
#include "dashboard/router.h"
#include "dashboard/studies.h"

namespace sm2::dashboard {

inline constexpr int kMostStreams = 16;
inline constexpr std::size_t kMostInAMessage = 200;  // trials; the next message has the others

// A message of what changed after `after`, which moves to its id.
std::string message(const Folded& folded, std::size_t& after);

std::vector<Route> event_routes(Studies& studies);

}  // namespace sm2::dashboard
