// sm2 check: whether a store is sound, and what to do where it is not.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "journal/stores.h"
#include "report/printable.h"
#include "study/check.h"

namespace sm2::cli {
namespace {

using nlohmann::json;
using study::Problem;

constexpr std::size_t kShown = 10;  // problems of one study; --json has them all
struct Found {
  std::vector<Problem> of_store;
  std::vector<std::pair<std::string, study::Checked>> studies;

  bool sound() const {
    for (const auto& [name, checked] : studies) {
      if (!checked.problems.empty()) return false;
    }
    return of_store.empty();
  }
};

Found look(const std::string& url) {
  Found found;
  const auto damage = journal::damage_of_store(url);
  if (!damage) return {{{0, damage.error().message, ""}}, {}};
  const std::string help(journal::help_with_damage(url));
  for (const std::string& line : *damage) found.of_store.push_back({0, line, help});
  const auto store = journal::open_store(url);
  const auto names = store ? (*store)->studies() : tl::unexpected(store.error());
  if (!names) {
    found.of_store.push_back({0, names.error().message, help});
    return found;
  }
  for (const std::string& name : *names)
    found.studies.emplace_back(name, study::check(**store, name, journal::trials_folder(url, name)));
  return found;
}

std::string text(const std::vector<Problem>& problems) {
  std::string lines;
  for (std::size_t k = 0; k < std::min(problems.size(), kShown); ++k) {
    const Problem& problem = problems[k];
    const std::string place = problem.event > 0 ? fmt::format("event {}: ", problem.event) : "";
    lines += "  " + place + report::printable(problem.what) + "\n";
    const bool told = k > 0 && problem.help == problems[k - 1].help;
    if (!told && !problem.help.empty()) lines += fmt::format("    {}.\n", problem.help);
  }
  if (problems.size() > kShown)
    lines += fmt::format("  and {} more; --json has them all\n", problems.size() - kShown);
  return lines;
}

std::string text(const std::string& url, const Found& found) {
  std::string all = fmt::format("store {}: {}\n", report::printable(journal::shown_store(url)),
                                found.of_store.empty() ? "ok" : "not sound");
  all += text(found.of_store);
  for (const auto& [name, checked] : found.studies) {
    const std::string verdict =
        checked.problems.empty() ? fmt::format("ok, {} events", checked.events) : "not sound";
    all += fmt::format("study {}: {}\n", report::printable(name), verdict) + text(checked.problems);
  }
  return all;
}

json to_json(const std::vector<Problem>& problems) {
  auto list = json::array();
  for (const Problem& problem : problems) {
    list.push_back({{"event", problem.event > 0 ? json(problem.event) : json()},
                    {"problem", problem.what},
                    {"help", problem.help}});
  }
  return list;
}

std::string json_text(const std::string& url, const Found& found) {
  auto studies = json::array();
  for (const auto& [name, checked] : found.studies) {
    studies.push_back({{"study", name},
                       {"ok", checked.problems.empty()},
                       {"events", checked.events},
                       {"problems", to_json(checked.problems)}});
  }
  const json all = {{"store", journal::shown_store(url)},
                    {"ok", found.sound()},
                    {"problems", to_json(found.of_store)},
                    {"studies", std::move(studies)}};
  return all.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

int check(const std::string& url, bool as_json) {
  if (const auto found = journal::find_store(url); !found) return fail("check", found.error().message);
  const Found found = look(url);
  put(stdout, as_json ? json_text(url, found) : text(url, found));
  return found.sound() ? 0 : 1;
}

}  // namespace

void add_check(CLI::App& app, int& status) {
  struct Wanted {
    std::string store = "./sm2.db";
    bool json = false;
  };
  CLI::App* command =
      app.add_subcommand("check", "Whether a store is sound, what is wrong, and what can be done");
  const auto wanted = std::make_shared<Wanted>();
  command->add_option("STORE", wanted->store, kStoreHelp)->capture_default_str();
  command->add_flag("--json", wanted->json, "Print JSON, documented in docs/json.md");
  command->callback([wanted, &status] { status = check(wanted->store, wanted->json); });
}

}  // namespace sm2::cli
