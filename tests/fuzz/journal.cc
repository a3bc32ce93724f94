#include <charconv>
#include <nlohmann/json.hpp>

#include "journal/codec.h"
#include "journal/state.h"
#include "report/brief.h"
#include "report/conclusion.h"
#include "report/event_json.h"
#include "report/front.h"
#include "report/html/page.h"
#include "report/json.h"
#include "report/markdown/page.h"
#include "report/progress.h"
#include "report/standing.h"
#include "report/table_export.h"
#include "report/trial_listing.h"
#include "report/trials_export.h"
#include "testing/sample_study.h"
#include "tests/fuzz/checks.h"

namespace sm2::fuzz {
namespace {

// Up to the next blank, which is taken away too.
std::string_view word(std::string_view& line) {
  const std::string_view first = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(first.size() + 1, line.size()));
  return first;
}

std::optional<trial::Event> event_of(std::string_view line) {
  const std::string_view kind = word(line), time = word(line);
  trial::Event event;
  std::from_chars(time.data(), time.data() + time.size(), event.time.value);
  auto body = journal::decode(kind, line);
  if (!body) return check_error(body.error()), std::nullopt;
  const std::string stored = journal::encode(*body);
  const auto again = journal::decode(journal::kind(*body), stored);
  require(again && journal::encode(*again) == stored, "what is stored reads the same again");
  event.body = *std::move(body);
  return event;
}

void check_text(const std::string& text) {
  std::string lines = text;
  std::erase(lines, '\n');
  require(!has_controls(lines), "what people read moves no cursor");
}

void check_json(const std::string& text) {
  require(text.empty() || nlohmann::json::accept(text), "JSON is JSON");
}

void check_shown(const report::Study& study) {
  check_text(report::list_text({study}));
  check_text(report::show_text(study));
  check_text(report::trials_text(study));
  check_text(report::best_text(study));
  check_text(report::conclusion_text(study));
  check_text(report::front_text(study));
  check_text(report::brief_text(study));
  check_text(report::markdown::page(study));
  check_json(report::list_json({study}));
  check_json(report::show_json(study));
  check_json(report::best_json(study));
  check_json(report::front_json(study));
  check_json(report::export_json(study));
  for (const std::string& line : report::trials_json(study)) check_json(line);
  report::export_csv(study);
  report::trials_csv(study);
  if (const auto table = report::export_table(study, {}); !table) check_error(table.error());
  report::html::page(study);
}

}  // namespace

void journal(std::string_view input) {
  const testing::SampleStudy sample;
  journal::StudyState state;
  report::Progress progress(sample.spec, {});
  while (!input.empty()) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(line.size() + 1, input.size()));
    const auto event = event_of(line);
    if (!event) continue;
    state.apply(*event);
    check_text(progress.render(*event, state));
    check_json(report::event_json(sample.spec, *event, state));
    for (const report::StandingLine& standing :
         report::standing(sample.spec, state, {base::Watts(5), 16, 1}, 40, 10)) {
      check_text(standing.text);
    }
  }
  check_shown({sample.spec.name, sample.spec, std::move(state), false});
}

}  // namespace sm2::fuzz
