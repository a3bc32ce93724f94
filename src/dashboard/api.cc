#include "dashboard/api.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "dashboard/columns.h"
#include "dashboard/curves.h"
#include "dashboard/history.h"
#include "dashboard/openapi.h"
#include "dashboard/overview.h"
#include "dashboard/raw_json.h"
#include "dashboard/shown.h"
#include "dashboard/trial_log.h"
#include "report/json.h"
#include "report/trials_export.h"

namespace sm2::dashboard {
namespace {

constexpr int kMostTrials = 10'000;  // in an answer

Answer json(std::string body) { return {200, "application/json", std::move(body), {}, {}, {}}; }

tl::expected<int, Refusal> number_of(const Call& call, const std::string& name, int least, int most,
                                     int usual) {
  const auto given = call.query.find(name);
  if (given == call.query.end()) return usual;
  const std::string& text = given->second;
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size() && value >= least && value <= most)
    return value;
  return tl::unexpected(Refusal{400, fmt::format("{} is a number from {} to {}.", name, least, most), {}});
}

Answered list(Studies& studies, const Call& call) {
  const auto rows = studies.rows();
  if (!rows) return tl::unexpected(unavailable(rows.error()));
  std::string entries, unreadable;
  std::size_t events = 0;
  std::string states;
  for (const auto& row : *rows) {
    if (!row->trouble.empty()) {
      states += fmt::format(" {}:{}", row->study, row->trouble);
      unreadable += (unreadable.empty() ? "" : ",") +
                    raw::object({{"study", raw::string(row->study)}, {"problem", raw::string(row->trouble)}});
      continue;
    }
    entries += (entries.empty() ? "" : ",") + row->json;
    events += row->events;
    states += fmt::format(" {}:{}:{}", row->study, row->events, row->state);
  }
  const std::string tag = fmt::format("{}.{:x}", events, std::hash<std::string>()(states));
  const std::string others = unreadable.empty() ? "" : ",\"unreadable\":[" + unreadable + "]";
  return tagged(json("{\"studies\":[" + entries + "]" + others + "}\n"), tag, call.request);
}

Answered show(Studies& studies, const Call& call) {
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    return tagged(json(report::show_json(folded.study) + "\n"), folded.tag(), call.request);
  });
}

Answered trials(Studies& studies, const Call& call) {
  const auto after = number_of(call, "after", -1, std::numeric_limits<int>::max(), -1);
  const auto limit = number_of(call, "limit", 1, kMostTrials, kMostTrials);
  if (!after || !limit) return tl::unexpected(after ? limit.error() : after.error());
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    const auto& all = folded.study.state.trials;
    std::vector<std::string> objects;
    auto trial = all.after(*after);
    for (; trial != all.end() && std::ssize(objects) < *limit; ++trial)
      objects.push_back(report::trial_json(folded.study, trial->second));
    const std::string next = trial == all.end() ? "null" : fmt::format("{}", std::prev(trial)->first);
    return tagged(json(fmt::format("{{\"study\":\"{}\",\"events\":{},\"trials\":[{}],\"next\":{}}}\n",
                                   call.names[0], folded.study.state.events, fmt::join(objects, ","), next)),
                  folded.tag(), call.request);
  });
}

Answered one_trial(Studies& studies, const Call& call) {
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    const auto trial = find_trial(folded, call.names[1]);
    if (!trial) return tl::unexpected(trial.error());
    return tagged(json(report::export_trial_json(folded.study, **trial) + "\n"), folded.tag(), call.request);
  });
}

Answered overview(Studies& studies, const Call& call) {
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    return tagged(json(overview_json(folded) + "\n"), folded.tag(), call.request);
  });
}

Answered columns(Studies& studies, const Call& call) {
  const auto limit = number_of(call, "trials", 2, kMostInColumns, kMostInColumns);
  if (!limit) return tl::unexpected(limit.error());
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    return tagged(json(columns_json(folded, static_cast<std::size_t>(*limit)) + "\n"), folded.tag(),
                  call.request);
  });
}

Answered curves(Studies& studies, const Call& call) {
  const auto trials = number_of(call, "trials", 2, kMostCurves, kUsualCurves);
  const auto points = number_of(call, "points", 3, kMostPoints, kUsualPoints);
  if (!trials || !points) return tl::unexpected(trials ? points.error() : trials.error());
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    const auto most = static_cast<std::size_t>(*trials), each = static_cast<std::size_t>(*points);
    return tagged(json(curves_json(folded, most, each) + "\n"), folded.tag(), call.request);
  });
}

Answered history(Studies& studies, const Call& call) {
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    const auto trial = find_trial(folded, call.names[1]);
    if (!trial) return tl::unexpected(trial.error());
    return tagged(json(history_json(folded, **trial) + "\n"), folded.tag(), call.request);
  });
}

Answered log(Studies& studies, const TrialsFolder& folder, const Call& call) {
  trial::TrialId id = 0;
  auto found = shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    const auto trial = find_trial(folded, call.names[1]);
    if (!trial) return tl::unexpected(trial.error());
    id = (*trial)->id;
    return Answer{};
  });
  if (!found) return found;
  auto text = end_of_log(folder(call.names[0]), id);
  if (!text) return tl::unexpected(Refusal{404, "There is no log of this trial on this machine.", {}});
  return Answer{200, "text/plain; charset=utf-8", *std::move(text), {}, {}, {}};
}

}  // namespace

std::vector<Route> api_routes(Studies& studies, TrialsFolder trials_folder) {
  const auto with = [&studies](Answered (*answer)(Studies&, const Call&)) {
    return [&studies, answer](const Call& call) { return answer(studies, call); };
  };
  return {{"/api/v1/studies", with(list)},
          {"/api/v1/studies/{study}", with(show)},
          {"/api/v1/studies/{study}/overview", with(overview)},
          {"/api/v1/studies/{study}/columns", with(columns)},
          {"/api/v1/studies/{study}/curves", with(curves)},
          {"/api/v1/studies/{study}/trials", with(trials)},
          {"/api/v1/studies/{study}/trials/{trial}/history", with(history)},
          {"/api/v1/studies/{study}/trials/{trial}", with(one_trial)},
          {"/api/v1/studies/{study}/trials/{trial}/log",
           [&studies, folder = std::move(trials_folder)](const Call& call) {
             return log(studies, folder, call);
           }},
          {"/api/v1/openapi.json", [](const Call&) -> Answered { return json(std::string(kOpenApi)); }}};
}

}  // namespace sm2::dashboard
