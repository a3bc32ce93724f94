#include "config/study_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sm2::config {
namespace {

constexpr const char* kFile = R"([study]
name = "test"
command = ["./train", "--batch={batch_size}", "--lr={learning_rate}"]
metric = { name = "accuracy" }
resource = { max = 8 }
[space]
batch_size = { values = [16, 32] }
learning_rate = { low = 1e-3, high = 1.0, scale = "log" }
[strategy]
[objective]
[budget]
[energy]
[limits]
)";

// The example with one piece of text replaced by another.
base::Result<Spec> with(const std::string& old_text, const std::string& new_text) {
  std::string text = kFile;
  const auto at = text.find(old_text);
  if (at == std::string::npos) throw std::logic_error(old_text);
  return parse_study(text.replace(at, old_text.size(), new_text), "s.toml");
}

std::string complaint(const std::string& old_text, const std::string& new_text) {
  const auto spec = with(old_text, new_text);
  return spec ? "accepted" : spec.error().message;
}

TEST(StudyFile, ReadsEveryKey) {
  const Spec spec = with("[budget]", "[budget]\nenergy = \"2 kWh\"\ntime = \"90 min\"\ntrials = 40").value();
  EXPECT_EQ(spec.name, "test");
  EXPECT_EQ(spec.metric.goal, Goal::kMaximize);
  EXPECT_EQ(spec.resource, (Resource{"epoch", 1, 8}));
  EXPECT_EQ(spec.strategy, "sm2");
  EXPECT_EQ(spec.options.seed, 1u);
  EXPECT_EQ(spec.budget.energy, base::Joules(7.2e6));
  EXPECT_EQ(spec.budget.time, base::Seconds(5400));
  EXPECT_EQ(spec.options.candidates, 40);
  EXPECT_EQ(spec.command_line, 3u);
  EXPECT_TRUE(spec.options.cycle_learning_rate);
}

TEST(StudyFile, ComplainsInOneLineWithFileLineKeyAndRemedy) {
  EXPECT_EQ(complaint("[strategy]", "[strategy]\nsead = 1"),
            "s.toml:10: strategy.sead: is unknown; did you mean 'seed'?");
  EXPECT_EQ(complaint("[limits]", "[limitz]"), "s.toml:13: limitz: is unknown; did you mean 'limits'?");
  EXPECT_EQ(
      complaint("[budget]", "[budget]\nenergy = \"500\""),
      "s.toml:12: budget.energy: '500' has no unit; write one of mJ, J, kJ, MJ, Wh, kWh, MWh, for example "
      "\"500 Wh\"");
  EXPECT_EQ(complaint("[budget]", "[budget]\nenergy = 500"),
            "s.toml:12: budget.energy: must be a text in quotes");
  EXPECT_EQ(complaint("high = 1.0", "high = 1e-4"),
            "s.toml:8: space.learning_rate: low = 0.001 must be below high = 0.0001; for a single value "
            "write values = [0.001]");
  EXPECT_EQ(complaint("max = 8", "max = 8, min = 9"),
            "s.toml:5: study.resource.min: must be above 0 and at most max = 8");
  EXPECT_EQ(complaint("max = 8", "max = 8, min = 5e-324"),
            "s.toml:5: study.resource.min: must be at least 2.3e-308");
  EXPECT_EQ(complaint("{batch_size}", "{batch}"),
            "s.toml:3: study.command: the placeholder {batch} is no parameter of [space]; add it there, or "
            "write {{batch}} for "
            "the text itself");
  EXPECT_EQ(complaint("{ name = \"accuracy\" }", "{ nam = \"accuracy\" }"),
            "s.toml:4: study.metric: name is missing; write for example name = \"val_accuracy\"");
  EXPECT_EQ(complaint("[strategy]", "[strategy]\nname = \"sm3\"").substr(0, 60),
            "s.toml:10: strategy.name: there is no strategy 'sm3'; did yo");
  EXPECT_EQ(complaint("[objective]", "[objective]\nenergy = 0.7\nstability = 0.4"),
            "s.toml:12: objective.stability: and energy are together more than 1");
  EXPECT_EQ(complaint("[strategy]", "[strategy]\nseed = 1\nseed = 2").substr(0, 26),
            "s.toml:11: not valid TOML:");
  EXPECT_EQ(complaint("[energy]", "[energy]\ncpu_idle = \"1 W\"").substr(0, 50),
            "s.toml:12: energy: cpu_idle and cpu_busy go togeth");
}

TEST(StudyFile, EveryWrongTypeIsAComplaintNotACrash) {
  for (const char* value : {"1", "1.5", "\"x\"", "true", "[]", "[1, \"a\"]", "{}", "{ x = 1 }", "nan", "inf",
                            "1979-05-27", "[[1]]"}) {
    for (const char* key : {"name", "command", "metric", "resource", "pattern", "directory"}) {
      std::string text = kFile;
      const auto line = text.find("\n" + std::string(key) + " =");
      if (line != std::string::npos) text.erase(line + 1, text.find('\n', line + 1) - line);
      text.insert(text.find('\n') + 1, std::string(key) + " = " + value + "\n");
      const auto spec = parse_study(text, "s.toml");
      if (spec) continue;
      EXPECT_EQ(spec.error().message.find("s.toml:"), 0u) << spec.error().message;
    }
    (void)with("{ values = [16, 32] }", value);
    (void)with("high = 1.0", std::string("high = ") + value);
    (void)with("[strategy]", std::string("[strategy]\nseed = ") + value);
  }
}

TEST(StudyFile, APatternNeedsItsMetricAndEveryParameterInTheCommand) {
  EXPECT_NE(complaint("[space]", "pattern = 'loss=(?P<loss>.*)'\n[space]").find("study.pattern"),
            std::string::npos);
  EXPECT_NE(complaint("[space]", "pattern = 'accuracy=(?P<accuracy>.*'\n[space]").find("study.pattern"),
            std::string::npos);
  const Spec spec = with("[space]", "pattern = 'accuracy=(?P<accuracy>.*)'\n[space]").value();
  EXPECT_FALSE(spec.options.cycle_learning_rate);
  EXPECT_FALSE(spec.options.resumes);
}

TEST(StudyFile, ConditionsAreRead) {
  const Spec spec =
      with("[strategy]", "momentum = { low = 0.8, high = 0.9, when = { batch_size = [16] } }\n[strategy]")
          .value();
  EXPECT_EQ(spec.space.find("momentum")->condition->parent, "batch_size");
  EXPECT_EQ(
      complaint("[strategy]", "momentum = { low = 0.8, high = 0.9, when = { batch_size = 17 } }\n[strategy]"),
      "s.toml:9: space.momentum: when asks for batch_size = 17, which batch_size can never be");
}

TEST(StudyFile, ReadsWhatEnergyCostsTheClimateAndThePayer) {
  const Spec spec = with("[budget]\n[energy]", R"([budget]
carbon = "1.5 kgCO2e"
cost = "1.50 EUR"
[energy]
grid = "DE"
price = "0.30 EUR/kWh"
idle = "5 s"
power_limit = "250 W")")
                        .value();
  EXPECT_EQ(spec.budget.carbon, 1500);
  EXPECT_EQ(spec.budget.cost, (footprint::Cost{1.5, "EUR"}));
  EXPECT_EQ(spec.energy.grid, "DE");
  EXPECT_TRUE(grid_command(*spec.energy.grid).empty());
  EXPECT_EQ(spec.energy.price, (footprint::Price{0.3, "EUR"}));
  EXPECT_EQ(spec.energy.idle_for, base::Seconds(5));
  EXPECT_EQ(spec.energy.power_limit, base::Watts(250));
  EXPECT_EQ(spec.grid_line, 15u);
  EXPECT_EQ(spec.power_limit_line, 18u);
}

TEST(StudyFile, TheGridMayBeACommandAndIdleATable) {
  const Spec spec = with("[energy]",
                         "[energy]\ngrid = \"command:./intensity --zone 'DE LU'\"\nidle = { \"gpu-0\" = \"60 "
                         "W\", package-0 = \"22 W\" }")
                        .value();
  EXPECT_EQ(grid_command(*spec.energy.grid), (std::vector<std::string>{"./intensity", "--zone", "DE LU"}));
  EXPECT_EQ(spec.energy.idle_watts,
            (std::map<std::string, base::Watts>{{"gpu-0", base::Watts(60)}, {"package-0", base::Watts(22)}}));
  EXPECT_FALSE(spec.energy.idle_for);
}

TEST(StudyFile, ABudgetOfCarbonOrCostNeedsItsRate) {
  EXPECT_EQ(
      complaint("[budget]", "[budget]\ncarbon = \"200 gCO2e\""),
      "s.toml:12: budget.carbon: needs the grid intensity; write for example grid = \"DE\" in [energy]");
  EXPECT_EQ(
      complaint("[budget]", "[budget]\ncost = \"2 USD\""),
      "s.toml:12: budget.cost: needs the price; write for example price = \"0.30 USD/kWh\" in [energy]");
  EXPECT_EQ(complaint("[budget]\n[energy]", "[budget]\ncost = \"2 USD\"\n[energy]\nprice = \"0.3 EUR/kWh\""),
            "s.toml:12: budget.cost: is in USD but energy.price is in EUR; write both in one currency");
}

TEST(StudyFile, RatesIdleAndPowerLimitAreChecked) {
  const auto energy = [](const std::string& line) { return complaint("[energy]", "[energy]\n" + line); };
  EXPECT_EQ(energy("grid = \"380 g\"").substr(0, 49), "s.toml:13: energy.grid: 'g' is not a unit here; w");
  EXPECT_EQ(energy("grid = \"command: \""),
            "s.toml:13: energy.grid: names no command; write for example \"command:./intensity --zone DE\"");
  for (const char* line :
       {"grid = 380", "grid = \"\"", "grid = \"command:\"", "grid = \"command:'\"", "price = \"0.30 EUR\"",
        "price = 0.3", "price = \"-1 EUR/kWh\"", "idle = \"0 s\"", "idle = \"5 W\"", "idle = 5",
        "idle = { gpu-0 = \"-1 W\" }", "idle = { gpu-0 = \"5 s\" }", "idle = { gpu-0 = 5 }",
        "power_limit = \"0 W\"", "power_limit = \"-5 W\"", "power_limit = \"nan W\"", "power_limit = 250"})
    EXPECT_EQ(energy(line).substr(0, 18), "s.toml:13: energy.") << line;
  for (const char* line : {"carbon = \"0 gCO2e\"", "carbon = \"5 g\"", "carbon = 5", "cost = \"0 EUR\"",
                           "cost = \"5\"", "cost = 5"})
    EXPECT_EQ(complaint("[budget]", std::string("[budget]\n") + line).substr(0, 18), "s.toml:12: budget.")
        << line;
}

TEST(StudyFile, RatesIdleAndPowerLimitMayChangeBetweenSessions) {
  const Spec spec = with("[energy]", "[energy]").value();
  for (const char* line :
       {"grid = \"FR\"", "price = \"0.2 EUR/kWh\"", "idle = \"3 s\"", "idle = { cpu = \"20 W\" }",
        "power_limit = \"200 W\"", "grid = \"FR\"\n[limits]\nwall = \"1 h\""})
    EXPECT_EQ(difference(spec, *with("[energy]\n[limits]", std::string("[energy]\n") + line)), std::nullopt)
        << line;
  EXPECT_EQ(difference(spec, *with("[energy]", "[energy]\nsources = [\"rapl\"]")), "energy.sources");
  EXPECT_EQ(difference(spec, *with("[energy]", "[energy]\ncpu_idle = \"1 W\"\ncpu_busy = \"2 W\"")),
            "energy.cpu_idle");
}

TEST(StudyFile, TellsWhatWasChanged) {
  const Spec spec = with("[limits]", "[limits]").value();
  EXPECT_EQ(difference(spec, *with("[limits]", "[limits]\nwall = \"1 h\"")), std::nullopt);
  EXPECT_EQ(difference(spec, *with("[budget]", "[budget]\nenergy = \"1 kWh\"")), std::nullopt);
  EXPECT_EQ(difference(spec, *with("[16, 32]", "[16, 64]")), "space");
  EXPECT_EQ(difference(spec, *with("[strategy]", "[strategy]\nseed = 2")), "strategy.seed");
  EXPECT_EQ(difference(spec, *with("[objective]", "[objective]\nenergy = 0")), "objective");
}

TEST(StudyFile, ReadsWhatAStrategyMayBeTold) {
  const Spec spec =
      with("[strategy]", "[strategy]\npruner = \"median\"\nwarm_start = [\"a\", \"b\"]").value();
  EXPECT_EQ(spec.options.pruner, "median");
  EXPECT_EQ(spec.warm_start, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(spec.warm_start_line, 11u);
  EXPECT_TRUE(spec.options.experience.empty());
  EXPECT_FALSE(spec.options.target);
  EXPECT_FALSE(spec.options.tune_power);
  EXPECT_EQ(with("[strategy]", "[strategy]")->options.pruner, "none");
}

TEST(StudyFile, TheTargetIsToldOrientedAndTheBudgetAsItIs) {
  const Spec up = with("{ name = \"accuracy\" }", "{ name = \"accuracy\", target = 0.9 }").value();
  EXPECT_EQ(up.options.target, 0.9);
  const Spec down =
      with("{ name = \"accuracy\" }", "{ name = \"accuracy\", goal = \"minimize\", target = 0.9 }").value();
  EXPECT_EQ(down.options.target, -0.9);
  EXPECT_EQ(with("[budget]", "[budget]\nenergy = \"5 kJ\"")->options.energy, base::Joules(5000));
}

using Kind = trial::Schedule::Kind;

base::Result<Spec> with_schedule(const std::string& lines) {
  return with("[objective]", "[schedule]\n" + lines + "\n[objective]");
}

TEST(StudyFile, ReadsTheScheduleOfACycledRate) {
  EXPECT_EQ(with("[strategy]", "[strategy]")->options.schedules, trial::SchedulePlan());
  EXPECT_EQ(with_schedule("")->options.schedules, trial::SchedulePlan());
  EXPECT_EQ(with_schedule("explore = \"exp-range\"\ncycle = 0.5\ngamma = 0.7\nfinal = \"constant\"")
                ->options.schedules,
            (trial::SchedulePlan{Kind::kExpRange, 0.5, 0.7, Kind::kConstant}));
  for (const char* explore : {"triangular", "triangular2", "exp-range", "one-cycle", "range-test"}) {
    const auto spec = with_schedule(fmt::format("explore = \"{}\"\nfinal = \"one-cycle\"", explore));
    ASSERT_TRUE(spec) << spec.error().message;
    EXPECT_EQ(trial::name(spec->options.schedules.explore), explore);
    EXPECT_EQ(spec->options.schedules.last, Kind::kOneCycle);
  }
}

TEST(StudyFile, TheScheduleIsChecked) {
  const auto told = [](const std::string& lines) {
    const auto spec = with_schedule(lines);
    return spec ? "accepted" : spec.error().message;
  };
  EXPECT_EQ(told("explore = \"cosine\""),
            "s.toml:11: schedule.explore: must be one of \"triangular\", \"triangular2\", \"exp-range\", "
            "\"one-cycle\", \"range-test\"");
  EXPECT_EQ(told("final = \"triangular\""),
            "s.toml:11: schedule.final: must be one of \"cosine\", \"constant\", \"one-cycle\"");
  EXPECT_EQ(told("gamma = 0.5"),
            "s.toml:11: schedule.gamma: has a meaning with explore = \"exp-range\" only");
  EXPECT_EQ(told("explor = \"one-cycle\""),
            "s.toml:11: schedule.explor: is unknown; did you mean 'explore'?");
  EXPECT_EQ(told("cycle = 9"),
            "s.toml:11: schedule.cycle: must be above 0 and at most study.resource.max = 8");
  for (const char* lines : {"cycle = 0", "cycle = -1", "cycle = nan", "cycle = \"1\"",
                            "gamma = 0\nexplore = \"exp-range\"", "gamma = 1.1\nexplore = \"exp-range\"",
                            "cycle = 2\nexplore = \"one-cycle\"", "explore = 1", "final = \"\""})
    EXPECT_EQ(told(lines).substr(0, 9), "s.toml:11") << lines << ": " << told(lines);
}

TEST(StudyFile, AScheduleNeedsARateThatIsCycled) {
  constexpr const char* kRemedy =
      ": needs a learning rate that is cycled: learning_rate = \"cycle\" in [strategy], which sm2 and "
      "sm2-classic "
      "take without a pattern";
  const auto told = [](const std::string& strategy, const std::string& schedule) {
    return complaint("[strategy]", "[schedule]\n" + schedule + "[strategy]\n" + strategy);
  };
  EXPECT_EQ(told("learning_rate = \"sample\"", "final = \"constant\"\n"),
            std::string("s.toml:10: schedule.final") + kRemedy);
  EXPECT_EQ(told("name = \"tpe\"", "cycle = 2\n"), std::string("s.toml:10: schedule.cycle") + kRemedy);
  EXPECT_EQ(told("name = \"tpe\"", ""), "accepted");  // as sm2 init writes it
}

TEST(StudyFile, WithATargetSm2SamplesTheRateUnlessItIsToldToCycleIt) {
  const std::string target = "{ name = \"accuracy\", target = 0.9 }";
  const auto rate = [&](const std::string& lines) {
    std::string text = kFile;
    text.replace(text.find("{ name = \"accuracy\" }"), 21, target);
    text.replace(text.find("[strategy]\n"), 11, lines);
    return parse_study(text, "s.toml");
  };
  EXPECT_FALSE(rate("[strategy]\n")->options.cycle_learning_rate);
  EXPECT_TRUE(rate("[strategy]\nlearning_rate = \"cycle\"\n")->options.cycle_learning_rate);
  EXPECT_TRUE(rate("[strategy]\nname = \"sm2-classic\"\n")->options.cycle_learning_rate);
  for (const char* explore : {"one-cycle", "range-test"}) {
    const std::string schedule = fmt::format("[schedule]\nexplore = \"{}\"\n", explore);
    const auto spec = rate("[strategy]\nlearning_rate = \"cycle\"\n" + schedule);
    ASSERT_FALSE(spec) << explore;
    EXPECT_EQ(spec.error().message.substr(0, 27), "s.toml:12: schedule.explore");
    EXPECT_TRUE(rate("[strategy]\nname = \"sm2-classic\"\n" + schedule)) << explore;
  }
}

TEST(StudyFile, TheScheduleOfAStudyDoesNotChange) {
  const Spec spec = with_schedule("explore = \"exp-range\"").value();
  EXPECT_EQ(difference(*with_schedule(""), *with_schedule("final = \"cosine\"")), std::nullopt);
  EXPECT_EQ(difference(spec, *with_schedule("explore = \"triangular\"")), "schedule.explore");
  EXPECT_EQ(difference(spec, *with_schedule("explore = \"exp-range\"\ncycle = 2")), "schedule.cycle");
  EXPECT_EQ(difference(spec, *with_schedule("explore = \"exp-range\"\ngamma = 0.5")), "schedule.gamma");
  EXPECT_EQ(difference(spec, *with_schedule("explore = \"exp-range\"\nfinal = \"constant\"")),
            "schedule.final");
}

TEST(StudyFile, ThePowerLimitMayBeTuned) {
  const Spec spec = with("[energy]", "[energy]\npower_limit = \"tune\"").value();
  EXPECT_TRUE(spec.options.tune_power);
  EXPECT_FALSE(spec.energy.power_limit);
  EXPECT_EQ(complaint("[energy]", "[energy]\npower_limit = \"best\"").substr(0, 30),
            "s.toml:13: energy.power_limit:");
}

TEST(StudyFile, LimitsOfATrialAreRead) {
  const Spec spec =
      with("[limits]",
           "[limits]\nenergy = \"10 kJ\"\ntime = \"2 h\"\nmemory = \"8 GiB\"\ndisk = \"2 GiB\"\ncpu = 3")
          .value();
  EXPECT_EQ(spec.trial_limits, (TrialLimits{base::Joules(1e4), base::Seconds(7200)}));
  EXPECT_EQ(spec.limits.memory, std::size_t{8} << 30);
  EXPECT_EQ(spec.limits.disk, std::size_t{2} << 30);
  EXPECT_EQ(spec.limits.cpu, 3);
  const Spec none = with("[limits]", "[limits]").value();
  EXPECT_EQ(none.trial_limits, TrialLimits{});
  EXPECT_FALSE(none.limits.memory || none.limits.disk || none.limits.cpu);
}

TEST(StudyFile, WhatAStrategyMayBeToldIsChecked) {
  const auto told = [](const std::string& line) { return complaint("[strategy]", "[strategy]\n" + line); };
  EXPECT_EQ(told("pruner = \"mean\""), "s.toml:10: strategy.pruner: must be \"none\" or \"median\"");
  EXPECT_EQ(told("warm_start = [\"test\"]"),
            "s.toml:10: strategy.warm_start: names the study itself; name earlier ones");
  for (const char* line : {"pruner = 1", "warm_start = \"a\"", "warm_start = [1]", "warm_start = [\"a/b\"]",
                           "warm_start = [\"a\", \"a\"]"})
    EXPECT_EQ(told(line).substr(0, 20), "s.toml:10: strategy.") << line;
  for (const char* line :
       {"energy = \"0 J\"", "energy = 5", "time = \"0 s\"", "memory = \"0 B\"", "memory = 5",
        "disk = \"0 B\"", "disk = 5", "cpu = 0", "cpu = -1", "cpu = 0.5", "cpu = \"2\""})
    EXPECT_EQ(complaint("[limits]", std::string("[limits]\n") + line).substr(0, 18), "s.toml:14: limits.")
        << line;
}

TEST(StudyFile, WhatAStrategyCountsOnDoesNotChangeButBudgetsAndLimitsMay) {
  const Spec spec = with("[energy]", "[energy]").value();
  EXPECT_EQ(difference(spec, *with("[energy]", "[energy]\npower_limit = \"tune\"")), "energy.power_limit");
  EXPECT_EQ(difference(spec, *with("[strategy]", "[strategy]\npruner = \"median\"")), "strategy.pruner");
  EXPECT_EQ(difference(spec, *with("[strategy]", "[strategy]\nwarm_start = [\"a\"]")), "strategy.warm_start");
  EXPECT_EQ(difference(spec, *with("[limits]", "[limits]\nenergy = \"10 kJ\"\nmemory = \"1 GiB\"")),
            std::nullopt);
}

TEST(StudyFile, DevicesAreRead) {
  const auto told = [](const std::string& lines) { return with("[limits]", "[devices]\n" + lines); };
  EXPECT_EQ(told("")->devices, DeviceSettings{});
  EXPECT_EQ(told("gpus = 0")->devices.gpus, 0);
  const Spec spec = told("gpus = 2\nuse = [\"0\", \"GPU-a\"]\nshare = true").value();
  EXPECT_EQ(spec.devices, (DeviceSettings{2, {"0", "GPU-a"}, true}));
  EXPECT_EQ(spec.gpus_line, 14u);
  EXPECT_EQ(spec.use_line, 15u);
  EXPECT_EQ(told("use = [\"0\"]")->devices, (DeviceSettings{{}, {"0"}, false}));
}

TEST(StudyFile, DevicesAreChecked) {
  const auto told = [](const std::string& lines) { return complaint("[limits]", "[devices]\n" + lines); };
  for (const char* line : {"gpus = -1", "gpus = 1001", "gpus = \"1\"", "gpus = 0.5", "use = []", "use = [0]",
                           "use = \"0\"", "share = 1", "share = true", "gpu = 1"})
    EXPECT_EQ(told(line).substr(0, 19), "s.toml:14: devices.") << line;
  EXPECT_EQ(told("gpus = 0\nuse = [\"0\"]"),
            "s.toml:15: devices.use: has no meaning with gpus = 0, with which no trial sees a GPU");
  EXPECT_EQ(told("gpus = 0\nshare = true").substr(0, 25), "s.toml:15: devices.share:");
}

TEST(StudyFile, WhereItRunsMayChangeButNotOnHowMany) {
  const Spec spec = with("[limits]", "[devices]\ngpus = 1").value();
  const auto changed = [&](const char* lines) {
    return difference(spec, *with("[limits]", std::string("[devices]\n") + lines));
  };
  EXPECT_EQ(changed("gpus = 1\nuse = [\"1\"]\nshare = true"), std::nullopt);
  EXPECT_EQ(changed("gpus = 2"), "devices.gpus");
  EXPECT_EQ(changed(""), "devices.gpus");
}

}  // namespace
}  // namespace sm2::config
