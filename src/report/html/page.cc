#include "report/html/page.h"

#include <fmt/format.h>

#include "report/html/answer.h"
#include "report/html/bars.h"
#include "report/html/candidates.h"
#include "report/html/curves.h"
#include "report/html/escape.h"
#include "report/html/method.h"
#include "report/html/rules.h"
#include "report/html/style.h"
#include "report/summary.h"

namespace sm2::report::html {
namespace {

std::string section(std::string_view id, std::string_view heading, std::string_view say,
                    const std::string& content) {
  return fmt::format("<section class=\"card\" id=\"{}\"><h2>{}</h2>{}{}</section>", id, heading,
                     say.empty() ? "" : fmt::format("<p class=\"say\">{}</p>", say), content);
}

constexpr std::string_view kPolicy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">";

std::string from_server(const Served& served) {
  const std::string icon = "<link rel=\"icon\" href=\"data:,\">";  // none: browsers ask for one else
  if (!served.refresh) return icon;
  return icon + fmt::format("<meta http-equiv=\"refresh\" content=\"{:.0f}\">", served.refresh->value);
}

std::string head(const Study& study, const Rules& rules, const std::optional<Served>& served) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{}"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>{} – SM2 "
      "report</title><style{}>{}{}</style></head>",
      served ? from_server(*served) : std::string(kPolicy), escape(study.name),
      served ? fmt::format(" nonce=\"{}\"", served->nonce) : "", kStyle, rules.css());
}

std::string_view way_back(const std::optional<Served>& served) {
  return served ? "<nav><a href=\"/report\">All studies</a></nav>" : "";
}

}  // namespace

std::string page(const Study& study, const std::optional<Served>& served) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  const std::size_t most = served ? served->most_trials : study.state.trials.size();
  Rules rules;
  std::string all = fmt::format("<body><main>\n{}", way_back(served)) + headline(study, summary);
  all += "<div class=\"first\">" + best_card(study, summary) + cost_card(study, summary, rules) +
         dropped_card(study, summary) + "</div>\n";
  all += section("curves", "Learning against energy",
                 "Further left is cheaper. A line begins where its trial was first evaluated.",
                 curves(study, summary, most)) +
         "\n";
  all += section("energy", "Energy by candidate",
                 "A bar is split where a stretch of training ended; the thin line is the uncertainty.",
                 bars(study, summary, rules)) +
         "\n";
  all += section("candidates", "All candidates", "", candidates(study, summary, most)) + "\n";
  all += section("method", "How it was measured", "", method(study, summary)) + "\n";
  all += section("file", "The study file", "", study_file(study)) + "\n";
  return head(study, rules, served) + all + "</main></body></html>\n";
}

}  // namespace sm2::report::html
