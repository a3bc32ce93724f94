#include "workload/synthetic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "workload/synthetic_world.h"

namespace sm2::workload {
namespace {

constexpr std::int64_t kSmallestBatch = 8;
constexpr std::int64_t kLargestBatch = 4096;
constexpr double kSmallestRate = 1e-5;
constexpr double kLargestRate = 3;
constexpr std::size_t kRatesTried = 64;  // for the oracle, on a log scale
constexpr std::size_t kFinalists = 4;    // of the oracle's settings, by their mean runs
constexpr int kRunsEach = 100;           // of a finalist
constexpr std::uint64_t kMostWorlds = 10000;

enum class Family : std::uint64_t { kBatch, kRate, kLarge };

class Run : public Training {
 public:
  Run(const World& world, const Conduct& conduct, const Luck& luck, int length)
      : world_(world), conduct_(conduct), luck_(luck), length_(length) {}

  std::optional<double> metric(int unit) const override { return metric_at(world_, conduct_, luck_, unit); }
  Cost cost(int /*unit*/, std::optional<base::Watts> limit) const override {
    return epoch_cost(world_, conduct_, limit);
  }
  int length() const override { return length_; }

 private:
  const World& world_;
  Conduct conduct_;
  Luck luck_;
  int length_;
};

// The first unit of the mean run with the target, whose metric only rises.
std::optional<int> mean_epochs(const World& world, const Conduct& conduct, double target, int length) {
  if (!(conduct.rate < 2) || metric_at(world, conduct, {}, length) < target) return {};
  int below = 0;
  int reached = length;
  while (reached - below > 1) {
    const int middle = (below + reached) / 2;
    (metric_at(world, conduct, {}, middle) < target ? below : reached) = middle;
  }
  return reached;
}

// Expected epochs to the target when another run is drawn after one that never gets there.
double expected_epochs(const World& world, const Conduct& conduct, double target, int length) {
  base::Random random(0);
  double epochs = 0;
  double good = 0;
  for (int run = 0; run < kRunsEach; ++run) {
    const Luck luck = draw_luck(world, random);
    int unit = 1;
    while (unit <= length && !(metric_at(world, conduct, luck, unit) >= target)) ++unit;
    epochs += std::min(unit, length);
    good += unit <= length;
  }
  return good > 0 ? epochs / good : std::numeric_limits<double>::infinity();
}

base::Watts cheapest(const World& world, const Conduct& conduct, const std::vector<base::Watts>& limits) {
  return std::ranges::min(limits, {},
                          [&](base::Watts limit) { return epoch_cost(world, conduct, limit).joules; });
}

// A world with batch sizes and, in one family, learning rates; a target and power limits.
class Tuned : public Workload {
 public:
  Tuned(std::string name, bool with_rate, base::Random random, std::optional<double> target)
      : world_(draw_world(random, std::round(10 * std::exp(random.uniform() * std::log(40))))),
        with_rate_(with_rate) {
    job_.name = std::move(name);
    space::Categorical batches;
    for (std::int64_t batch = kSmallestBatch; batch <= kLargestBatch; batch *= 2)
      batches.values.emplace_back(batch);
    std::vector<space::Parameter> parameters = {{"batch_size", batches, {}}};
    if (with_rate)
      parameters.push_back(
          {"learning_rate", space::Real{kSmallestRate, kLargestRate, {}, space::Scale::kLog}, {}});
    if (auto space = space::Space::make(std::move(parameters))) job_.space = std::move(*space);
    job_.resource_max = length();
    job_.samples_per_unit = world_.samples;
    job_.power_limits = limits_of(world_);
    const double ease = 0.1 * random.uniform();
    job_.target = target.value_or(third_best(batches.values) - ease * (world_.top - world_.start));
    choose_oracle(batches.values);
  }

  const Job& job() const override { return job_; }
  const Oracle& oracle() const override { return oracle_; }
  bool reachable() const { return std::isfinite(oracle_.joules.value); }

  std::unique_ptr<Training> draw(const space::Configuration& configuration,
                                 base::Random& random) const override {
    return std::make_unique<Run>(world_, conduct(configuration), draw_luck(world_, random), length());
  }

 private:
  int length() const { return static_cast<int>(2 * world_.horizon); }

  Conduct conduct(const space::Configuration& configuration) const {
    Conduct conduct;
    conduct.batch = space::as_number(configuration.at("batch_size"));
    if (with_rate_)
      conduct.rate = space::as_number(configuration.at("learning_rate")) / best_rate(world_, conduct.batch);
    return conduct;
  }

  // The metric that at least three batch sizes reach within a normal training, at their best learning rates,
  // with room for unlucky runs.
  double third_best(const std::vector<space::Value>& batches) const {
    std::vector<double> ends;
    for (const auto& batch : batches) {
      Conduct conduct;
      conduct.batch = space::as_number(batch);
      ends.push_back(metric_at(world_, conduct, {}, length() / 2));
    }
    std::ranges::sort(ends, std::greater<>());
    return ends[2] - 3 * world_.run_top;
  }

  std::vector<space::Configuration> settings(const std::vector<space::Value>& batches) const {
    std::vector<space::Configuration> all;
    for (const auto& batch : batches) {
      if (!with_rate_) all.push_back({{"batch_size", batch}});
      for (std::size_t i = 0; with_rate_ && i < kRatesTried; ++i) {
        const double share = static_cast<double>(i) / (kRatesTried - 1);
        const double rate =
            std::min(kLargestRate, kSmallestRate * std::pow(kLargestRate / kSmallestRate, share));
        all.push_back({{"batch_size", batch}, {"learning_rate", rate}});
      }
    }
    return all;
  }

  // Settings are compared by their mean runs, and the best few by many runs, since noise changes when a
  // target is reached.
  void choose_oracle(const std::vector<space::Value>& batches) {
    struct Candidate {
      space::Configuration configuration;
      base::Watts limit;
      base::Joules joules;
    };
    std::vector<Candidate> candidates;
    for (auto& configuration : settings(batches)) {
      const Conduct of_setting = conduct(configuration);
      const auto epochs = mean_epochs(world_, of_setting, *job_.target, length());
      if (!epochs) continue;
      const base::Watts limit = cheapest(world_, of_setting, job_.power_limits);
      candidates.push_back(
          {std::move(configuration), limit, *epochs * epoch_cost(world_, of_setting, limit).joules});
    }
    std::ranges::stable_sort(candidates, {}, &Candidate::joules);
    candidates.resize(std::min(candidates.size(), kFinalists));
    oracle_.joules = base::Joules(std::numeric_limits<double>::infinity());
    for (const Candidate& candidate : candidates) {
      const Conduct of_setting = conduct(candidate.configuration);
      const double epochs = expected_epochs(world_, of_setting, *job_.target, length());
      const Cost cost = epoch_cost(world_, of_setting, candidate.limit);
      if (epochs * cost.joules >= oracle_.joules) continue;
      oracle_ = {candidate.configuration, candidate.limit, epochs * cost.joules, epochs * cost.seconds,
                 *job_.target};
    }
  }

  World world_;
  bool with_rate_;
  Job job_;
  Oracle oracle_;
};

// A world with six parameters and nothing to reach.
class Large : public Workload {
 public:
  Large(std::string name, base::Random random, std::optional<double> target)
      : world_(draw_world(random, kLength)),
        momentum_(0.5 + 0.45 * random.uniform()),
        decay_(std::pow(10, -5 + 3 * random.uniform())),
        layers_(2 + static_cast<std::int64_t>(random.index(6))) {
    for (double& penalty : schedules_) penalty = 0.05 * random.uniform();
    job_.name = std::move(name);
    job_.target = target;
    job_.resource_max = kLength;
    job_.samples_per_unit = world_.samples;
    const auto log = space::Scale::kLog;
    auto space = space::Space::make({{kBatch, space::Integer{kSmallestBatch, kLargestBatch, 1, log}, {}},
                                     {kRate, space::Real{kSmallestRate, kLargestRate, {}, log}, {}},
                                     {kMomentum, space::Real{0, 0.99, {}, space::Scale::kLinear}, {}},
                                     {kDecay, space::Real{1e-6, 1e-1, {}, log}, {}},
                                     {kSchedule, space::Categorical{{kConstant, kStep, kCosine}}, {}},
                                     {kLayers, space::Integer{1, 8, 1, space::Scale::kLinear}, {}}});
    if (space) job_.space = std::move(*space);
    choose_oracle();
  }

  const Job& job() const override { return job_; }
  const Oracle& oracle() const override { return oracle_; }
  bool reachable() const { return !job_.target || oracle_.metric >= *job_.target; }

  std::unique_ptr<Training> draw(const space::Configuration& configuration,
                                 base::Random& random) const override {
    return std::make_unique<Run>(world_, conduct(configuration), draw_luck(world_, random), kLength);
  }

 private:
  static constexpr int kLength = 81;
  // Made once: a draw looks them up by the million.
  inline static const std::string kBatch = "batch_size", kRate = "learning_rate", kMomentum = "momentum",
                                  kDecay = "weight_decay", kSchedule = "schedule", kLayers = "layers",
                                  kConstant = "constant", kStep = "step", kCosine = "cosine";

  Conduct conduct(const space::Configuration& configuration) const {
    const double momentum = space::as_number(configuration.at(kMomentum));
    const double decades = std::log10(space::as_number(configuration.at(kDecay)) / decay_);
    const auto& schedule = std::get<std::string>(configuration.at(kSchedule));
    const double layers = space::as_number(configuration.at(kLayers));
    const double span = world_.top - world_.start;
    Conduct conduct;
    conduct.batch = space::as_number(configuration.at(kBatch));
    // Momentum multiplies the step by 1 / (1 - momentum).
    conduct.rate =
        space::as_number(configuration.at(kRate)) / (1 - momentum) / best_rate(world_, conduct.batch);
    conduct.speed = 1 / (1 + 2 * (momentum - momentum_) * (momentum - momentum_));
    const double missing = layers - static_cast<double>(layers_);
    conduct.penalty = span * (0.01 * decades * decades + 0.01 * missing * missing +
                              schedules_[schedule == kConstant ? 0
                                         : schedule == kStep   ? 1
                                                               : 2]);
    conduct.work = (1 + layers) / (1 + static_cast<double>(layers_));
    return conduct;
  }

  double end_of(const space::Configuration& configuration) const {
    const double metric = metric_at(world_, conduct(configuration), {}, kLength);
    return std::isnan(metric) ? -std::numeric_limits<double>::infinity() : metric;
  }

  // All but batch size and learning rate act apart from each other, so their best values are known; those two
  // by grid.
  void choose_oracle() {
    const std::array names = {kConstant, kStep, kCosine};
    const auto schedule = std::ranges::min_element(schedules_) - schedules_.begin();
    space::Configuration best;
    double most = -std::numeric_limits<double>::infinity();
    for (double log_batch = 3; log_batch <= 12; log_batch += 0.125) {
      const auto batch = static_cast<std::int64_t>(std::llround(std::exp2(log_batch)));
      for (double rate = 0.02; rate < 2; rate *= 1.05) {
        const double learning_rate = rate * best_rate(world_, static_cast<double>(batch)) * (1 - momentum_);
        const space::Configuration configuration = {
            {kBatch, batch},
            {kRate, std::clamp(learning_rate, kSmallestRate, kLargestRate)},
            {kMomentum, momentum_},
            {kDecay, decay_},
            {kSchedule, names[schedule]},
            {kLayers, layers_}};
        const double metric = end_of(configuration);
        if (metric <= most) continue;
        most = metric;
        best = configuration;
      }
    }
    int units = kLength;
    if (job_.target) units = mean_epochs(world_, conduct(best), *job_.target, kLength).value_or(kLength);
    const Cost cost = epoch_cost(world_, conduct(best), {});
    oracle_ = {best, {}, units * cost.joules, units * cost.seconds, most};
  }

  World world_;
  double momentum_;
  double decay_;
  std::int64_t layers_;
  std::array<double, 3> schedules_{};  // constant, step, cosine: the share of the metric that each lacks
  Job job_;
  Oracle oracle_;
};

struct Named {
  std::string_view name;
  Family family;
};
constexpr std::array kFamilies = {Named{"batch", Family::kBatch}, Named{"rate", Family::kRate},
                                  Named{"large", Family::kLarge}};

struct Worlds {
  Named named;
  std::uint64_t first;
  std::uint64_t last;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

// "batch", "batch-3", "batch-0..9"
std::optional<Worlds> parse(std::string_view text) {
  const auto dash = text.find('-');
  const auto named = std::ranges::find(kFamilies, text.substr(0, dash), &Named::name);
  if (named == kFamilies.end()) return {};
  if (dash == std::string_view::npos) return Worlds{*named, 0, 0};
  const std::string_view range = text.substr(dash + 1);
  const auto dots = range.find("..");
  const auto first = number(range.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : number(range.substr(dots + 2));
  if (!first || !last || *last < *first || *last - *first >= kMostWorlds) return {};
  return Worlds{*named, *first, *last};
}

template <class Kind>
base::Result<std::unique_ptr<Workload>> checked(std::unique_ptr<Kind> workload) {
  if (!workload->reachable())
    return base::fail("{}: no setting reaches the target {}; give a lower one, or none", workload->job().name,
                      *workload->job().target);
  return workload;
}

base::Result<std::unique_ptr<Workload>> world(const Named& named, std::uint64_t index,
                                              const OpenOptions& options) {
  std::string name = fmt::format("{}-{}", named.name, index);
  const base::Random random(index, static_cast<std::uint64_t>(named.family));
  if (named.family == Family::kLarge)
    return checked(std::make_unique<Large>(std::move(name), random, options.target));
  return checked(
      std::make_unique<Tuned>(std::move(name), named.family == Family::kRate, random, options.target));
}

}  // namespace

base::Result<Opened> synthetic(const std::string& name, const OpenOptions& options) {
  const auto worlds = parse(name);
  if (!worlds)
    return base::fail(
        "'{}' is not a synthetic workload; write batch-N, rate-N or large-N, or batch-0..9 for many (at most "
        "{})",
        name, kMostWorlds);
  if (options.minimize.value_or(false))
    return base::fail("synthetic metrics go up; leave the goal out, or maximize");
  Opened opened;
  for (std::uint64_t index = worlds->first;; ++index) {
    auto made = world(worlds->named, index, options);
    if (!made) return tl::unexpected(made.error());
    opened.workloads.push_back(std::move(*made));
    if (index == worlds->last) return opened;
  }
}

}  // namespace sm2::workload
