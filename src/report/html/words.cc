#include "report/html/words.h"

#include <fmt/format.h>

#include "report/html/escape.h"

namespace sm2::report::html {

std::string figure(const std::string& text) {
  std::string escaped = escape(text);
  if (const auto at = escaped.find(" +- "); at != std::string::npos) escaped.replace(at, 4, "&nbsp;±&nbsp;");
  return escaped;
}

std::string figure(const Spent& spent) { return figure(text(spent)); }

std::string trial_name(trial::TrialId id) { return fmt::format("trial {}", id); }

std::string configuration(const journal::Trial& trial) { return escape(settings(trial)); }

std::string css_class(Fate fate) {
  switch (fate) {
    case Fate::kWinner:
    case Fate::kBest:
      return "winner";
    case Fate::kFinished:
      return "finished";
    case Fate::kDropped:
      return "dropped";
    case Fate::kFailed:
      return "failed";
    case Fate::kWaiting:
      return "waiting";
  }
  return "waiting";
}

}  // namespace sm2::report::html
