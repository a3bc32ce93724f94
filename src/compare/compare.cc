#include "compare/compare.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "base/nearest.h"

namespace sm2::compare {
namespace {

constexpr std::string_view kPower = "+power";

Run run_of(const std::vector<Spent>& jobs) {
  Run run;
  for (const Spent& spent : jobs) {
    run.joules += spent.joules;
    run.seconds += spent.seconds;
    run.missed += spent.reached ? 0 : 1;
    run.starts += spent.starts;
    run.trials += spent.trials;
    run.jobs.push_back(spent.joules);
  }
  const Spent& last = jobs.back();
  run.metric = last.metric;
  run.test_metric = last.test_metric;
  run.chosen = last.chosen;
  run.limit = last.limit;
  return run;
}

base::Result<Run> run(const workload::Workload& workload, const Contestant& contestant, const Plan& plan,
                      std::uint64_t seed) {
  Setting setting;
  setting.strategy = contestant.strategy;
  setting.options = plan.options;
  setting.workers = plan.workers;
  setting.tune_power = contestant.tune_power;
  const auto named = [&](const base::Error& error) {
    return base::fail("case {}, strategy {}: {}", workload.job().name, contestant.name, error.message);
  };
  const auto jobs = recur(workload, setting, seed, plan.recurrences);
  if (!jobs) return named(jobs.error());
  Run run = run_of(*jobs);
  if (!plan.to_the_end || !workload.job().target) return run;
  setting.to_the_end = true;
  const auto whole = simulate(workload, setting, seed);
  if (!whole) return named(whole.error());
  run.whole = Whole{whole->joules, whole->seconds, whole->metric, whole->test_metric};
  return run;
}

// Calls work(0) ... work(count - 1), each once, from `threads` threads.
template <class Work>
void share_out(std::size_t count, int threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto take = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < threads; ++thread) others.emplace_back(take);
  take();
}

std::vector<double> over(const std::vector<Run>& runs, base::Joules reference, std::size_t skip) {
  std::vector<double> all;
  for (const Run& run : runs) {
    base::Joules used;
    for (std::size_t job = skip; job < run.jobs.size(); ++job) used += run.jobs[job];
    all.push_back(used / (static_cast<double>(run.jobs.size() - skip) * reference));
  }
  return all;
}

Case case_of(const workload::Workload& workload) {
  const workload::Job& job = workload.job();
  const workload::Oracle& oracle = workload.oracle();
  return {job.name, job.metric, job.minimized, job.target, oracle, oracle.joules};
}

}  // namespace

base::Result<Contestant> contestant(std::string_view name) {
  Contestant found{std::string(name), std::string(name), false};
  if (found.tune_power = name.ends_with(kPower); found.tune_power)
    found.strategy = name.substr(0, name.size() - kPower.size());
  const std::vector<std::string> known = strategy::names();
  if (std::ranges::find(known, found.strategy) != known.end()) return found;
  return base::fail("there is no strategy '{}'; {}there are {}, each also with {} for a tuned power limit",
                    found.strategy, base::did_you_mean(found.strategy, known), fmt::join(known, ", "),
                    kPower);
}

base::Result<> suits(const Contestant& contestant, const workload::Workload& workload,
                     strategy::Options options) {
  options.resource_max = workload.job().resource_max;
  options.resource_min = std::min(options.resource_min, options.resource_max);
  const auto made = strategy::make(contestant.strategy, workload.job().space, options);
  if (made) return {};
  return base::fail("case {}, strategy {}: {}", workload.job().name, contestant.name, made.error().message);
}

base::Result<Comparison> compare(const std::vector<const workload::Workload*>& workloads, const Plan& plan) {
  Comparison comparison;
  comparison.seeds = plan.seeds;
  comparison.first_seed = plan.first_seed;
  comparison.recurrences = plan.recurrences;
  comparison.workers = plan.workers;
  for (std::size_t at = 0; at < workloads.size(); ++at) {
    comparison.cases.push_back(case_of(*workloads[at]));
    for (const Contestant& one : plan.contestants) {
      Row& row = comparison.rows.emplace_back();
      row.at = at;
      row.strategy = one.name;
      row.runs.resize(static_cast<std::size_t>(plan.seeds));
    }
  }

  const auto seeds = static_cast<std::size_t>(plan.seeds);
  const std::size_t all = comparison.rows.size() * seeds;
  std::vector<std::optional<base::Error>> errors(all);
  std::mutex telling;
  std::size_t done = 0;
  share_out(all, plan.threads, [&](std::size_t i) {
    Row& row = comparison.rows[i / seeds];
    const Contestant& one = plan.contestants[i / seeds % plan.contestants.size()];
    auto came_to = run(*workloads[row.at], one, plan, plan.first_seed + i % seeds);
    if (came_to) {
      row.runs[i % seeds] = *std::move(came_to);
    } else {
      errors[i] = came_to.error();
    }
    const std::lock_guard lock(telling);
    plan.progress(++done, all);
  });
  for (const auto& error : errors) {
    if (error) return tl::unexpected(*error);
  }
  for (Row& row : comparison.rows) figure_out(row, comparison.cases[row.at], plan.recurrences);
  summarize(comparison);
  return comparison;
}

namespace {

// Over the runs that have a value.
template <class Value>
std::optional<Figure> figure_over(const std::vector<Run>& runs, const Value& value) {
  std::vector<double> values;
  for (const Run& run : runs) {
    if (const std::optional<double> one = value(run)) values.push_back(*one);
  }
  return values.empty() ? std::nullopt : std::optional(figure(values));
}

std::optional<WholeFigures> whole_figures(const std::vector<Run>& runs) {
  std::vector<Run> whole;
  std::ranges::copy_if(runs, std::back_inserter(whole), [](const Run& run) { return run.whole.has_value(); });
  if (whole.empty()) return {};
  return WholeFigures{
      *figure_over(whole, [](const Run& run) { return std::optional(run.whole->joules.value); }),
      *figure_over(whole, [](const Run& run) { return std::optional(run.whole->seconds.value); }),
      figure_over(whole, [](const Run& run) { return run.whole->metric; }),
      figure_over(whole, [](const Run& run) { return run.whole->test_metric; })};
}

}  // namespace

void figure_out(Row& row, const Case& of, int recurrences) {
  std::vector<double> joules, seconds, regrets;
  double trials = 0;
  row.missed = row.starts = 0;
  for (const Run& run : row.runs) {
    joules.push_back(run.joules.value);
    seconds.push_back(run.seconds.value);
    trials += static_cast<double>(run.trials);
    row.missed += run.missed;
    row.starts += run.starts;
    if (run.metric && of.oracle && !of.target) regrets.push_back(of.oracle->metric - *run.metric);
  }
  row.over = figure(over(row.runs, of.reference, 0));
  row.joules = figure(joules);
  row.seconds = figure(seconds);
  row.trials = trials / static_cast<double>(row.runs.size());
  row.metric = figure_over(row.runs, [](const Run& run) { return run.metric; });
  row.test_metric = figure_over(row.runs, [](const Run& run) { return run.test_metric; });
  row.whole = whole_figures(row.runs);
  if (!regrets.empty()) row.regret = figure(regrets);
  if (recurrences > kFirstRecurrences)
    row.over_last = figure(over(row.runs, of.reference, kFirstRecurrences));
}

void summarize(Comparison& comparison) {
  comparison.summary.clear();
  for (const Row& first : comparison.rows) {
    if (first.at != 0) break;
    Summary& summary = comparison.summary.emplace_back();
    summary.strategy = first.strategy;
    std::vector<double> means, last;
    for (const Row& row : comparison.rows) {
      if (row.strategy != first.strategy) continue;
      summary.missed += row.missed;
      means.push_back(row.over.mean);
      if (row.over_last) last.push_back(row.over_last->mean);
    }
    summary.geomean = geometric_mean(means);
    summary.worst = std::ranges::max(means);
    if (last.empty()) continue;
    summary.geomean_last = geometric_mean(last);
    summary.worst_last = std::ranges::max(last);
  }
}

}  // namespace sm2::compare
