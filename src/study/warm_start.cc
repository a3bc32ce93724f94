#include "study/warm_start.h"

#include <algorithm>
#include <iterator>

#include "config/past_file.h"
#include "config/study_file.h"
#include "exchange/past_trials.h"
#include "study/experience.h"

namespace sm2::study {
namespace {

using Experiences = std::vector<strategy::Experience>;

base::Result<> same_job(const config::Spec& earlier, const config::Spec& spec) {
  const auto differs = [&](const char* what, const std::string& theirs, const std::string& ours) {
    return base::fail("study '{}' is of another job: its {} is '{}', not '{}'", earlier.name, what, theirs,
                      ours);
  };
  if (earlier.metric.name != spec.metric.name)
    return differs("metric", earlier.metric.name, spec.metric.name);
  if (earlier.metric.goal != spec.metric.goal)
    return base::fail("study '{}' is of another job: its goal for {} is the other one", earlier.name,
                      spec.metric.name);
  if (earlier.resource.unit != spec.resource.unit)
    return differs("unit of resource", earlier.resource.unit, spec.resource.unit);
  return {};
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

base::Result<Experiences> learnt(const std::string& name, int number, const config::Spec& spec,
                                 journal::Store& store) {
  const auto names = store.studies();
  if (!names) return tl::unexpected(names.error());
  if (std::ranges::find(*names, name) == names->end())
    return base::fail("there is no study '{}' in the store; there are: {}", name, listed(*names));
  const auto journal = store.open(name);
  if (!journal) return tl::unexpected(journal.error());
  const auto state = journal::fold(**journal);
  if (!state) return tl::unexpected(state.error());
  const auto earlier = config::parse_study(state->file, "study '" + name + "'");
  if (!earlier) return tl::unexpected(earlier.error());
  if (auto same = same_job(*earlier, spec); !same) return tl::unexpected(same.error());
  Experiences all = experience_of(*state, *earlier, number);
  std::erase_if(all, [&](const auto& trial) { return !spec.space.contains(trial.configuration); });
  return all;
}

base::Result<Experiences> learnt_elsewhere(const config::PastFile& file, int number, const config::Spec& spec,
                                           const Say& say) {
  auto past = exchange::read_past_trials(file, spec);
  if (!past) return tl::unexpected(past.error());
  for (const std::string& line : past->left_out) say(file.path + ": " + line);
  for (strategy::Experience& trial : past->trials) {
    trial.study = number;
    trial.device = file.path;
  }
  return std::move(past->trials);
}

}  // namespace

base::Result<strategy::Options> strategy_options(const config::Spec& spec, const journal::StudyState& so_far,
                                                 journal::Store& store, const Say& say) {
  strategy::Options options = spec.options;
  if (so_far.events > 0) {
    auto experience = decode_experience(so_far.experience);
    if (!experience) return tl::unexpected(experience.error());
    options.experience = *std::move(experience);
    options.energy = so_far.energy_to_spend;
    return options;
  }
  options.energy = spec.budget.energy;
  int number = 0;
  for (const std::string& entry : spec.warm_start) {
    const auto file = config::past_file(entry);
    auto more = file ? learnt_elsewhere(*file, number, spec, say) : learnt(entry, number, spec, store);
    ++number;
    if (!more) return tl::unexpected(more.error());
    std::ranges::move(*more, std::back_inserter(options.experience));
  }
  return options;
}

}  // namespace sm2::study
