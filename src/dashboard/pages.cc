#include "dashboard/pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.h"
#include "config/study_file.h"
#include "dashboard/page_frame.h"
#include "dashboard/secret.h"
#include "dashboard/shown.h"
#include "report/figures.h"
#include "report/html/escape.h"
#include "report/html/page.h"
#include "report/html/style.h"
#include "report/html/words.h"

namespace sm2::dashboard {
namespace {

using report::html::escape;

constexpr base::Seconds kWhileRunning{5}, kOtherwise{30};
constexpr const char* kHtml = "text/html; charset=utf-8";

constexpr std::string_view kOwnStyle = R"css(
.studies th[scope=row]{font-size:1rem;overflow-wrap:anywhere}.studies td{padding-top:.45rem;padding-bottom:.45rem}
.studies .state{margin:0}.trouble{color:var(--soft)}
)css";

std::string page(const std::string& title, const std::string& nonce, const std::string& refresh,
                 const std::string& content) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><link rel=\"icon\" href=\"data:,\">{}"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>{} – SM2</title><style "
      "nonce=\"{}\">{}{}</style>"
      "</head><body><main>\n{}\n</main></body></html>\n",
      refresh, title, nonce, report::html::kStyle, kOwnStyle, content);
}

std::string named(const std::string& study) {
  const std::string shown = escape(study);
  return config::is_name(study) ? fmt::format("<a href=\"/studies/{0}/report\">{0}</a>", shown) : shown;
}

// Where an energy comes from; of none nothing is to be said.
std::string origin(const report::Summary& summary) {
  if (summary.energy.empty()) return "";
  return fmt::format("<br><small>{}</small>", escape(report::provenance(summary.energy)));
}

std::string best_text(const Row& row) {
  return fmt::format("{} {}", escape(row.metric), report::metric_text(row.best));
}

std::string line(const Row& row) {
  if (!row.trouble.empty()) {
    return fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"trouble\" colspan=\"5\">cannot be read: {}</td></tr>",
        named(row.study), escape(row.trouble));
  }
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td><span class=\"state {}\">{}</span></td>"
      "<td class=\"n\" data-name=\"trials\">{}</td><td class=\"n\" data-name=\"energy\">{}{}</td>"
      "<td class=\"n\" data-name=\"best\">{}</td><td class=\"n\" data-name=\"begun\">{}</td></tr>",
      named(row.study), row.summary.decided ? "done" : "open", escape(row.state), row.summary.trials.all(),
      report::html::figure(row.summary.total), origin(row.summary), row.best ? best_text(row) : "–",
      report::date_text(row.created));
}

std::string table(const std::vector<std::shared_ptr<const Row>>& rows) {
  std::string all =
      "<div class=\"scroll\"><table class=\"studies\"><thead><tr><th scope=\"col\">study</th><th "
      "scope=\"col\">state</th><th scope=\"col\" class=\"n\">trials</th><th scope=\"col\" "
      "class=\"n\">energy</th>"
      "<th scope=\"col\" class=\"n\">best so far</th><th scope=\"col\" "
      "class=\"n\">begun</th></tr></thead><tbody>";
  const std::size_t shown = std::min(rows.size(), kMostListed);
  for (std::size_t at = 0; at < shown; ++at) all += line(*rows[rows.size() - 1 - at]);
  all += "</tbody></table></div>";
  if (shown == rows.size()) return all;
  return all +
         fmt::format("<p class=\"note\">and {} earlier ones, which sm2 list shows</p>", rows.size() - shown);
}

std::string refresh_after(base::Seconds time) {
  return fmt::format("<meta http-equiv=\"refresh\" content=\"{:.0f}\">", time.value);
}

Answer html(std::string body, const std::string& nonce) {
  return {200, kHtml, std::move(body), {}, nonce, {}};
}

Answer scripted(const std::string& title, const std::string& plain, const Studies& studies, bool controls) {
  const std::string nonce = random_text();
  Answer answer = html(framed({title, plain, studies.store_name(), nonce, controls}), nonce);
  answer.scripted = true;
  return answer;
}

Answered study_report(Studies& studies, const Call& call) {
  return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
    report::html::Served served;
    served.nonce = random_text();
    if (folded.study.tuner_alive) served.refresh = kWhileRunning;
    return html(report::html::page(folded.study, served), served.nonce);
  });
}

}  // namespace

std::string list_page(const std::vector<std::shared_ptr<const Row>>& rows, const std::string& store,
                      const std::string& nonce) {
  const bool running = std::ranges::any_of(rows, [](const auto& row) { return row->state == "running"; });
  const std::string content =
      rows.empty()
          ? "<p class=\"empty\">There is no study yet; <code>sm2 tune STUDY.toml</code> begins one.</p>"
          : table(rows);
  return page(
      "Studies", nonce, refresh_after(running ? kWhileRunning : kOtherwise),
      fmt::format("<header><p class=\"brand\">SM2</p><h1>Studies</h1><p class=\"aside\">{}</p></header>"
                  "<section class=\"card\">{}</section>",
                  escape(store), content));
}

Answer refusal_page(const Refusal& refusal) {
  const std::string nonce = random_text();
  const bool passes = refusal.status == 503;
  Answer answer =
      html(page(std::string(title(refusal.status)), nonce, passes ? refresh_after(kWhileRunning) : "",
                fmt::format("<nav><a href=\"/\">All studies</a></nav><header><p class=\"brand\">SM2</p>"
                            "<h1>{}</h1><p class=\"lead\">{}</p></header>",
                            title(refusal.status), escape(refusal.detail))),
           nonce);
  answer.status = refusal.status;
  answer.headers = refusal.headers;
  return answer;
}

namespace {

std::vector<Route> plain_routes(Studies& studies, const std::string& list, const std::string& study) {
  return {{list,
           [&studies](const Call&) -> Answered {
             const auto rows = studies.rows();
             if (!rows) return tl::unexpected(unavailable(rows.error()));
             const std::string nonce = random_text();
             return html(list_page(*rows, studies.store_name(), nonce), nonce);
           }},
          {study, [&studies](const Call& call) { return study_report(studies, call); }}};
}

std::vector<Route> scripted_routes(Studies& studies, Assets assets, bool controls) {
  const auto list = [&studies, controls](const std::string& title) {
    return [&studies, controls, title](const Call&) -> Answered {
      if (const auto rows = studies.rows(); !rows) return tl::unexpected(unavailable(rows.error()));
      return scripted(title, "/report", studies, controls);
    };
  };
  const auto study = [&studies, controls](const Call& call) {
    return shown(studies, call.names[0], [&](const Folded& folded) -> Answered {
      if (call.names.size() > 1) {
        if (const auto trial = find_trial(folded, call.names[1]); !trial)
          return tl::unexpected(trial.error());
      }
      return scripted(folded.study.name, fmt::format("/studies/{}/report", folded.study.name), studies,
                      controls);
    });
  };
  const auto asset = [](const char* type, std::string_view text) {
    return [type, text](const Call&) -> Answered { return Answer{200, type, std::string(text), {}, {}, {}}; };
  };
  return {{"/", list("Studies")},
          {"/compare", list("Studies side by side")},
          {"/studies/{study}", study},
          {"/studies/{study}/trials/{trial}", study},
          {kScriptPath, asset("application/javascript", assets.script)},
          {kStylePath, asset("text/css; charset=utf-8", assets.style)}};
}

}  // namespace

std::vector<Route> page_routes(Studies& studies, Assets assets, bool controls) {
  std::vector<Route> all = plain_routes(studies, "/report", "/studies/{study}/report");
  const auto more = assets.there() ? scripted_routes(studies, assets, controls)
                                   : plain_routes(studies, "/", "/studies/{study}");
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace sm2::dashboard
