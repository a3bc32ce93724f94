#include "config/study_file.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/program_output.h"
#include "base/read_file.h"
#include "base/units.h"
#include "config/command.h"
#include "config/past_file.h"
#include "config/reader.h"
#include "runner/pattern.h"

namespace sm2::config {
namespace {

constexpr std::size_t kLongestName = 100;
constexpr std::string_view kCommandPrefix = "command:";

Metric read_metric(Reader& study) {
  auto reader = study.table("metric");
  if (!reader)
    study.fail(
        "", "metric is missing; write for example metric = { name = \"val_accuracy\", goal = \"maximize\" }");
  Metric metric;
  metric.name = reader->required("name", reader->text("name"), "name = \"val_accuracy\"");
  if (metric.name.empty()) reader->fail("name", "must not be empty");
  const std::string goal = reader->text("goal").value_or("maximize");
  if (goal != "maximize" && goal != "minimize") reader->fail("goal", "must be \"maximize\" or \"minimize\"");
  metric.goal = goal == "maximize" ? Goal::kMaximize : Goal::kMinimize;
  metric.target = reader->number("target");
  reader->finish();
  return metric;
}

Resource read_resource(Reader& study) {
  auto reader = study.table("resource");
  if (!reader)
    study.fail("", "resource is missing; write for example resource = { unit = \"epoch\", max = 20 }");
  Resource resource;
  resource.unit = reader->text("unit").value_or("epoch");
  if (resource.unit.empty()) reader->fail("unit", "must not be empty");
  resource.max = reader->required("max", reader->number("max"), "max = 20");
  if (resource.max <= 0) reader->fail("max", "must be above 0");
  resource.min = reader->number("min").value_or(std::min(1.0, resource.max));
  if (resource.min <= 0 || resource.min > resource.max) {
    reader->fail("min", fmt::format("must be above 0 and at most max = {:g}", resource.max));
  }
  for (const auto& [key, value] : {std::pair{"max", resource.max}, {"min", resource.min}}) {
    if (!std::isnormal(value)) reader->fail(key, "must be at least 2.3e-308");
  }
  reader->finish();
  return resource;
}

void read_study_table(Reader& root, Spec& spec) {
  auto reader = root.table("study");
  if (!reader) root.fail("", "the table [study] is missing; sm2 init writes an example");
  spec.name = reader->required("name", reader->text("name"), "name = \"my-study\"");
  if (!is_name(spec.name)) {
    reader->fail("name", "must be 1 to 100 letters, digits, '-', '_' and '.', and not begin with '.'");
  }
  spec.command = reader->required("command", reader->texts("command"),
                                  "command = [\"./train\", \"--lr={learning_rate}\"]");
  if (spec.command[0].empty()) reader->fail("command", "begins with an empty text; name the program to run");
  spec.command_line = reader->line("command");
  spec.directory = reader->text("directory");
  spec.directory_line = reader->line("directory");
  spec.metric = read_metric(*reader);
  spec.resource = read_resource(*reader);
  if (spec.metric.name == spec.resource.unit) reader->fail("metric", "and resource.unit have the same name");
  spec.pattern = reader->text("pattern");
  if (spec.pattern) {
    const auto checked = runner::check({*spec.pattern, spec.metric.name, spec.resource.unit});
    if (!checked) reader->fail("pattern", checked.error().message);
  }
  reader->finish();
}

space::Scale read_scale(Reader& reader) {
  const std::string scale = reader.text("scale").value_or("linear");
  if (scale != "linear" && scale != "log") reader.fail("scale", "must be \"linear\" or \"log\"");
  return scale == "log" ? space::Scale::kLog : space::Scale::kLinear;
}

space::Domain read_domain(Reader& reader) {
  if (reader.has("values")) return space::Categorical{*reader.values("values")};
  if (!reader.has("low") || !reader.has("high")) {
    reader.fail("", "needs values = [...], or low = ... and high = ...");
  }
  const auto is_integer = [&](std::string_view key) {
    return !reader.has(key) || reader.node(key)->is_integer();
  };
  const space::Scale scale = read_scale(reader);
  if (is_integer("low") && is_integer("high") && is_integer("step")) {
    return space::Integer{*reader.integer("low"), *reader.integer("high"), reader.integer("step").value_or(1),
                          scale};
  }
  return space::Real{*reader.number("low"), *reader.number("high"), reader.number("step"), scale};
}

std::optional<space::Condition> read_condition(Reader& reader) {
  auto when = reader.table("when");
  if (!when) return {};
  const auto parents = when->keys();
  if (parents.size() != 1)
    when->fail("", "must name one parameter, for example when = { optimizer = \"sgd\" }");
  return space::Condition{parents[0], *when->values(parents[0])};
}

void read_space(Reader& root, Spec& spec) {
  auto reader = root.table("space");
  if (!reader) root.fail("", "the table [space] is missing; sm2 init writes an example");
  std::vector<space::Parameter> parameters;
  for (const std::string& name : reader->keys()) {
    if (!is_name(name)) reader->fail(name, "is no parameter name: letters, digits, '-', '_' and '.' only");
    auto parameter = reader->table(name);
    parameters.push_back({name, read_domain(*parameter), read_condition(*parameter)});
    parameter->finish();
    if (auto checked = space::check(parameters.back().domain); !checked)
      reader->fail(name, checked.error().message);
  }
  if (parameters.empty())
    reader->fail("", "names no parameter; write for example batch_size = { values = [32, 64] }");
  auto made = space::Space::make(std::move(parameters));
  if (!made) {
    const std::string& message = made.error().message;
    const auto colon = message.find(": ");
    reader->fail(message.substr(0, colon), message.substr(colon + 2));
  }
  spec.space = std::move(*made);
}

void check_command(Reader& root, const Spec& spec) {
  Reader study = *root.table("study");
  std::set<std::string> used;
  for (const std::string& argument : spec.command) {
    const auto names = placeholders(argument);
    if (!names) study.fail("command", names.error().message);
    for (const std::string& name : *names) {
      if (!spec.space.find(name)) {
        study.fail("command",
                   fmt::format("the placeholder {{{}}} is no parameter of [space]; add it there, or write "
                               "{{{{{}}}}} for the text itself",
                               name, name));
      }
      used.insert(name);
    }
  }
  if (!spec.pattern) return;
  for (const space::Parameter& parameter : spec.space.parameters()) {
    if (used.contains(parameter.name)) continue;
    study.fail("command",
               fmt::format("the parameter {} reaches the program nowhere; add {{{}}} to an argument",
                           parameter.name, parameter.name));
  }
}

bool can_cycle(const Spec& spec) {
  const space::Parameter* rate = spec.space.find("learning_rate");
  const auto* real = rate ? std::get_if<space::Real>(&rate->domain) : nullptr;
  return real && real->low > 0 && !rate->condition && !spec.pattern;
}

bool aims_at_target(const Spec& spec) { return spec.strategy == "sm2" && spec.metric.target; }

bool read_cycle(Reader& reader, const Spec& spec) {
  const bool knows_cycles = spec.strategy == "sm2" || spec.strategy == "sm2-classic";
  const auto chosen = reader.text("learning_rate");
  // With a target sm2 looks for batch size and learning rate together.
  if (!chosen) return knows_cycles && can_cycle(spec) && !aims_at_target(spec);
  if (*chosen == "sample") return false;
  if (*chosen != "cycle") reader.fail("learning_rate", "must be \"cycle\" or \"sample\"");
  if (!knows_cycles)
    reader.fail("learning_rate", "can be \"cycle\" with the strategies sm2 and sm2-classic only");
  if (!can_cycle(spec)) {
    reader.fail("learning_rate",
                "\"cycle\" needs a client (no pattern) and a parameter learning_rate with low and high above "
                "0 and no "
                "condition");
  }
  return true;
}

template <class T>
T in_range(Reader& reader, std::string_view key, std::optional<T> value, T otherwise, T low, T high) {
  if (value && (*value < low || *value > high)) {
    reader.fail(key, fmt::format("must be between {} and {}", low, high));
  }
  return value.value_or(otherwise);
}

void read_warm_start(Reader& reader, Spec& spec) {
  spec.warm_start = reader.texts("warm_start").value_or(std::vector<std::string>());
  spec.warm_start_line = reader.line("warm_start");
  std::set<std::string> seen;
  for (const std::string& name : spec.warm_start) {
    if (!is_name(name) && !past_file(name))
      reader.fail("warm_start", fmt::format("'{}' is no name of a study, nor optuna:FILE or csv:FILE", name));
    if (name == spec.name) reader.fail("warm_start", "names the study itself; name earlier ones");
    if (!seen.insert(name).second) reader.fail("warm_start", fmt::format("names '{}' twice", name));
  }
}

void read_strategy(Reader& root, Spec& spec) {
  static const toml::table nothing;
  static const std::string no_file;
  Reader reader = root.table("strategy").value_or(Reader(nothing, "strategy", no_file));
  spec.strategy = reader.text("name").value_or("sm2");
  strategy::Options& options = spec.options;
  constexpr std::int64_t kMany = 1'000'000;
  options.seed = static_cast<std::uint64_t>(in_range<std::int64_t>(
      reader, "seed", reader.integer("seed"), 1, 0, std::numeric_limits<std::int64_t>::max()));
  if (const auto candidates = reader.integer("candidates")) {
    options.candidates =
        static_cast<int>(in_range<std::int64_t>(reader, "candidates", candidates, 1, 1, kMany));
  }
  options.points =
      static_cast<int>(in_range<std::int64_t>(reader, "points", reader.integer("points"), 5, 2, 1000));
  options.eta = in_range(reader, "eta", reader.number("eta"), 2.0, 1.5, 100.0);
  options.probe = reader.quantity("probe", base::parse_duration).value_or(base::Seconds(2));
  if (options.probe <= base::Seconds(0)) reader.fail("probe", "must be above 0");
  options.resource_min = spec.resource.min;
  options.resource_max = spec.resource.max;
  options.resource_is_steps = spec.resource.unit == "step" || spec.resource.unit == "steps";
  options.resumes = !spec.pattern;
  options.metric = spec.metric.name;
  options.minimized = spec.metric.goal == Goal::kMinimize;
  if (spec.metric.target) options.target = oriented(spec.metric, *spec.metric.target);
  options.pruner = reader.text("pruner").value_or("none");
  if (options.pruner != "none" && options.pruner != "median")
    reader.fail("pruner", "must be \"none\" or \"median\"");
  read_warm_start(reader, spec);
  options.cycle_learning_rate = read_cycle(reader, spec);
  reader.finish();
}

trial::Schedule::Kind read_kind(Reader& reader, std::string_view key, trial::Schedule::Kind otherwise,
                                std::initializer_list<trial::Schedule::Kind> possible) {
  const auto written = reader.text(key);
  if (!written) return otherwise;
  const auto kind = trial::kind_named(*written);
  if (kind && std::ranges::find(possible, *kind) != possible.end()) return *kind;
  std::vector<std::string> names;
  for (const auto each : possible) names.push_back(fmt::format("\"{}\"", trial::name(each)));
  reader.fail(key, fmt::format("must be one of {}", fmt::join(names, ", ")));
}

void read_schedule(Reader& root, Spec& spec) {
  auto reader = root.table("schedule");
  if (!reader) return;
  if (const auto keys = reader->keys(); !keys.empty() && !spec.options.cycle_learning_rate) {
    reader->fail(
        keys.front(),
        "needs a learning rate that is cycled: learning_rate = \"cycle\" in [strategy], which sm2 and "
        "sm2-classic take without a pattern");
  }
  using Kind = trial::Schedule::Kind;
  trial::SchedulePlan& plan = spec.options.schedules;
  plan.explore =
      read_kind(*reader, "explore", plan.explore,
                {Kind::kTriangular, Kind::kTriangular2, Kind::kExpRange, Kind::kOneCycle, Kind::kRangeTest});
  const bool whole_rung = plan.explore == Kind::kOneCycle || plan.explore == Kind::kRangeTest;
  if (whole_rung && aims_at_target(spec)) {
    reader->fail(
        "explore",
        fmt::format("\"{}\" is as long as a rung, and sm2 with a target has none; write one of "
                    "\"triangular\", \"triangular2\", \"exp-range\", or name sm2-classic in [strategy]",
                    trial::name(plan.explore)));
  }
  if (plan.explore == Kind::kOneCycle && reader->has("cycle"))
    reader->fail("cycle", "has no meaning with explore = \"one-cycle\", which is as long as its rung");
  plan.cycle = reader->number("cycle").value_or(plan.cycle);
  if (plan.cycle <= 0 || plan.cycle > spec.resource.max) {
    reader->fail("cycle",
                 fmt::format("must be above 0 and at most study.resource.max = {:g}", spec.resource.max));
  }
  if (plan.explore != Kind::kExpRange && reader->has("gamma"))
    reader->fail("gamma", "has a meaning with explore = \"exp-range\" only");
  plan.gamma = reader->number("gamma").value_or(plan.gamma);
  if (plan.gamma <= 0 || plan.gamma > 1) reader->fail("gamma", "must be above 0 and at most 1");
  plan.last = read_kind(*reader, "final", plan.last, {Kind::kCosine, Kind::kConstant, Kind::kOneCycle});
  reader->finish();
}

void read_objective(Reader& root, Spec& spec) {
  auto reader = root.table("objective");
  if (!reader) return;
  objective::Weights& weights = spec.options.weights;
  weights.energy = in_range(*reader, "energy", reader->number("energy"), weights.energy, 0.0, 1.0);
  weights.stability =
      in_range(*reader, "stability", reader->number("stability"), weights.stability, 0.0, 1.0);
  if (weights.energy + weights.stability > 1)
    reader->fail("stability", "and energy are together more than 1");
  weights.guard = reader->number("guard");
  if (weights.guard && *weights.guard <= 0) reader->fail("guard", "must be above 0, in units of the metric");
  reader->finish();
}

void read_budget(Reader& root, Spec& spec) {
  auto reader = root.table("budget");
  if (!reader) return;
  spec.budget.energy = reader->quantity("energy", base::parse_energy);
  if (spec.budget.energy && *spec.budget.energy <= base::Joules(0)) reader->fail("energy", "must be above 0");
  spec.options.energy = spec.budget.energy;
  spec.budget.time = reader->quantity("time", base::parse_duration);
  if (spec.budget.time && *spec.budget.time <= base::Seconds(0)) reader->fail("time", "must be above 0");
  spec.budget.carbon = reader->quantity("carbon", footprint::parse_carbon);
  if (spec.budget.carbon && *spec.budget.carbon <= 0) reader->fail("carbon", "must be above 0");
  spec.budget.cost = reader->quantity("cost", footprint::parse_cost);
  if (spec.budget.cost && spec.budget.cost->amount <= 0) reader->fail("cost", "must be above 0");
  if (const auto trials = reader->integer("trials")) {
    spec.budget.trials =
        static_cast<int>(in_range<std::int64_t>(*reader, "trials", trials, 1, 1, 1'000'000'000));
  }
  reader->finish();
  if (!spec.budget.trials) return;
  if (spec.options.candidates && *spec.options.candidates > *spec.budget.trials) {
    reader->fail("trials",
                 fmt::format("must be at least strategy.candidates = {}", *spec.options.candidates));
  }
  spec.options.candidates = spec.options.candidates.value_or(*spec.budget.trials);
}

void read_cpu_watts(Reader& reader, EnergySettings& energy) {
  energy.idle = reader.quantity("cpu_idle", base::parse_power);
  energy.busy = reader.quantity("cpu_busy", base::parse_power);
  if (energy.idle && *energy.idle < base::Watts(0)) reader.fail("cpu_idle", "must not be negative");
  if (energy.idle.has_value() != energy.busy.has_value()) {
    reader.fail("", "cpu_idle and cpu_busy go together: watts of one logical processor, idle and fully used");
  }
  if (energy.busy && *energy.busy <= *energy.idle) reader.fail("cpu_busy", "must be above cpu_idle");
}

void read_grid(Reader& reader, EnergySettings& energy) {
  energy.grid = reader.text("grid");
  if (!energy.grid) return;
  if (!energy.grid->starts_with(kCommandPrefix)) {
    if (const auto parsed = footprint::parse_grid(*energy.grid); !parsed)
      reader.fail("grid", parsed.error().message);
    return;
  }
  const auto words = base::split_words(std::string_view(*energy.grid).substr(kCommandPrefix.size()));
  if (!words) reader.fail("grid", words.error().message);
  if (words->empty() || words->front().empty()) {
    reader.fail("grid", "names no command; write for example \"command:./intensity --zone DE\"");
  }
}

// A time to measure it for, or a table of watts by domain.
void read_idle(Reader& reader, EnergySettings& energy) {
  if (!reader.has("idle")) return;
  if (!reader.node("idle")->is_table()) {
    energy.idle_for = reader.quantity("idle", base::parse_duration);
    if (*energy.idle_for <= base::Seconds(0)) reader.fail("idle", "must be above 0");
    return;
  }
  auto domains = reader.table("idle");
  for (const std::string& domain : domains->keys()) {
    energy.idle_watts[domain] = *domains->quantity(domain, base::parse_power);
    if (energy.idle_watts[domain] < base::Watts(0)) domains->fail(domain, "must not be negative");
  }
}

// A power, or "tune": look for the best one.
void read_power_limit(Reader& reader, Spec& spec) {
  spec.power_limit_line = reader.line("power_limit");
  const auto written = reader.text("power_limit");
  spec.options.tune_power = written == "tune";
  if (!written || spec.options.tune_power) return;
  const auto limit = base::parse_power(*written);
  if (!limit) reader.fail("power_limit", limit.error().message + "; or write \"tune\"");
  if (*limit <= base::Watts(0)) reader.fail("power_limit", "must be above 0");
  spec.energy.power_limit = *limit;
}

void read_energy(Reader& root, Spec& spec) {
  auto reader = root.table("energy");
  if (!reader) return;
  EnergySettings& energy = spec.energy;
  if (auto sources = reader->texts("sources")) energy.sources = std::move(*sources);
  spec.sources_line = reader->line("sources");
  read_cpu_watts(*reader, energy);
  read_grid(*reader, energy);
  spec.grid_line = reader->line("grid");
  energy.price = reader->quantity("price", footprint::parse_price);
  read_idle(*reader, energy);
  spec.idle_line = reader->line("idle");
  read_power_limit(*reader, spec);
  reader->finish();
}

void read_devices(Reader& root, Spec& spec) {
  auto reader = root.table("devices");
  if (!reader) return;
  constexpr std::int64_t kMostGpus = 1'000;
  DeviceSettings& devices = spec.devices;
  if (const auto gpus = reader->integer("gpus"))
    devices.gpus = static_cast<int>(in_range<std::int64_t>(*reader, "gpus", gpus, 0, 0, kMostGpus));
  spec.gpus_line = reader->line("gpus");
  if (auto use = reader->texts("use")) devices.use = std::move(*use);
  spec.use_line = reader->line("use");
  if (devices.gpus == 0 && !devices.use.empty())
    reader->fail("use", "has no meaning with gpus = 0, with which no trial sees a GPU");
  const auto share = reader->flag("share");
  if (share && devices.gpus.value_or(0) == 0)
    reader->fail("share",
                 "has a meaning with gpus = 1 or more only; without gpus, trials at a time share all");
  devices.share = share.value_or(false);
  reader->finish();
}

// Budgets that need something of [energy].
void check_footprint(Reader& root, const Spec& spec) {
  if (!spec.budget.carbon && !spec.budget.cost) return;
  Reader budget = *root.table("budget");
  if (spec.budget.carbon && !spec.energy.grid) {
    budget.fail("carbon", "needs the grid intensity; write for example grid = \"DE\" in [energy]");
  }
  if (!spec.budget.cost) return;
  const std::string& currency = spec.budget.cost->currency;
  if (!spec.energy.price) {
    budget.fail("cost", fmt::format("needs the price; write for example price = \"0.30 {}/kWh\" in [energy]",
                                    currency));
  }
  if (spec.energy.price->currency != currency) {
    budget.fail("cost", fmt::format("is in {} but energy.price is in {}; write both in one currency",
                                    currency, spec.energy.price->currency));
  }
}

void read_limits(Reader& root, Spec& spec) {
  auto reader = root.table("limits");
  if (!reader) return;
  const auto positive = [&](std::string_view key) {
    const auto limit = reader->quantity(key, base::parse_duration);
    if (limit && *limit <= base::Seconds(0)) reader->fail(key, "must be above 0");
    return limit;
  };
  spec.limits.wall = positive("wall");
  spec.trial_limits.time = positive("time");
  spec.trial_limits.energy = reader->quantity("energy", base::parse_energy);
  if (spec.trial_limits.energy && *spec.trial_limits.energy <= base::Joules(0))
    reader->fail("energy", "must be above 0");
  const auto positive_size = [&](std::string_view key) {
    const auto limit = reader->quantity(key, base::parse_size);
    if (limit == std::size_t{0}) reader->fail(key, "must be above 0");
    return limit;
  };
  spec.limits.memory = positive_size("memory");
  spec.limits.disk = positive_size("disk");
  if (const auto cpu = reader->integer("cpu")) {
    constexpr std::int64_t kMostProcessors = 1'000'000;
    spec.limits.cpu = static_cast<int>(in_range<std::int64_t>(*reader, "cpu", cpu, 1, 1, kMostProcessors));
  }
  spec.limits.silence = positive("silence");
  spec.limits.grace = positive("grace").value_or(spec.limits.grace);
  spec.limits.log_bytes = reader->quantity("log", base::parse_size).value_or(spec.limits.log_bytes);
  if (spec.limits.log_bytes < 4096) reader->fail("log", "must be at least 4 KiB");
  reader->finish();
}

int count(Reader& reader, std::string_view key, int otherwise, std::int64_t most) {
  const auto given = reader.integer(key);
  return given ? static_cast<int>(in_range<std::int64_t>(reader, key, given, otherwise, 1, most)) : otherwise;
}

void read_slurm(Reader& root, Spec& spec) {
  auto reader = root.table("slurm");
  if (!reader) return;
  constexpr std::int64_t kMostJobs = 10'000, kMostPlaces = 1024, kMostDevices = 1'000'000;
  Slurm& slurm = spec.slurm;
  slurm.workers = count(*reader, "workers", slurm.workers, kMostJobs);
  slurm.places = count(*reader, "places", slurm.places, kMostPlaces);
  slurm.partition = reader->text("partition");
  slurm.account = reader->text("account");
  if (reader->has("gpus")) slurm.gpus = count(*reader, "gpus", 1, kMostDevices);
  if (reader->has("cpus")) slurm.cpus = count(*reader, "cpus", 1, kMostDevices);
  slurm.memory = reader->quantity("memory", base::parse_size);
  if (slurm.memory && *slurm.memory < (std::size_t{1} << 20))
    reader->fail("memory", "must be at least 1 MiB");
  slurm.time = reader->quantity("time", base::parse_duration);
  if (slurm.time && *slurm.time < base::Seconds(60)) reader->fail("time", "must be at least 1 min");
  slurm.options = reader->texts("options").value_or(std::vector<std::string>());
  for (const std::string& option : slurm.options) {
    if (!option.starts_with("--") || option.size() < 3)
      reader->fail("options", fmt::format("has '{}'; write each as \"--name\" or \"--name=value\"", option));
  }
  reader->finish();
}

Spec read(const toml::table& table, const std::string& file) {
  Spec spec;
  Reader root(table, "", file);
  for (const char* name : {"study", "space", "strategy", "schedule", "objective", "budget", "energy",
                           "devices", "limits", "slurm"})
    root.table(name);
  root.finish();
  read_study_table(root, spec);
  read_space(root, spec);
  check_command(root, spec);
  read_strategy(root, spec);
  read_schedule(root, spec);
  read_objective(root, spec);
  read_budget(root, spec);
  read_energy(root, spec);
  check_footprint(root, spec);
  read_devices(root, spec);
  read_limits(root, spec);
  read_slurm(root, spec);
  if (auto made = strategy::make(spec.strategy, spec.space, spec.options); !made) {
    Reader at = root.has("strategy") ? *root.table("strategy") : root;
    at.fail(at.has("name") ? "name" : "", made.error().message);
  }
  return spec;
}

}  // namespace

bool is_name(std::string_view name) {
  const auto good = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= kLongestName && name[0] != '.' && std::ranges::all_of(name, good);
}

double oriented(const Metric& metric, double value) {
  return metric.goal == Goal::kMaximize ? value : -value;
}

bool reaches_target(const Metric& metric, double value) {
  return metric.target && oriented(metric, value) >= oriented(metric, *metric.target);
}

std::vector<std::string> grid_command(std::string_view grid) {
  if (!grid.starts_with(kCommandPrefix)) return {};
  return base::split_words(grid.substr(kCommandPrefix.size())).value_or(std::vector<std::string>());
}

base::Result<Spec> parse_study(std::string text, const std::string& file_name) {
  try {
    Spec spec = read(toml::parse(text), file_name);
    spec.text = std::move(text);
    return spec;
  } catch (const toml::parse_error& error) {
    return base::fail("{}:{}: not valid TOML: {}", file_name, error.source().begin.line, error.description());
  } catch (const Complaint& complaint) {
    return tl::unexpected(base::Error{complaint.message});
  }
}

base::Result<Spec> read_study(const std::filesystem::path& file) {
  auto text = base::read_file(file, base::kSettings);
  if (!text)
    return base::fail("{}: {}; name a study file, sm2 init writes one", file.string(), text.error().message);
  return parse_study(*std::move(text), file.string());
}

std::optional<std::string> difference(const Spec& a, const Spec& b) {
  // Budgets may grow; what the strategy counts on is what the study began with.
  strategy::Options left = a.options;
  const strategy::Options& right = b.options;
  left.energy = right.energy;
  const auto differ = [](const auto& one, const auto& other, const char* name) -> std::optional<std::string> {
    if (one == other) return {};
    return name;
  };
  for (const auto& found :
       {differ(a.command, b.command, "study.command"),
        differ(a.directory, b.directory, "study.directory"),
        differ(a.pattern, b.pattern, "study.pattern"),
        differ(a.metric, b.metric, "study.metric"),
        differ(a.resource, b.resource, "study.resource"),
        differ(a.space, b.space, "space"),
        differ(a.strategy, b.strategy, "strategy.name"),
        differ(left.seed, right.seed, "strategy.seed"),
        differ(left.candidates, right.candidates, "strategy.candidates or budget.trials"),
        differ(left.points, right.points, "strategy.points"),
        differ(left.eta, right.eta, "strategy.eta"),
        differ(left.probe, right.probe, "strategy.probe"),
        differ(left.pruner, right.pruner, "strategy.pruner"),
        differ(a.warm_start, b.warm_start, "strategy.warm_start"),
        differ(left.tune_power, right.tune_power, "energy.power_limit"),
        differ(left.cycle_learning_rate, right.cycle_learning_rate, "strategy.learning_rate"),
        differ(left.schedules.explore, right.schedules.explore, "schedule.explore"),
        differ(left.schedules.cycle, right.schedules.cycle, "schedule.cycle"),
        differ(left.schedules.gamma, right.schedules.gamma, "schedule.gamma"),
        differ(left.schedules.last, right.schedules.last, "schedule.final"),
        differ(left.weights, right.weights, "objective"),
        differ(left, right, "strategy"),
        differ(a.devices.gpus, b.devices.gpus, "devices.gpus"),
        differ(a.energy.sources, b.energy.sources, "energy.sources"),
        differ(a.energy.idle, b.energy.idle, "energy.cpu_idle"),
        differ(a.energy.busy, b.energy.busy, "energy.cpu_busy")}) {
    if (found) return found;
  }
  return {};
}

}  // namespace sm2::config
