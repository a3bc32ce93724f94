#include "dashboard/control.h"

#include <fmt/format.h>

#include <cctype>

#include "dashboard/shown.h"
#include "journal/refusal.h"

namespace sm2::dashboard {
namespace {

using trial::Request;
using trial::Wish;

// As sentences of an answer are.
std::string sentence(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + ".";
}

Answered wanted(Studies& studies, const Ask& ask, const Call& call, Wish wish, bool of_trial) {
  Request request{wish, {}};
  const auto possible = shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    if (of_trial) {
      const auto trial = find_trial(folded, call.names[1]);
      if (!trial) return tl::unexpected(trial.error());
      request.trial = (*trial)->id;
    }
    const report::Study& study = folded.study;
    if (const auto refused = journal::refusal(request, study.name, study.state, study.tuner_alive))
      return tl::unexpected(Refusal{409, sentence(*refused), {}});
    return Answer{};
  });
  if (!possible) return possible;
  const auto id = ask(call.names[0], request);
  if (!id) return tl::unexpected(unavailable(id.error()));
  return Answer{202, "application/json", fmt::format("{{\"request\":{}}}\n", *id), {}, {}, {}};
}

}  // namespace

std::vector<Route> control_routes(Studies& studies, const Ask& ask) {
  std::vector<Route> routes;
  for (const Wish wish : {Wish::kPause, Wish::kResume, Wish::kStop}) {
    for (const bool of_trial : {false, true}) {
      routes.push_back(
          {fmt::format("/api/v1/studies/{{study}}/{}{}", of_trial ? "trials/{trial}/" : "", name(wish)),
           [&studies, ask, wish, of_trial](const Call& call) {
             return wanted(studies, ask, call, wish, of_trial);
           },
           "POST"});
    }
  }
  return routes;
}

}  // namespace sm2::dashboard
