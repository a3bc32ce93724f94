#include "report/importance.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "report/summary.h"

namespace sm2::report {
namespace {

constexpr double kReached = 0.8;        // of the trials
constexpr std::size_t kMostGroups = 8;  // of a number
constexpr std::size_t kLeastInGroup = 5;

struct Compared {  // one trial, where all are compared
  const journal::Trial* trial;
  double metric;
  std::optional<double> joules;  // for each unit of the resource
};

struct Difference {
  double share = 0;
  bool beyond_chance = false;
};

bool usable(const Study& study, const journal::Trial& trial) {
  const auto value = metric(study.spec, trial);
  return value && std::isfinite(*value) && trial.resource > 0;
}

// The most that so many have reached.
double common_resource(const Study& study) {
  std::vector<double> reached;
  for (const auto& [id, trial] : study.state.trials) {
    if (usable(study, trial)) reached.push_back(trial.resource);
  }
  if (reached.empty()) return 0;
  std::ranges::sort(reached);
  const double left_out = (1 - kReached) * static_cast<double>(reached.size());
  return reached[static_cast<std::size_t>(left_out)];
}

std::vector<Compared> compared(const Study& study, double resource) {
  std::vector<Compared> all;
  for (const auto& [id, trial] : study.state.trials) {
    if (!usable(study, trial) || trial.resource < resource) continue;
    const auto there =
        std::ranges::lower_bound(trial.evaluations, resource, {}, &trial::Evaluation::resource);
    if (there == trial.evaluations.end()) continue;
    const auto value = metric(study.spec, *there);
    if (!value || !std::isfinite(*value)) continue;
    const auto joules = trial::total(there->energy);
    all.push_back({&trial, *value, joules ? std::optional(joules->value / there->resource) : std::nullopt});
  }
  return all;
}

// Equal values share the mean of their places.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t at) { return values[at]; });
  std::vector<double> ranked(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]]) ++last;
    for (std::size_t at = first; at <= last; ++at) ranked[order[at]] = static_cast<double>(first + last) / 2;
    first = last + 1;
  }
  return ranked;
}

// A group for every trial; the value of a parameter that it does not have is one of its own.
std::vector<int> by_value(const std::vector<std::string>& values) {
  std::map<std::string, int> groups;
  std::vector<int> all;
  for (const std::string& value : values)
    all.push_back(groups.try_emplace(value, static_cast<int>(groups.size())).first->second);
  return all;
}

// Equal numbers are in one group; no more groups than leave kLeastInGroup in each.
std::vector<int> by_size(const std::vector<double>& numbers) {
  const std::size_t groups = std::clamp<std::size_t>(numbers.size() / kLeastInGroup, 1, kMostGroups);
  std::vector<int> all;
  for (const double rank : ranks(numbers))
    all.push_back(static_cast<int>(rank / static_cast<double>(numbers.size()) * static_cast<double>(groups)));
  return all;
}

// By size where the parameter is a number of more values than groups, for all who have it.
std::vector<int> groups_of(const space::Parameter& parameter, const std::vector<Compared>& trials) {
  std::vector<std::string> texts;
  std::vector<double> numbers;
  std::vector<std::size_t> owners;
  for (std::size_t at = 0; at < trials.size(); ++at) {
    const auto value = trials[at].trial->configuration.find(parameter.name);
    const bool there = value != trials[at].trial->configuration.end();
    texts.push_back(there ? space::to_text(value->second) : "");
    if (!there || !space::is_number(value->second)) continue;
    numbers.push_back(space::as_number(value->second));
    owners.push_back(at);
  }
  const std::vector<int> each = by_value(texts);
  const int different = each.empty() ? 0 : *std::ranges::max_element(each) + 1;
  const bool is_choice = std::holds_alternative<space::Categorical>(parameter.domain);
  if (is_choice || different <= static_cast<int>(kMostGroups)) return each;
  std::vector<int> all(trials.size(), 0);  // 0: those without it
  const std::vector<int> sized = by_size(numbers);
  for (std::size_t at = 0; at < owners.size(); ++at) all[owners[at]] = sized[at] + 1;
  return all;
}

// The 95 % quantile of chi-squared (Wilson and Hilferty 1931, PNAS 17:684).
double chance(double freedom) {
  const double part = 2 / (9 * freedom);
  return freedom * std::pow(1 - part + 1.6449 * std::sqrt(part), 3);
}

std::optional<Difference> difference(const std::vector<double>& values, const std::vector<int>& groups) {
  struct Group {
    double sum = 0, count = 0;
  };
  const std::vector<double> ranked = ranks(values);
  const double n = static_cast<double>(ranked.size());
  const double mean = (n - 1) / 2;
  double total = 0;
  std::map<int, Group> sums;
  for (std::size_t at = 0; at < ranked.size(); ++at) {
    total += (ranked[at] - mean) * (ranked[at] - mean);
    sums[groups[at]].sum += ranked[at];
    ++sums[groups[at]].count;
  }
  const double k = static_cast<double>(sums.size());
  if (k < 2 || n <= k || total <= 0) return {};
  double between = 0;
  for (const auto& [group, one] : sums) between += one.count * std::pow(one.sum / one.count - mean, 2);
  const double h = (n - 1) * between / total;
  return Difference{std::clamp((h - k + 1) / (n - k), 0.0, 1.0), h > chance(k - 1)};
}

Share share_of(const space::Parameter& parameter, const std::vector<Compared>& trials) {
  const std::vector<int> groups = groups_of(parameter, trials);
  std::vector<double> metrics, joules;
  for (const Compared& one : trials) {
    metrics.push_back(one.metric);
    if (one.joules) joules.push_back(*one.joules);
  }
  Share share{parameter.name, 0, {}, {}, false, false};
  share.groups = static_cast<int>(std::set(groups.begin(), groups.end()).size());
  if (const auto found = difference(metrics, groups)) {
    share.of_metric = found->share;
    share.metric_beyond_chance = found->beyond_chance;
  }
  if (joules.size() != trials.size()) return share;
  if (const auto found = difference(joules, groups)) {
    share.of_energy = found->share;
    share.energy_beyond_chance = found->beyond_chance;
  }
  return share;
}

}  // namespace

Importance importance(const Study& study) {
  Importance found;
  found.resource = common_resource(study);
  const std::vector<Compared> trials = compared(study, found.resource);
  found.trials = static_cast<int>(trials.size());
  found.enough = found.trials >= kFewestTrials;
  if (!found.enough) return found;
  for (const space::Parameter& parameter : study.spec.space.parameters())
    found.shares.push_back(share_of(parameter, trials));
  std::ranges::stable_sort(found.shares, std::greater<>(),
                           [](const Share& share) { return share.of_metric.value_or(-1); });
  return found;
}

}  // namespace sm2::report
