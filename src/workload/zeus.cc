#include "workload/zeus.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "workload/zeus_files.h"

namespace sm2::workload {
namespace {

using namespace zeus;

constexpr int kEnoughBatchSizes = 3;  // that reach the default target in every run

struct Step {
  int epoch;
  double metric;  // oriented, the best so far
};
using Curve = std::vector<Step>;  // both ascending

std::optional<int> first_epoch(const Curve& curve, double target) {
  const auto found = std::ranges::lower_bound(curve, target, {}, &Step::metric);
  if (found == curve.end()) return {};
  return found->epoch;
}

Curve curve_of(const Run& run, bool minimized) {
  Curve all;
  for (const auto& [metric, epoch] : run)
    if (epoch) all.push_back({*epoch, minimized ? -metric : metric});
  std::ranges::sort(all, [](const Step& a, const Step& b) {
    return a.epoch != b.epoch ? a.epoch < b.epoch : a.metric > b.metric;
  });
  Curve best;
  for (const Step& step : all)
    if (best.empty() || step.metric > best.back().metric) best.push_back(step);
  return best;
}

// Above zero when runs reach higher thresholds later, which is what a metric to maximise looks like; never is
// latest.
int votes_to_maximize(const Trained& trained) {
  int votes = 0;
  const auto count = [&](const Run& run) {
    for (auto low = run.begin(), high = low; low != run.end(); low = high) {
      if (++high == run.end()) return;
      const double at_low = low->second.value_or(HUGE_VAL);
      const double at_high = high->second.value_or(HUGE_VAL);
      votes += (at_high > at_low) - (at_high < at_low);
    }
  };
  for (const auto& [batch, runs] : trained)
    for (const auto& [name, run] : runs) count(run);
  return votes;
}

bool several_learning_rates(const Runs& runs) {
  return runs.begin()->first.first != runs.rbegin()->first.first;
}

// What was trained, whichever the GPU.
struct Subject {
  Name key;
  std::string name;
  bool minimized = false;
  std::map<std::int64_t, std::vector<Curve>> curves;  // of each batch size
  std::set<double> metrics;                           // oriented, that some run reaches
  int longest = 0;                                    // epochs that some run took to some metric
  std::optional<double> target;                       // oriented
};

int batch_sizes_always_at(const Subject& subject, double metric) {
  return static_cast<int>(std::ranges::count_if(subject.curves, [&](const auto& of_batch) {
    return std::ranges::all_of(of_batch.second,
                               [&](const Curve& curve) { return first_epoch(curve, metric).has_value(); });
  }));
}

void choose_target(Subject& subject, std::vector<std::string>& notes) {
  int most = 0;
  for (const double metric : subject.metrics) most = std::max(most, batch_sizes_always_at(subject, metric));
  const int enough = std::min(most, kEnoughBatchSizes);
  if (enough == 0) return;
  for (const double metric : subject.metrics)
    if (batch_sizes_always_at(subject, metric) >= enough) subject.target = metric;
  if (enough < kEnoughBatchSizes)
    notes.push_back(fmt::format(
        "{}: the target is the best metric that {} reach{} in every run, because no three do", subject.name,
        enough == 1 ? "one batch size" : "two batch sizes", enough == 1 ? "es" : ""));
}

Subject subject_of(const Name& key, bool name_optimizer, const Trained& trained, const OpenOptions& options,
                   std::vector<std::string>& notes) {
  Subject subject;
  subject.key = key;
  subject.name = key.dataset + "/" + key.network + (name_optimizer ? "/" + key.optimizer : "");
  const int votes = votes_to_maximize(trained);
  subject.minimized = options.minimize.value_or(votes < 0);
  if (votes == 0 && !options.minimize)
    notes.push_back(
        fmt::format("{}: the runs do not show whether a high metric is better or a low one; taken as high",
                    subject.name));
  for (const auto& [batch, runs] : trained) {
    for (const auto& [run_name, run] : runs) {
      const Curve& curve = subject.curves[batch].emplace_back(curve_of(run, subject.minimized));
      for (const Step& step : curve) subject.metrics.insert(step.metric);
      for (const auto& [metric, epoch] : run) subject.longest = std::max(subject.longest, epoch.value_or(0));
    }
    if (several_learning_rates(runs))
      notes.push_back(
          fmt::format("{}: batch size {} has runs with several learning rates; one of all is drawn",
                      subject.name, batch));
  }
  if (options.target) {
    subject.target = subject.minimized ? -*options.target : *options.target;
  } else {
    choose_target(subject, notes);
  }
  return subject;
}

const Measured& nearest(const Limits& limits, base::Watts limit) {
  return *std::ranges::min_element(
      limits, {}, [&](const Measured& measured) { return std::abs(measured.limit.value - limit.value); });
}

struct Batch {
  const std::vector<Curve>* curves;
  const Limits* limits;
};

class Replayed : public Training {
 public:
  Replayed(const Curve& curve, const Limits& limits, int length)
      : curve_(curve), limits_(limits), length_(length) {}

  std::optional<double> metric(int unit) const override {
    const auto later = std::ranges::upper_bound(curve_, unit, {}, &Step::epoch);
    if (later == curve_.begin()) return {};
    return std::prev(later)->metric;
  }

  Cost cost(int /*unit*/, std::optional<base::Watts> limit) const override {
    const Measured& epoch = limit ? nearest(limits_, *limit) : limits_.back();
    return {epoch.time * epoch.power, epoch.time};
  }

  int length() const override { return length_; }

 private:
  const Curve& curve_;
  const Limits& limits_;
  int length_;
};

class Case : public Workload {
 public:
  Case(std::string name, std::shared_ptr<const Subject> subject, Powered power)
      : subject_(std::move(subject)), power_(std::move(power)), length_(2 * subject_->longest) {
    job_.name = std::move(name);
    job_.minimized = subject_->minimized;
    job_.target = subject_->target;
    job_.resource_max = length_;
    space::Categorical batch_sizes;
    std::set<base::Watts> limits;
    for (const auto& [size, curves] : subject_->curves) {
      const auto measured = power_.find(size);
      if (measured == power_.end() || measured->second.empty()) continue;
      batches_.emplace(size, Batch{&curves, &measured->second});
      batch_sizes.values.emplace_back(size);
      for (const Measured& epoch : measured->second) limits.insert(epoch.limit);
    }
    job_.power_limits.assign(limits.begin(), limits.end());
    if (auto space = space::Space::make({{"batch_size", std::move(batch_sizes), {}}}))
      job_.space = std::move(*space);
    for (const auto& [size, batch] : batches_) consider(size, batch);
  }

  const Job& job() const override { return job_; }
  const Oracle& oracle() const override { return oracle_; }

  std::unique_ptr<Training> draw(const space::Configuration& configuration,
                                 base::Random& random) const override {
    const Batch& batch = batches_.at(std::get<std::int64_t>(configuration.at("batch_size")));
    return std::make_unique<Replayed>((*batch.curves)[random.index(batch.curves->size())], *batch.limits,
                                      length_);
  }

  bool measured() const { return !batches_.empty(); }
  bool reachable() const { return !oracle_.configuration.empty(); }

 private:
  // Takes the batch size for the oracle's where it is better than those seen so far.
  void consider(std::int64_t size, const Batch& batch) {
    double sum = 0;
    int good = 0;
    for (const Curve& curve : *batch.curves) {
      const auto epoch = first_epoch(curve, *job_.target);
      sum += epoch.value_or(length_);
      good += epoch.has_value();
    }
    if (good == 0) return;
    const double epochs = sum / good;  // mean(T) + (1 - q) / q L, over one denominator
    for (const Measured& epoch : *batch.limits) {
      const base::Joules joules = epochs * (epoch.time * epoch.power);
      if (reachable() && joules >= oracle_.joules) continue;
      oracle_ = {{{"batch_size", size}}, epoch.limit, joules, epochs * epoch.time, *job_.target};
    }
  }

  std::shared_ptr<const Subject> subject_;
  Powered power_;
  int length_;
  std::map<std::int64_t, Batch> batches_;
  Job job_;
  Oracle oracle_;
};

std::vector<std::shared_ptr<const Subject>> subjects_of(const Files& files, const OpenOptions& options,
                                                        std::vector<std::string>& notes) {
  std::map<std::pair<std::string, std::string>, int> optimizers;
  for (const auto& [key, trained] : files.training) ++optimizers[{key.dataset, key.network}];
  std::vector<std::shared_ptr<const Subject>> subjects;
  for (const auto& [key, trained] : files.training) {
    const bool several = optimizers[{key.dataset, key.network}] > 1;
    auto subject = std::make_shared<const Subject>(subject_of(key, several, trained, options, notes));
    if (subject->target) {
      subjects.push_back(std::move(subject));
    } else {
      notes.push_back(fmt::format(
          "{}: left out: no batch size reaches any metric in every run; give a target", subject->name));
    }
  }
  return subjects;
}

}  // namespace

base::Result<Opened> read_zeus(const std::string& folder, const OpenOptions& options) {
  auto files = read_files(folder);
  if (!files) return tl::unexpected(files.error());
  Opened opened;
  const auto subjects = subjects_of(*files, options, opened.notes);
  for (auto& [gpu, measured] : files->power) {
    for (const auto& subject : subjects) {
      auto one =
          std::make_unique<Case>(gpu + "/" + subject->name, subject, std::move(measured[subject->key]));
      const std::string& name = one->job().name;
      if (!one->measured()) {
        opened.notes.push_back(
            fmt::format("{}: left out: no batch size has both training and power rows", name));
      } else if (!one->reachable()) {
        opened.notes.push_back(
            fmt::format("{}: left out: no batch size on this GPU reaches the target in any run", name));
      } else {
        opened.workloads.push_back(std::move(one));
      }
    }
  }
  if (opened.workloads.empty())
    return base::fail("{}: no case is left{}{}", folder, opened.notes.empty() ? "" : ": ",
                      fmt::join(opened.notes, "; "));
  return opened;
}

}  // namespace sm2::workload
