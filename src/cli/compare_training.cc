#include "cli/compare_training.h"

#include <stdlib.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "cli/interrupts.h"
#include "cli/metering.h"
#include "cli/program.h"
#include "cli/reading.h"
#include "cli/study_devices.h"
#include "config/study_file.h"
#include "journal/memory.h"
#include "runner/process_runner.h"
#include "study/study.h"
#include "study/warm_start.h"

namespace sm2::cli {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  static base::Result<TemporaryFolder> make() {
    std::error_code error;
    std::string path = (fs::temp_directory_path(error) / "sm2-compare-XXXXXX").string();
    if (error || !mkdtemp(path.data()))
      return base::fail(
          "no temporary folder can be made at {}; set TMPDIR to a folder that can be written to", path);
    return TemporaryFolder(path);
  }
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The study of one strategy and one seed.
config::Spec with(const config::Spec& spec, const std::string& strategy, std::uint64_t seed,
                  std::optional<int> candidates) {
  config::Spec own = spec;
  own.name = fmt::format("{}-{}-{}", spec.name, strategy, seed);
  own.strategy = strategy;
  own.warm_start.clear();
  own.options.seed = seed;
  if (candidates) own.options.candidates = candidates;
  return own;
}

base::Result<std::vector<compare::Contestant>> suitable(const Training& training, const config::Spec& spec) {
  std::vector<compare::Contestant> all;
  for (const compare::Contestant& one : training.contestants) {
    if (one.tune_power)
      return base::fail(
          "--strategies: {}: '+power' is for replayed workloads; a study file says itself what is tuned",
          one.name);
    const config::Spec own = with(spec, one.strategy, training.first_seed, training.candidates);
    const auto made = strategy::make(own.strategy, own.space, own.options);
    if (!made && training.named)
      return base::fail("{}: strategy {}: {}", training.file, one.name, made.error().message);
    if (made) {
      all.push_back(one);
    } else {
      fail("compare", fmt::format("left out: strategy {}: {}", one.name, made.error().message));
    }
  }
  return all;
}

struct Best {                    // evaluation of a study
  std::optional<double> metric;  // oriented
  std::optional<double> test;    // of the same moment, likewise
};

Best best_of(const journal::StudyState& state, const config::Metric& metric,
             const std::optional<std::string>& test) {
  Best best;
  for (const auto& [id, trial] : state.trials) {
    for (const trial::Evaluation& evaluation : trial.evaluations) {
      const auto value = evaluation.metrics.find(metric.name);
      if (value == evaluation.metrics.end() || !std::isfinite(value->second)) continue;
      const double oriented = config::oriented(metric, value->second);
      if (best.metric && oriented <= *best.metric) continue;
      best = {oriented, {}};
      const auto held_out = test ? evaluation.metrics.find(*test) : evaluation.metrics.end();
      if (held_out != evaluation.metrics.end() && std::isfinite(held_out->second))
        best.test = config::oriented(metric, held_out->second);
    }
  }
  return best;
}

base::Result<compare::Run> run_of(const journal::StudyState& state, const config::Spec& spec,
                                  const std::optional<std::string>& test) {
  const trial::Energy energy = journal::total_energy(state);
  const auto joules = trial::total(energy);
  if (!joules) return base::fail("the energy of study {} is {}", spec.name, trial::describe(energy));
  compare::Run run;
  run.joules = *joules;
  run.jobs = {*joules};
  run.seconds = state.active;
  run.starts = 1;
  run.trials = state.trials.size();
  const Best best = best_of(state, spec.metric, test);
  run.metric = best.metric;
  run.test_metric = best.test;
  run.missed = state.winner ? 0 : 1;
  if (const auto target = spec.metric.target)
    run.missed = best.metric && *best.metric >= config::oriented(spec.metric, *target) ? 0 : 1;
  if (state.winner) run.chosen = state.trials.at(*state.winner).configuration;
  return run;
}

// A study without a single metric is a broken program rather than a bad strategy.
void say_why(const journal::StudyState& state, const config::Spec& spec) {
  for (const auto& [id, trial] : state.trials) {
    if (trial.segments.empty() || !trial.segments.back().outcome) continue;
    return void(
        fail("compare", fmt::format("study {}: no trial reported {}; trial {} {}", spec.name,
                                    spec.metric.name, id, trial::describe(*trial.segments.back().outcome))));
  }
}

// Trains one study after another with one set of meters.
class Trainer {
 public:
  Trainer(const config::Spec& spec, const Training& training, const StudyDevices& devices, Metering& metering,
          const base::Clock& clock, Interrupts& interrupts, const fs::path& folder)
      : spec_(spec),
        training_(training),
        devices_(devices),
        metering_(metering),
        clock_(clock),
        interrupts_(interrupts),
        folder_(folder) {}

  // Nothing when the user interrupted it.
  base::Result<std::optional<compare::Run>> train(const compare::Contestant& one, std::uint64_t seed) {
    config::Spec spec = with(spec_, one.strategy, seed, training_.candidates);
    journal::MemoryStore store;
    auto options = study::strategy_options(spec, {}, store, [](const std::string&) {});
    if (!options) return tl::unexpected(options.error());
    spec.options = *std::move(options);
    auto strategy = strategy::make(spec.strategy, spec.space, spec.options);
    if (!strategy) return tl::unexpected(strategy.error());
    auto journal = store.create(spec.name);
    if (!journal) return tl::unexpected(journal.error());
    auto runner = runner::ProcessRunner::make(interrupts_.descriptor(), true, devices_.pool);
    if (!runner) return tl::unexpected(runner.error());
    const fs::path folder = folder_ / spec.name;
    study::Study study({spec, **strategy, **runner, metering_.meter(), **journal, clock_, folder,
                        devices_.workers, [this] { return interrupts_.count(); },
                        [](const auto&, const auto&) {}, metering_.grid(), spec.energy.price,
                        metering_.idle(), metering_.knob()});
    const auto conclusion = study.run();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    if (!conclusion) return tl::unexpected(conclusion.error());
    if (conclusion->state == "interrupted") return std::optional<compare::Run>();
    for (const trial::Reading& reading : journal::total_energy(study.state())) {
      if (reading.counted) sources_.insert(reading.source);
    }
    quality_ = trial::worst(journal::total_energy(study.state()));
    auto run = run_of(study.state(), spec, training_.test);
    if (!run) return tl::unexpected(run.error());
    if (!run->metric) say_why(study.state(), spec);
    return std::optional(*std::move(run));
  }

  std::string sources() const { return fmt::format("{}", fmt::join(sources_, ", ")); }
  std::string quality() const { return std::string(trial::name(quality_)); }

 private:
  const config::Spec& spec_;
  const Training& training_;
  const StudyDevices& devices_;
  Metering& metering_;
  const base::Clock& clock_;
  Interrupts& interrupts_;
  fs::path folder_;
  std::set<std::string> sources_;
  trial::Quality quality_ = trial::Quality::kMeasured;
};

base::Joules least_median(const std::vector<compare::Row>& rows) {
  std::vector<double> medians;
  for (const compare::Row& row : rows) {
    std::vector<double> joules;
    for (const compare::Run& run : row.runs) joules.push_back(run.joules.value);
    medians.push_back(compare::median(joules));
  }
  return base::Joules(std::ranges::min(medians));
}

}  // namespace

base::Result<compare::Comparison> train_all(const Training& training) {
  const auto spec = config::read_study(training.file);
  if (!spec) return tl::unexpected(spec.error());
  const auto contestants = suitable(training, *spec);
  if (!contestants) return tl::unexpected(contestants.error());
  if (const auto sound = check_program(*spec, training.file); !sound) return tl::unexpected(sound.error());
  if (!spec->warm_start.empty())
    fail("compare",
         "warm_start is left aside: every study is trained from its beginning, in a store of its own");

  const base::SystemClock clock;
  Interrupts interrupts;
  const auto say = [](const std::string& line) { fail("compare", line); };
  const auto devices = study_devices(*spec, training.file, training.workers, clock, say);
  if (!devices) return tl::unexpected(devices.error());
  const auto metering = Metering::open(*spec, training.file, devices->settings, clock, say);
  if (!metering) return tl::unexpected(metering.error());
  const auto sleep = [&interrupts](base::Seconds time) { interrupts.sleep(time); };
  if (const auto begun = (*metering)->begin({}, sleep); !begun) return tl::unexpected(begun.error());
  const auto folder = TemporaryFolder::make();
  if (!folder) return tl::unexpected(folder.error());

  Trainer trainer(*spec, training, *devices, **metering, clock, interrupts, folder->path());
  compare::Comparison comparison;
  comparison.seeds = training.seeds;
  comparison.first_seed = training.first_seed;
  comparison.workers = devices->workers;
  const std::size_t count = contestants->size();
  comparison.rows.resize(count);
  std::size_t done = 0;
  for (std::size_t seed = 0; seed < static_cast<std::size_t>(training.seeds); ++seed) {
    for (std::size_t turn = 0; turn < count; ++turn) {
      const std::size_t at = (turn + seed) % count;
      training.progress(done++, count * static_cast<std::size_t>(training.seeds));
      auto run = trainer.train((*contestants)[at], training.first_seed + seed);
      if (!run) return tl::unexpected(run.error());
      if (!*run) {
        fail("compare", "interrupted; nothing is kept");
        return compare::Comparison();
      }
      comparison.rows[at].runs.push_back(**std::move(run));
    }
  }
  comparison.source = trainer.sources();
  comparison.quality = trainer.quality();
  compare::Case& of = comparison.cases.emplace_back();
  of.name = spec->name;
  of.metric = spec->metric.name;
  of.minimized = spec->metric.goal == config::Goal::kMinimize;
  if (spec->metric.target) of.target = config::oriented(spec->metric, *spec->metric.target);
  of.reference = least_median(comparison.rows);
  for (std::size_t at = 0; at < count; ++at) {
    comparison.rows[at].strategy = (*contestants)[at].name;
    figure_out(comparison.rows[at], of, 1);
  }
  summarize(comparison);
  return comparison;
}

}  // namespace sm2::cli
