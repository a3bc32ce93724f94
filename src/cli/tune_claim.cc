#include "cli/tune_claim.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "cli/tune_watch.h"
#include "config/study_file.h"
#include "journal/store_name.h"
#include "journal/stores.h"

namespace sm2::cli {
namespace {

base::Result<study::Lock> take(journal::Store& store, const std::string& study,
                               const std::filesystem::path& folder, const std::string& name) {
  if (const auto claimed = store.claim(study); !claimed) return tl::unexpected(claimed.error());
  return study::Lock::take(folder, name);
}

}  // namespace

base::Result<std::optional<study::Lock>> take_turn(const TuneOptions& wanted, journal::Store& store,
                                                   const std::string& study,
                                                   const std::filesystem::path& folder,
                                                   Interrupts& interrupts) {
  constexpr base::Seconds kBetweenLooks{1};
  for (bool told = false; wanted.standby && (store.claimed(study) || study::tuner_alive(folder));
       interrupts.sleep(kBetweenLooks)) {
    if (interrupts.count() > 0) return std::nullopt;
    if (!std::exchange(told, true))
      remark(wanted, "another sm2 tune works on this study: waiting to take its place");
  }
  auto lock = take(store, study, folder, journal::store_name(wanted.store));
  if (!lock) return tl::unexpected(lock.error());
  return *std::move(lock);
}

base::Result<std::unique_ptr<journal::Journal>> open_journal(journal::Store& store,
                                                             const std::string& study) {
  const auto names = store.studies();
  if (!names) return tl::unexpected(names.error());
  return std::ranges::find(*names, study) == names->end() ? store.create(study) : store.open(study);
}

base::Result<> same_study(const journal::StudyState& so_far, const config::Spec& spec,
                          const TuneOptions& wanted) {
  if (so_far.events == 0) return {};
  const std::string store_shown = journal::shown_store(wanted.store);
  const auto begun =
      config::parse_study(so_far.file, fmt::format("study '{}' in {}", spec.name, store_shown));
  if (!begun) return tl::unexpected(begun.error());
  if (const auto changed = config::difference(*begun, spec)) {
    return base::fail(
        "{}: {} is not what study '{}' in {} was begun with; undo the change, or give the study another name",
        wanted.file, *changed, spec.name, store_shown);
  }
  return {};
}

}  // namespace sm2::cli
