// A workload whose trainings a test spells out: by batch size, the courses it may turn out to be, each a metric after
// every unit and the cost of one. Under power limits a unit takes `joules` times and `seconds` times as much.
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include "workload/workload.h"

namespace sm2::testing {

struct FakeCourse {
  std::vector<std::optional<double>> metrics;  // after unit 1, 2, ...
  workload::Cost cost{base::Joules(10), base::Seconds(1)};
  std::vector<std::optional<double>> test_metrics = {};  // likewise; empty: none is known
};

class FakeWorkload final : public workload::Workload {
 public:
  struct Factors {
    double joules = 1, seconds = 1;
  };

  explicit FakeWorkload(std::map<std::int64_t, std::vector<FakeCourse>> courses,
                        std::optional<double> target = {})
      : courses_(std::move(courses)) {
    space::Categorical batch_sizes;
    for (const auto& [batch_size, course] : courses_) {
      batch_sizes.values.emplace_back(batch_size);
      job_.resource_max = std::max(job_.resource_max, static_cast<double>(course.front().metrics.size()));
    }
    job_.name = "fake";
    job_.space = *space::Space::make({{"batch_size", batch_sizes, {}}});
    job_.target = target;
    job_.samples_per_unit = 1000;
    oracle_.joules = base::Joules(100);
    oracle_.seconds = base::Seconds(10);
    oracle_.metric = 1;
  }

  void limit_power(std::map<double, Factors> limits) {
    limits_ = std::move(limits);
    for (const auto& [watts, factors] : limits_) job_.power_limits.emplace_back(watts);
  }
  workload::Job& change() { return job_; }
  workload::Oracle& change_oracle() { return oracle_; }

  const workload::Job& job() const override { return job_; }
  const workload::Oracle& oracle() const override { return oracle_; }
  std::unique_ptr<workload::Training> draw(const space::Configuration& configuration,
                                           base::Random& random) const override {
    const auto& all = courses_.at(std::get<std::int64_t>(configuration.at("batch_size")));
    return std::make_unique<Training>(all[random.index(all.size())], limits_);
  }

 private:
  class Training final : public workload::Training {
   public:
    Training(const FakeCourse& course, const std::map<double, Factors>& limits)
        : course_(course), limits_(limits) {}

    std::optional<double> metric(int unit) const override {
      return course_.metrics.at(static_cast<std::size_t>(unit - 1));
    }
    std::optional<double> test_metric(int unit) const override {
      return course_.test_metrics.empty() ? std::nullopt
                                          : course_.test_metrics.at(static_cast<std::size_t>(unit - 1));
    }
    workload::Cost cost(int, std::optional<base::Watts> limit) const override {
      if (!limit) return course_.cost;
      const Factors& factors = limits_.at(limit->value);
      return {factors.joules * course_.cost.joules, factors.seconds * course_.cost.seconds};
    }
    int length() const override { return static_cast<int>(course_.metrics.size()); }

   private:
    const FakeCourse& course_;
    const std::map<double, Factors>& limits_;
  };

  std::map<std::int64_t, std::vector<FakeCourse>> courses_;
  std::map<double, Factors> limits_;
  workload::Job job_;
  workload::Oracle oracle_;
};

}  // namespace sm2::testing
