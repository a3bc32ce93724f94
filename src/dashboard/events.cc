#include "dashboard/events.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <chrono>

#include "dashboard/shown.h"
#include "report/json.h"

namespace sm2::dashboard {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kSilence{15};  // after which a comment says that the stream lives
constexpr const char* kBegin = "retry: 2000\n\n";

// Places for streams: each is held by one, for as long as that lives.
class Seats {
 public:
  // None where all are taken.
  std::shared_ptr<void> take() {
    if (taken_->fetch_add(1) < kMostStreams) {
      return std::shared_ptr<void>(taken_.get(), [taken = taken_](void*) { --*taken; });
    }
    --*taken_;
    return nullptr;
  }

 private:
  std::shared_ptr<std::atomic<int>> taken_ = std::make_shared<std::atomic<int>>(0);
};

// What one client has been told.
struct Told {
  std::shared_ptr<void> seat;
  std::string study;
  std::size_t after = 0;
  std::string state;
  Clock::time_point last = Clock::now();
};

std::optional<std::string> look(Studies& studies, Told& told) {
  std::string text;
  const auto tell = [&](const Folded& folded) {
    if (folded.study.state.events == told.after && folded.state() == told.state) return;
    if (folded.study.state.events < told.after) told.after = 0;  // it is another study by that name
    text = message(folded, told.after);
    told.state = folded.state();
  };
  const auto seen = studies.see(told.study, tell);
  if (seen && (!seen->there || !seen->trouble.empty()))
    return {};  // the store may be back soon, they are not
  if (text.empty() && Clock::now() - told.last < kSilence) return text;
  told.last = Clock::now();
  return text.empty() ? ":\n\n" : text;
}

// Where the client left off, or wants to begin.
tl::expected<std::size_t, Refusal> beginning(const Call& call, std::size_t now) {
  std::string_view text = call.request.value("last-event-id");
  const auto given = call.query.find("after");
  if (text.empty() && given != call.query.end()) text = given->second;
  if (text.empty()) return now;
  std::size_t after = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), after);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) return after;
  return tl::unexpected(Refusal{400, "after, and Last-Event-ID, are the number of an event.", {}});
}

Answered events(Studies& studies, Seats& seats, const Call& call) {
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    const auto after = beginning(call, folded.study.state.events);
    if (!after) return tl::unexpected(after.error());
    const auto told = std::make_shared<Told>();
    told->seat = seats.take();
    if (!told->seat) {
      return tl::unexpected(
          Refusal{503, fmt::format("All {} streams are taken.", kMostStreams), {{"Retry-After", "10"}}});
    }
    told->study = call.names[0];
    told->after = *after;
    return Answer{
        200, "text/event-stream", kBegin, {}, {}, [&studies, told] { return look(studies, *told); }};
  });
}

}  // namespace

std::string message(const Folded& folded, std::size_t& after) {
  std::vector<std::string> trials;
  const auto changed = folded.changed_after(after);
  std::size_t last = folded.study.state.events;
  for (const auto& [event, trial] : changed) {
    if (trials.size() == kMostInAMessage) break;
    trials.push_back(report::trial_json(folded.study, folded.study.state.trials.at(trial)));
    if (changed.size() > kMostInAMessage) last = event;
  }
  after = last;
  return fmt::format("id: {0}\ndata: {{\"events\":{0},\"study\":{1},\"trials\":[{2}]}}\n\n", last,
                     report::show_json(folded.study), fmt::join(trials, ","));
}

std::vector<Route> event_routes(Studies& studies) {
  const auto seats = std::make_shared<Seats>();
  return {{"/api/v1/studies/{study}/events",
           [&studies, seats](const Call& call) { return events(studies, *seats, call); }}};
}

}  // namespace sm2::dashboard
