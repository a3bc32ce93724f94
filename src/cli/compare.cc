// sm2 compare: strategies side by side, on workloads that are replayed in simulated time, or on a study file that is
// trained for real (compare_training.h).
#include <fmt/core.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <thread>

#include "cli/commands.h"
#include "cli/compare_text.h"
#include "cli/compare_training.h"
#include "cli/interrupts.h"
#include "cli/output.h"
#include "cli/reading.h"
#include "cli/screen.h"
#include "cli/whole_file.h"
#include "compare/json.h"
#include "report/printable.h"
#include "workload/workloads.h"

namespace sm2::cli {
namespace {

constexpr int kNothingReached = 1;
constexpr std::size_t kNamed = 8;  // cases in a message

struct Wanted {
  std::vector<std::string> workloads;
  std::vector<std::string> strategies;
  std::optional<int> seeds;
  std::uint64_t seed = 1;
  int recurrences = 1;
  int workers = 1;
  std::optional<int> jobs;
  std::optional<double> target;
  std::string goal;
  std::optional<int> candidates;
  std::string cases;
  std::string html;
  std::string test;
  bool to_the_end = false;
  bool json = false;
};

base::Result<std::vector<compare::Contestant>> contestants(const Wanted& wanted) {
  std::vector<compare::Contestant> all;
  for (const std::string& name : wanted.strategies.empty() ? strategy::names() : wanted.strategies) {
    auto one = compare::contestant(name);
    if (!one) return base::fail("--strategies: {}", one.error().message);
    if (std::ranges::find(all, one->name, &compare::Contestant::name) != all.end())
      return base::fail("--strategies: '{}' is named twice; once is enough", name);
    all.push_back(*std::move(one));
  }
  return all;
}

base::Result<workload::OpenOptions> open_options(const Wanted& wanted) {
  workload::OpenOptions options;
  if (!wanted.goal.empty()) options.minimize = wanted.goal == "minimize";
  if (wanted.target && !std::isfinite(*wanted.target)) return base::fail("--target must be a number");
  options.target = wanted.target;
  return options;
}

// A pattern with * or ? is for the whole name, another for any part of it.
bool matches(const std::string& name, const std::string& pattern) {
  if (pattern.find_first_of("*?[") == std::string::npos) return name.find(pattern) != std::string::npos;
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

base::Result<std::vector<std::unique_ptr<workload::Workload>>> open_all(const Wanted& wanted) {
  const auto options = open_options(wanted);
  if (!options) return tl::unexpected(options.error());
  std::vector<std::unique_ptr<workload::Workload>> all;
  std::vector<std::string> left_out;
  for (const std::string& spec : wanted.workloads) {
    auto opened = workload::open(spec, *options);
    if (!opened) return tl::unexpected(opened.error());
    for (const std::string& note : opened->notes) fail("compare", note);
    for (auto& workload : opened->workloads) {
      if (matches(workload->job().name, wanted.cases)) {
        all.push_back(std::move(workload));
      } else if (left_out.size() < kNamed) {
        left_out.push_back(workload->job().name);
      }
    }
  }
  if (all.empty())
    return base::fail("--case: no case is called '{}'; there are {}{}", wanted.cases,
                      fmt::join(left_out, ", "), left_out.size() == kNamed ? ", ..." : "");
  return all;
}

// Those that suit every case. One that was named must; of the whole table the others are left out, and said so.
base::Result<std::vector<compare::Contestant>> suitable(
    std::vector<compare::Contestant> all, const std::vector<std::unique_ptr<workload::Workload>>& workloads,
    const strategy::Options& options, bool named) {
  for (auto one = all.begin(); one != all.end();) {
    base::Result<> suits;
    for (auto at = workloads.begin(); suits && at != workloads.end(); ++at)
      suits = compare::suits(*one, **at, options);
    if (!suits && named) return tl::unexpected(suits.error());
    if (!suits) fail("compare", "left out: " + suits.error().message);
    one = suits ? one + 1 : all.erase(one);
  }
  if (all.empty()) return base::fail("no strategy suits every case; name fewer cases with --case");
  return all;
}

// "123 of 400 studies", redrawn in place now and then; nothing where there is no terminal.
class Counter {
 public:
  Counter() : terminal_(screen(STDERR_FILENO).terminal) {}
  ~Counter() {
    if (drawn_) put(stderr, "\r\x1b[K");
  }
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  void show(std::size_t done, std::size_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || (drawn_ && now - *drawn_ < std::chrono::milliseconds(100))) return;
    drawn_ = now;
    put(stderr, fmt::format("\r\x1b[K{} of {} studies", done, all));
  }

 private:
  bool terminal_;
  std::optional<std::chrono::steady_clock::time_point> drawn_;
};

base::Result<compare::Comparison> simulated(const Wanted& wanted, std::vector<compare::Contestant> all) {
  if (wanted.to_the_end && wanted.recurrences > 1)
    return base::fail("--to-the-end is for jobs that are done once; leave --recurrences away");
  if (!wanted.test.empty())
    return base::fail("--test is for a study file; a table has the column test_metric");
  const auto workloads = open_all(wanted);
  if (!workloads) return tl::unexpected(workloads.error());
  compare::Plan plan;
  plan.options.candidates = wanted.candidates;
  auto fitting = suitable(std::move(all), *workloads, plan.options, !wanted.strategies.empty());
  if (!fitting) return tl::unexpected(fitting.error());
  plan.contestants = *std::move(fitting);
  plan.seeds = wanted.seeds.value_or(compare::kSeeds);
  plan.first_seed = wanted.seed;
  plan.recurrences = wanted.recurrences;
  plan.to_the_end = wanted.to_the_end;
  plan.workers = wanted.workers;
  plan.threads = wanted.jobs.value_or(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
  Counter counter;
  plan.progress = [&counter](std::size_t done, std::size_t count) { counter.show(done, count); };
  std::vector<const workload::Workload*> cases;
  for (const auto& workload : *workloads) cases.push_back(workload.get());
  return compare::compare(cases, plan);
}

bool is_study(const std::string& place) {
  std::error_code ignored;
  return place.ends_with(".toml") ||
         (place.find(':') == std::string::npos && std::filesystem::is_regular_file(place, ignored));
}

base::Result<compare::Comparison> trained(const Wanted& wanted, std::vector<compare::Contestant> all) {
  if (wanted.workloads.size() > 1)
    return base::fail("{} is trained for real; compare it alone", wanted.workloads.front());
  const std::pair<const char*, bool> options[] = {
      {"--recurrences", wanted.recurrences > 1}, {"--target", wanted.target.has_value()},
      {"--goal", !wanted.goal.empty()},          {"--case", !wanted.cases.empty()},
      {"--to-the-end", wanted.to_the_end},       {"--jobs", wanted.jobs.has_value()}};
  for (const auto& [option, given] : options) {
    if (given)
      return base::fail("{} is for replayed workloads; a study file says itself how it is trained", option);
  }
  Counter counter;
  Training training;
  training.file = wanted.workloads.front();
  training.contestants = std::move(all);
  training.named = !wanted.strategies.empty();
  training.candidates = wanted.candidates;
  if (!wanted.test.empty()) training.test = wanted.test;
  training.seeds = wanted.seeds.value_or(kTrainedSeeds);
  training.first_seed = wanted.seed;
  training.workers = wanted.workers;
  training.progress = [&counter](std::size_t done, std::size_t count) { counter.show(done, count); };
  return train_all(training);
}

base::Result<int> compare(const Wanted& wanted) {
  auto all = contestants(wanted);
  if (!all) return tl::unexpected(all.error());
  const bool study = std::ranges::any_of(wanted.workloads, is_study);
  const auto comparison = study ? trained(wanted, *std::move(all)) : simulated(wanted, *std::move(all));
  if (!comparison) return tl::unexpected(comparison.error());
  if (comparison->rows.empty()) return kInterrupted;
  if (!wanted.html.empty()) {
    if (const auto written =
            write_whole(wanted.html, report::html::comparison(page_of(*comparison)), "--html FILE");
        !written) {
      return tl::unexpected(written.error());
    }
  }
  put(stdout, wanted.json ? compare::json(*comparison) + "\n" : text(*comparison));
  const int jobs = comparison->seeds * comparison->recurrences;
  const bool any = std::ranges::any_of(comparison->rows, [&](const auto& row) { return row.missed < jobs; });
  return any ? 0 : kNothingReached;
}

}  // namespace

void add_compare(CLI::App& app, int& status) {
  CLI::App* command =
      app.add_subcommand("compare", "Strategies side by side: energy, time and quality, with many seeds");
  const auto wanted = std::make_shared<Wanted>();
  command
      ->add_option("WORKLOAD", wanted->workloads,
                   "zeus:DIR, table:FILE, synthetic:NAME, or a study file, which is trained for real")
      ->required();
  command
      ->add_option("--strategies", wanted->strategies,
                   "Names with commas between; NAME+power tunes the power limit")
      ->delimiter(',')
      ->allow_extra_args(false)  // a workload may follow
      ->type_name("A,B,C");
  const auto number = [&](const char* name, auto& value, const char* what, int most) {
    return command->add_option(name, value, what)->check(CLI::Range(1, most))->type_name("N");
  };
  number("--seeds", wanted->seeds, "Studies of each strategy and case; 20, or 3 of a study file", 1'000'000);
  command->add_option("--seed", wanted->seed, "The first of them")->type_name("N")->capture_default_str();
  number("--recurrences", wanted->recurrences, "The same job so many times, with what was learnt before",
         100'000);
  number("--workers", wanted->workers, "Trials at a time", 1'000'000);
  number("--jobs", wanted->jobs, "Threads of this program; all cores unless told", 4096);
  command->add_option("--target", wanted->target, "The metric to reach, instead of the workload's own")
      ->type_name("X");
  command->add_option("--goal", wanted->goal, "Whether a higher or a lower metric is better")
      ->check(CLI::IsMember({"maximize", "minimize"}));
  number("--candidates", wanted->candidates, "Configurations that a strategy considers", 1'000'000'000);
  command
      ->add_option("--case", wanted->cases, "Only cases with this in their name; * and ? stand for anything")
      ->type_name("PATTERN");
  command->add_flag("--to-the-end", wanted->to_the_end,
                    "Where there is a target, also do each study without it, until the strategy finishes");
  command
      ->add_option("--test", wanted->test,
                   "Of a study file: the metric on held-out data, which is reported and shown to no strategy")
      ->type_name("NAME");
  command->add_flag("--json", wanted->json, "Print JSON, documented in docs/json.md");
  command->add_option("--html", wanted->html, "Also write a page with charts")->type_name("FILE");
  command->callback([wanted, &status] {
    const auto ended = compare(*wanted);
    status = ended ? *ended : fail("compare", ended.error().message);
  });
}

}  // namespace sm2::cli
