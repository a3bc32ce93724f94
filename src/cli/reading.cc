#include "cli/reading.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "base/nearest.h"
#include "cli/output.h"
#include "config/study_file.h"
#include "journal/stores.h"
#include "report/printable.h"
#include "study/lock.h"

namespace sm2::cli {
namespace {

bool is_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

base::Result<std::string> study_name(const Reading& reading, const std::vector<std::string>& studies) {
  const std::string store = journal::shown_store(reading.store);
  if (reading.study.empty()) {
    if (studies.size() == 1) return studies.front();
    if (studies.empty()) {
      return base::fail("store {} holds no study yet; sm2 tune STUDY.toml begins one", store);
    }
    return base::fail("store {} holds {} studies; name one, sm2 list shows them", store, studies.size());
  }
  if (std::ranges::find(studies, reading.study) != studies.end()) return reading.study;
  if (!is_file(reading.study)) {
    const auto meant = base::nearest(reading.study, studies);
    return base::fail("store {} holds no study '{}'; {}", store, reading.study,
                      meant ? "did you mean '" + *meant + "'?" : "sm2 list shows those it holds");
  }
  const auto spec = config::read_study(reading.study);
  if (!spec) return tl::unexpected(spec.error());
  if (std::ranges::find(studies, spec->name) != studies.end()) return spec->name;
  return base::fail("store {} holds no study '{}', which {} describes; sm2 tune {} begins it", store,
                    spec->name, reading.study, reading.study);
}

base::Result<report::Study> read(const Reading& reading, journal::Store& store, const std::string& name,
                                 const journal::Visitor& also = {}) {
  const auto journal = store.open(name);
  if (!journal) return tl::unexpected(journal.error());
  journal::StudyState state;
  const auto visited = (*journal)->visit([&](const trial::Event& event) {
    state.apply(event);
    return also ? also(event) : base::Result<>();
  });
  if (!visited) return tl::unexpected(visited.error());
  auto spec = config::parse_study(state.file,
                                  fmt::format("study '{}' in {}", name, journal::shown_store(reading.store)));
  if (!spec) return tl::unexpected(spec.error());
  const bool alive = study::tuner_alive(journal::trials_folder(reading.store, name)) || store.claimed(name);
  return report::Study{name, *std::move(spec), std::move(state), alive};
}

}  // namespace

std::shared_ptr<Reading> add_reading(CLI::App& command, bool with_study, bool with_json) {
  auto reading = std::make_shared<Reading>();
  command.add_option("--store", reading->store, kStoreHelp)->capture_default_str();
  if (with_study) {
    command.add_option("STUDY", reading->study,
                       "Name of the study, or its study file; may be left out when the store holds only one");
  }
  if (with_json) command.add_flag("--json", reading->json, "Print JSON, documented in docs/json.md");
  return reading;
}

base::Result<report::Study> read_study(const Reading& reading, const journal::Visitor& also) {
  const auto store = journal::open_store(reading.store);
  if (!store) return tl::unexpected(store.error());
  const auto studies = (*store)->studies();
  if (!studies) return tl::unexpected(studies.error());
  const auto name = study_name(reading, *studies);
  if (!name) return tl::unexpected(name.error());
  return read(reading, **store, *name, also);
}

base::Result<std::vector<report::Study>> read_studies(const Reading& reading,
                                                      std::vector<std::string>& unreadable) {
  const auto store = journal::open_store(reading.store);
  if (!store) return tl::unexpected(store.error());
  const auto names = (*store)->studies();
  if (!names) return tl::unexpected(names.error());
  std::vector<report::Study> studies;
  for (const std::string& name : *names) {
    auto study = read(reading, **store, name);
    if (study) {
      studies.push_back(*std::move(study));
    } else {
      unreadable.push_back(study.error().message);
    }
  }
  return studies;
}

int fail(std::string_view command, std::string_view message) {
  put(stderr, fmt::format("sm2 {}: {}\n", command, report::printable_message(message)));
  return 2;
}

}  // namespace sm2::cli
