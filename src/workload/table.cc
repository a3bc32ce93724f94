#include "workload/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "workload/csv.h"

namespace sm2::workload {
namespace {

constexpr std::array<std::string_view, 7> kReserved = {"seed",    "resource",    "metric",     "joules",
                                                       "seconds", "power_limit", "test_metric"};

struct Point {  // an evaluation
  int unit = 0;
  double metric = 0;           // oriented; NaN: diverged
  std::optional<double> test;  // oriented
  base::Joules joules;         // since the beginning
  base::Seconds seconds;
};
using Curve = std::vector<Point>;  // ascending units

struct Recording {                      // of one configuration and seed
  std::map<base::Watts, Curve> curves;  // by power limit; under zero where the table has none

  const Curve& seen() const { return curves.rbegin()->second; }  // metrics come from here
  int length() const { return seen().back().unit; }
};

const Curve& nearest(const Recording& recording, std::optional<base::Watts> limit) {
  if (!limit) return recording.seen();
  return std::ranges::min_element(
             recording.curves, {},
             [&](const auto& of_limit) { return std::abs(of_limit.first.value - limit->value); })
      ->second;
}

Cost unit_cost(const Curve& curve, int unit) {
  auto end = std::ranges::lower_bound(curve, unit, {}, &Point::unit);
  if (end == curve.end()) --end;  // trained for less under this limit: as in its last units
  const Point begin = end == curve.begin() ? Point{} : *std::prev(end);
  const double units = end->unit - begin.unit;
  return {(end->joules - begin.joules) / units, (end->seconds - begin.seconds) / units};
}

class Replayed : public Training {
 public:
  explicit Replayed(const Recording& recording) : recording_(recording) {}

  std::optional<double> metric(int unit) const override {
    const Point* last = last_until(unit);
    return last ? std::optional(last->metric) : std::nullopt;
  }

  std::optional<double> test_metric(int unit) const override {
    const Point* last = last_until(unit);
    return last ? last->test : std::nullopt;
  }

  Cost cost(int unit, std::optional<base::Watts> limit) const override {
    return unit_cost(nearest(recording_, limit), unit);
  }

  int length() const override { return recording_.length(); }

 private:
  const Point* last_until(int unit) const {  // null before the first
    const auto later = std::ranges::upper_bound(recording_.seen(), unit, {}, &Point::unit);
    return later == recording_.seen().begin() ? nullptr : &*std::prev(later);
  }

  const Recording& recording_;
};

class Impossible : public Training {  // a combination that the table does not hold
 public:
  std::optional<double> metric(int /*unit*/) const override {
    return std::numeric_limits<double>::quiet_NaN();
  }
  Cost cost(int /*unit*/, std::optional<base::Watts> /*limit*/) const override { return {}; }
  int length() const override { return 1; }
};

// The units until the target, or all.
std::pair<int, bool> units_to(const Recording& recording, double target) {
  for (const Point& point : recording.seen())
    if (point.metric >= target) return {point.unit, true};
  return {recording.length(), false};
}

Cost cost_of(const Curve& curve, int units) {
  const auto end = std::ranges::lower_bound(curve, units, {}, &Point::unit);
  const Point begin = end == curve.begin() ? Point{} : *std::prev(end);
  const Cost each = unit_cost(curve, units);
  const double more = units - begin.unit;
  return {begin.joules + more * each.joules, begin.seconds + more * each.seconds};
}

using Recordings = std::map<space::Configuration, std::map<std::string, Recording>>;

class Table : public Workload {
 public:
  Table(Job job, std::map<space::Configuration, std::vector<Recording>> recordings)
      : job_(std::move(job)), recordings_(std::move(recordings)) {
    std::vector<base::Watts> limits = job_.power_limits;
    if (limits.empty()) limits.emplace_back(0.0);
    for (const auto& [configuration, seeds] : recordings_)
      for (const base::Watts limit : limits) consider(configuration, seeds, limit);
  }

  const Job& job() const override { return job_; }
  const Oracle& oracle() const override { return oracle_; }
  bool solvable() const { return !oracle_.configuration.empty(); }

  std::unique_ptr<Training> draw(const space::Configuration& configuration,
                                 base::Random& random) const override {
    const auto found = recordings_.find(configuration);
    if (found == recordings_.end()) return std::make_unique<Impossible>();
    return std::make_unique<Replayed>(found->second[random.index(found->second.size())]);
  }

 private:
  // Takes the setting for the oracle's where it is better than those seen so far.
  void consider(const space::Configuration& configuration, const std::vector<Recording>& seeds,
                base::Watts limit) {
    Cost sum;
    double metrics = 0;
    double good = 0;
    for (const Recording& recording : seeds) {
      const auto [units, reached] =
          job_.target ? units_to(recording, *job_.target) : std::pair(recording.length(), true);
      const Cost cost = cost_of(nearest(recording, limit), units);
      sum.joules += cost.joules;
      sum.seconds += cost.seconds;
      metrics += recording.seen().back().metric;
      good += reached;
    }
    if (good == 0 || (!job_.target && std::isnan(metrics))) return;
    const Oracle offered{configuration, job_.power_limits.empty() ? std::nullopt : std::optional(limit),
                         sum.joules / good, sum.seconds / good, job_.target.value_or(metrics / good)};
    if (!solvable() || better(offered)) oracle_ = offered;
  }

  bool better(const Oracle& offered) const {
    if (!job_.target && offered.metric != oracle_.metric) return offered.metric > oracle_.metric;
    return offered.joules < oracle_.joules;
  }

  Job job_;
  std::map<space::Configuration, std::vector<Recording>> recordings_;
  Oracle oracle_;
};

bool reserved(const std::string& column) { return std::ranges::find(kReserved, column) != kReserved.end(); }

space::Value value_of(const std::string& text, bool numbers, bool whole) {
  if (!numbers) return text;
  if (whole) return static_cast<std::int64_t>(*parse_number(text));
  return *parse_number(text);
}

// A column's values, row by row.
std::vector<space::Value> values_of(const Csv& csv, std::size_t column) {
  constexpr double kMostWhole = 9e15;  // doubles hold every whole number up to here
  bool numbers = true;
  bool whole = true;
  for (const Csv::Row& row : csv.rows()) {
    const auto number = parse_number(row.fields[column]);
    numbers = numbers && number && std::isfinite(*number);
    whole = whole && numbers && std::abs(*number) < kMostWhole && *number == std::floor(*number);
  }
  std::vector<space::Value> values;
  for (const Csv::Row& row : csv.rows()) values.push_back(value_of(row.fields[column], numbers, whole));
  return values;
}

// The rows' configurations, and the space of their values.
struct Parameters {
  std::vector<space::Configuration> rows;
  space::Space space;
};

base::Result<Parameters> parameters_of(const Csv& csv) {
  Parameters parameters;
  parameters.rows.resize(csv.rows().size());
  std::vector<space::Parameter> found;
  for (std::size_t column = 0; column < csv.columns().size(); ++column) {
    const std::string& name = csv.columns()[column];
    if (reserved(name)) continue;
    const auto values = values_of(csv, column);
    for (std::size_t row = 0; row < values.size(); ++row) parameters.rows[row].emplace(name, values[row]);
    const std::set<space::Value> distinct(values.begin(), values.end());
    found.push_back({name, space::Categorical{{distinct.begin(), distinct.end()}}, {}});
  }
  if (found.empty())
    return base::fail("{}:1: no column is a parameter; give each parameter a column beside {}", csv.name(),
                      fmt::join(kReserved, ", "));
  auto space = space::Space::make(std::move(found));
  if (!space) return base::fail("{}:1: {}", csv.name(), space.error().message);
  parameters.space = std::move(*space);
  return parameters;
}

struct Evaluation {  // a row
  std::size_t line;
  space::Configuration configuration;
  std::string seed;
  std::int64_t resource;
  base::Watts limit;
  Point point;  // without its unit
};

base::Result<std::vector<Evaluation>> evaluations_of(const Csv& csv,
                                                     std::vector<space::Configuration> configurations,
                                                     bool minimized) {
  const auto at = csv.find({"seed", "resource", "metric", "joules", "seconds"});
  if (!at) return tl::unexpected(at.error());
  const auto limit_at = csv.find({"power_limit"});
  const auto test_at = csv.find({"test_metric"});
  const double sign = minimized ? -1 : 1;
  std::vector<Evaluation> evaluations;
  for (std::size_t i = 0; i < csv.rows().size(); ++i) {
    const Csv::Row& row = csv.rows()[i];
    Fields fields(csv, row);
    for (std::size_t column = 0; column < row.fields.size(); ++column) {
      if (!test_at || column != test_at->front()) fields.text(column);
    }
    const double metric = fields.known((*at)[2]).value_or(std::numeric_limits<double>::quiet_NaN());
    std::optional<double> test;
    if (test_at) test = fields.known(test_at->front());
    if (test) test = sign * *test;
    Evaluation evaluation{row.line,
                          std::move(configurations[i]),
                          fields.text((*at)[0]),
                          fields.whole((*at)[1]),
                          base::Watts(limit_at ? fields.positive((*limit_at)[0]) : 0),
                          {0, sign * metric, test, base::Joules(fields.number((*at)[3])),
                           base::Seconds(fields.number((*at)[4]))}};
    if (fields.error()) return tl::unexpected(*fields.error());
    evaluations.push_back(std::move(evaluation));
  }
  return evaluations;
}

std::int64_t unit_of(const std::vector<Evaluation>& evaluations) {
  return std::accumulate(
      evaluations.begin(), evaluations.end(), std::int64_t{0},
      [](std::int64_t unit, const Evaluation& evaluation) { return std::gcd(unit, evaluation.resource); });
}

base::Result<Recordings> recordings_of(const Csv& csv, std::vector<Evaluation> evaluations) {
  const std::int64_t unit = unit_of(evaluations);
  std::ranges::stable_sort(evaluations, {}, &Evaluation::resource);
  if (evaluations.back().resource / unit > std::numeric_limits<int>::max() / 2)
    return base::fail("{}:{}: resource {} is too many units of {}; count in larger ones", csv.name(),
                      evaluations.back().line, evaluations.back().resource, unit);
  Recordings recordings;
  for (Evaluation& evaluation : evaluations) {
    Curve& curve = recordings[evaluation.configuration][evaluation.seed].curves[evaluation.limit];
    Point point = evaluation.point;
    point.unit = static_cast<int>(evaluation.resource / unit);
    const Point before = curve.empty() ? Point{} : curve.back();
    if (point.unit == before.unit)
      return base::fail("{}:{}: this trial has a row at resource {} already; leave one of them", csv.name(),
                        evaluation.line, evaluation.resource);
    if (point.joules < before.joules || point.seconds < before.seconds)
      return base::fail(
          "{}:{}: joules or seconds are less than before; count both from the trial's beginning", csv.name(),
          evaluation.line);
    curve.push_back(point);
  }
  return recordings;
}

std::vector<base::Watts> limits_of(const Recordings& recordings) {
  std::set<base::Watts> limits;
  for (const auto& [configuration, seeds] : recordings)
    for (const auto& [seed, recording] : seeds)
      for (const auto& [limit, curve] : recording.curves) limits.insert(limit);
  limits.erase(base::Watts(0));
  return {limits.begin(), limits.end()};
}

// Without the seeds' names.
std::map<space::Configuration, std::vector<Recording>> anonymous(Recordings recordings) {
  std::map<space::Configuration, std::vector<Recording>> all;
  for (auto& [configuration, seeds] : recordings)
    for (auto& [seed, recording] : seeds) all[configuration].push_back(std::move(recording));
  return all;
}

int longest(const Recordings& recordings) {
  int units = 0;
  for (const auto& [configuration, seeds] : recordings)
    for (const auto& [seed, recording] : seeds) units = std::max(units, recording.length());
  return units;
}

}  // namespace

base::Result<Opened> read_table(const std::string& file, const OpenOptions& options) {
  const auto csv = Csv::read(file);
  if (!csv) return tl::unexpected(csv.error());
  if (csv->rows().empty())
    return base::fail("{}:1: no rows follow the header; give one for each evaluation", file);
  auto parameters = parameters_of(*csv);
  if (!parameters) return tl::unexpected(parameters.error());
  const bool minimized = options.minimize.value_or(false);
  auto evaluations = evaluations_of(*csv, std::move(parameters->rows), minimized);
  if (!evaluations) return tl::unexpected(evaluations.error());
  auto recordings = recordings_of(*csv, std::move(*evaluations));
  if (!recordings) return tl::unexpected(recordings.error());
  Job job;
  job.name = std::filesystem::path(file).stem();
  job.space = std::move(parameters->space);
  job.minimized = minimized;
  if (options.target) job.target = minimized ? -*options.target : *options.target;
  job.resource_max = longest(*recordings);
  job.power_limits = limits_of(*recordings);
  auto table = std::make_unique<Table>(std::move(job), anonymous(std::move(*recordings)));
  if (!table->solvable()) {
    if (options.target)
      return base::fail("{}: no row reaches the target {}; give one that some do", file, *options.target);
    return base::fail("{}: every trial diverges; give one that ends with a metric", file);
  }
  if (table->oracle().joules <= base::Joules(0))
    return base::fail(
        "{}: the best setting uses no joules, and nothing can be compared with it; give joules above 0",
        file);
  Opened opened;
  opened.workloads.push_back(std::move(table));
  return opened;
}

}  // namespace sm2::workload
