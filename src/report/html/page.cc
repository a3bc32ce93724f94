#include "report/html/page.h"

#include <fmt/format.h>

#include "report/html/answer.h"
#include "report/html/bars.h"
#include "report/html/candidates.h"
#include "report/html/curves.h"
#include "report/html/escape.h"
#include "report/html/method.h"
#include "report/html/style.h"
#include "report/summary.h"

namespace sm2::report::html {
namespace {

std::string section(std::string_view id, std::string_view heading, std::string_view say,
                    const std::string& content) {
  return fmt::format("<section class=\"card\" id=\"{}\"><h2>{}</h2>{}{}</section>", id, heading,
                     say.empty() ? "" : fmt::format("<p class=\"say\">{}</p>", say), content);
}

std::string head(const Study& study) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>{} – SM2 "
      "report</title><style>{}</style></head>",
      escape(study.name), kStyle);
}

}  // namespace

std::string page(const Study& study) {
  const Summary summary = summarize(study.spec, study.state, study.tuner_alive);
  std::string all = head(study) + "<body><main>\n" + headline(study, summary);
  all += "<div class=\"first\">" + best_card(study, summary) + cost_card(study, summary) +
         dropped_card(study, summary) + "</div>\n";
  all += section("curves", "Learning against energy",
                 "Further left is cheaper. A line begins where its trial was first evaluated.",
                 curves(study, summary)) +
         "\n";
  all += section("energy", "Energy by candidate",
                 "A bar is split where a stretch of training ended; the thin line is the uncertainty.",
                 bars(study, summary)) +
         "\n";
  all += section("candidates", "All candidates", "", candidates(study, summary)) + "\n";
  all += section("method", "How it was measured", "", method(study, summary)) + "\n";
  all += section("file", "The study file", "", study_file(study)) + "\n";
  return all + "</main></body></html>\n";
}

}  // namespace sm2::report::html
