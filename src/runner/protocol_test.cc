#include "runner/protocol.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace sm2::runner {
namespace {

Message read(std::string_view line) { return parse(line, "val_accuracy", "epoch"); }

TEST(Protocol, ReadsAHello) {
  const auto message = read(R"({"hello": 1, "client": "python/1.0", "steps_per_unit": 468})");
  ASSERT_TRUE(message.hello);
  EXPECT_EQ(message.hello->steps_per_unit, 468);
  EXPECT_FALSE(message.said);
  EXPECT_FALSE(read(R"({"hello": 1, "steps_per_unit": -3})").hello->steps_per_unit);
  EXPECT_FALSE(read(R"({"hello": 1, "steps_per_unit": NaN})").hello->steps_per_unit);
}

TEST(Protocol, ReadsAStep) {
  const auto message =
      read(R"({"step": 128, "samples": 8192, "epoch": 0.13, "loss": 1.91, "learning_rate": 0.02})");
  ASSERT_TRUE(message.said);
  EXPECT_EQ(message.said->step.step, 128);
  EXPECT_EQ(message.said->step.samples, 8192);
  EXPECT_EQ(message.said->step.resource, 0.13);
  EXPECT_EQ(message.said->step.loss, 1.91);
  EXPECT_EQ(message.said->step.learning_rate, 0.02);
  EXPECT_TRUE(message.said->metrics.empty());
}

TEST(Protocol, ReadsAGradientNoiseScale) {
  const auto message = read(R"({"step": 128, "noise_scale": 512.5})");
  EXPECT_EQ(message.said->step.noise_scale, 512.5);
  EXPECT_FALSE(read(R"({"step": 128, "noise_scale": NaN})").said->step.noise_scale);
  const auto evaluation = read(R"({"val_accuracy": 0.5, "noise_scale": 7})");
  EXPECT_EQ(evaluation.said->step.noise_scale, 7);
  EXPECT_EQ(evaluation.said->metrics, (std::map<std::string, double>{{"val_accuracy", 0.5}}));
}

TEST(Protocol, AMessageWithTheMetricIsAnEvaluationWithItsOtherNumbers) {
  const auto message =
      read(R"({"epoch": 1, "val_accuracy": 0.83, "val_loss": 0.52, "step": 9, "note": "x"})");
  ASSERT_TRUE(message.said);
  EXPECT_EQ(message.said->metrics,
            (std::map<std::string, double>{{"val_accuracy", 0.83}, {"val_loss", 0.52}}));
  EXPECT_EQ(message.said->step.resource, 1);
  EXPECT_EQ(message.said->step.step, 9);
}

TEST(Protocol, TheMetricMayBeTheLoss) {
  const auto message = parse(R"({"epoch": 1, "loss": 0.5})", "loss", "epoch");
  EXPECT_EQ(message.said->metrics.at("loss"), 0.5);
  EXPECT_FALSE(message.said->step.loss) << "an evaluation's loss is no training loss";
}

TEST(Protocol, TheResourceMayBeTheStep) {
  const auto message = parse(R"({"step": 40})", "val_accuracy", "step");
  EXPECT_EQ(message.said->step.resource, 40);
  EXPECT_EQ(message.said->step.step, 40);
}

TEST(Protocol, TakesNumbersThatAreNotFiniteInEveryWayTheyAreWritten) {
  for (const char* text : {"NaN", "null", "\"nan\"", "\"NaN\"", "\"-nan\""}) {
    const auto message = read(fmt::format(R"({{"val_accuracy": {}}})", text));
    ASSERT_TRUE(message.said && message.said->metrics.contains("val_accuracy")) << text;
    EXPECT_TRUE(std::isnan(message.said->metrics.at("val_accuracy"))) << text;
  }
  for (const char* text : {"Infinity", "-Infinity", "\"inf\"", "\"-inf\"", "\"Infinity\""}) {
    const auto message = read(fmt::format(R"({{"step": 1, "loss": {}}})", text));
    ASSERT_TRUE(message.said && message.said->step.loss) << text;
    EXPECT_TRUE(std::isinf(*message.said->step.loss)) << text;
    EXPECT_EQ(*message.said->step.loss < 0, std::string_view(text).find('-') != std::string_view::npos);
  }
}

TEST(Protocol, LeavesNanInsideStringsAlone) {
  const auto message = read(R"({"checkpoint": "NaN \" Infinity", "epoch": 1, "x": NaN})");
  ASSERT_TRUE(message.saved);
  EXPECT_EQ(message.saved->name, "NaN \" Infinity");
}

TEST(Protocol, TextThatIsNoNumberIsNoMetric) {
  EXPECT_TRUE(read(R"({"val_accuracy": "0.9"})").said->metrics.empty());
  EXPECT_TRUE(read(R"({"val_accuracy": [0.9]})").said->metrics.empty());
  EXPECT_TRUE(read(R"({"val_accuracy": true})").said->metrics.empty());
  EXPECT_TRUE(read(R"({"nested": {"val_accuracy": 0.9}})").said->metrics.empty());
}

TEST(Protocol, ReadsACheckpointAndAnEvaluationInOneMessage) {
  const auto message = read(R"({"checkpoint": "epoch-1", "epoch": 1, "val_accuracy": 0.5})");
  ASSERT_TRUE(message.saved && message.said);
  EXPECT_EQ(message.saved->resource, 1);
  EXPECT_FALSE(read(R"({"checkpoint": "epoch-1", "epoch": 1})").said);
}

TEST(Protocol, RefusesCheckpointNamesThatLeaveTheirFolder) {
  for (const char* name : {"", ".", "..", "../x", "/etc", "a/b", "a\\u0000b", "a\\nb"}) {
    const auto message = read(fmt::format(R"({{"checkpoint": "{}"}})", name));
    EXPECT_FALSE(message.saved) << name;
    EXPECT_FALSE(message.understood) << name;
  }
  EXPECT_TRUE(is_safe_name("..."));
  EXPECT_TRUE(is_safe_name("époque-1"));
  EXPECT_FALSE(is_safe_name(std::string(256, 'a')));
}

TEST(Protocol, HostileLinesAreNotUnderstoodAndNothingMore) {
  const std::string deep(500'000, '[');
  const std::string deep_objects = [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "{\"a\":";
    return text;
  }();
  for (const std::string& line :
       {std::string(), std::string("x"), std::string("[1]"), std::string("3"), std::string("null"),
        std::string("{"), std::string("{\"step\": 1"), std::string("{\"step\": 1} {"), deep, deep_objects,
        std::string("{\"a\": \"\xff\xfe\"}"), std::string("\0\0", 2), std::string("{\"a\": 1e999999}"),
        std::string("{NaN: 1}x"), std::string("\"\\"), std::string("NaN\\")}) {
    EXPECT_FALSE(read(line).understood) << line.substr(0, 40);
  }
  EXPECT_FALSE(read(R"({"step": 1e300})").said->step.step);
  EXPECT_TRUE(read(R"({"step": 123456789012345678901234567890})").understood);
}

using Kind = trial::Schedule::Kind;

Job job() {
  Job job;
  job.trial = 7;
  job.configuration = {{"batch_size", std::int64_t{64}}, {"name", std::string("a\"b")}};
  job.from = 1;
  job.until = 4;
  job.schedule = trial::Schedule{trial::Schedule::Kind::kTriangular, 1e-4, 0.1, job.from, 0.5};
  return job;
}

TEST(Protocol, AnswersAHello) {
  Job with = job();
  with.checkpoint = "epoch-1";
  const std::string line = answer_to_hello(with, Hello{400});
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(nlohmann::json::parse(line), nlohmann::json::parse(R"({
    "trial": 7, "params": {"batch_size": 64, "name": "a\"b"}, "resume": "epoch-1", "from": 1.0, "until": 4.0,
    "unit": "epoch", "learning_rate": {"schedule": "triangular", "low": 1e-4, "high": 0.1, "first_step": 400,
    "cycle_steps": 200}})"));
}

TEST(Protocol, AnswersAHelloWithoutCheckpointAndSchedule) {
  Job without = job();
  without.schedule.reset();
  const auto answer = nlohmann::json::parse(answer_to_hello(without, Hello{}));
  EXPECT_TRUE(answer["resume"].is_null());
  EXPECT_TRUE(answer["learning_rate"].is_null());
}

TEST(Protocol, WithoutStepsPerUnitCyclesHaveADefaultAndCosineIsConstantAtTheMiddle) {
  Job unknown = job();
  auto rate = nlohmann::json::parse(answer_to_hello(unknown, Hello{}))["learning_rate"];
  EXPECT_EQ(rate["schedule"], "triangular");
  EXPECT_EQ(rate["cycle_steps"], kDefaultCycleSteps);
  EXPECT_EQ(rate["first_step"], 0);
  unknown.schedule->kind = trial::Schedule::Kind::kCosine;
  rate = nlohmann::json::parse(answer_to_hello(unknown, Hello{}))["learning_rate"];
  EXPECT_EQ(rate["schedule"], "constant");
  EXPECT_NEAR(rate["high"].get<double>(), 0.00316, 1e-5);
  EXPECT_EQ(nlohmann::json::parse(answer_to_hello(unknown, Hello{10}))["learning_rate"]["schedule"],
            "cosine");
}

nlohmann::json asked(Kind kind, bool log, const Hello& hello) {
  Job job = ::sm2::runner::job();
  job.schedule->kind = kind;
  job.schedule->log = log;
  job.schedule->gamma = 0.5;
  return nlohmann::json::parse(answer_to_hello(job, hello))["learning_rate"];
}

TEST(Protocol, ASayingClientIsAskedForWhatItKnows) {
  const Hello all{10, {"constant", "cosine", "exp-range", "log-exp-range", "log-one-cycle", "range-test"}};
  EXPECT_EQ(asked(Kind::kExpRange, true, all)["schedule"], "log-exp-range");
  EXPECT_EQ(asked(Kind::kExpRange, false, all)["gamma"], 0.5);
  EXPECT_EQ(asked(Kind::kOneCycle, true, all)["schedule"], "log-one-cycle");
  EXPECT_FALSE(asked(Kind::kOneCycle, true, all).contains("gamma"));
  EXPECT_EQ(asked(Kind::kRangeTest, false, all)["schedule"], "range-test");
}

TEST(Protocol, AnOlderClientIsAskedForTheTriangleInsteadOfACycleItDoesNotKnow) {
  for (const Kind kind : {Kind::kTriangular2, Kind::kExpRange, Kind::kOneCycle, Kind::kRangeTest}) {
    const auto log = asked(kind, true, Hello{10});
    EXPECT_EQ(log["schedule"], "log-triangular");
    EXPECT_EQ(log["high"], 0.1);
    EXPECT_FALSE(log.contains("gamma"));
    EXPECT_EQ(asked(kind, false, Hello{10})["schedule"], "triangular");
    EXPECT_EQ(asked(kind, true, Hello{10, {"constant", "triangular"}})["schedule"], "triangular");
    const auto constant = asked(kind, true, Hello{10, {}});
    EXPECT_EQ(constant["schedule"], "constant");
    EXPECT_NEAR(constant["high"].get<double>(), 0.00316, 1e-5);
  }
  EXPECT_EQ(asked(Kind::kCosine, false, Hello{10, {"constant"}})["schedule"], "constant");
}

TEST(Protocol, ReadsWhichSchedulesAClientKnows) {
  const auto known = [](std::string_view line) { return parse(line, "m", "epoch").hello->schedules; };
  EXPECT_EQ(known(R"({"hello": 1, "schedules": ["constant", "one-cycle"], "x": ["y"]})"),
            (std::vector<std::string>{"constant", "one-cycle"}));
  EXPECT_EQ(known(R"({"hello": 1, "schedules": ["a", ["b"], {"c": "d"}, 1, null, "e"]})"),
            (std::vector<std::string>{"a", "e"}));
  EXPECT_EQ(known(R"({"hello": 1, "schedules": []})"), std::vector<std::string>());
  const Hello first;
  for (const char* line : {R"({"hello": 1})", R"({"hello": 1, "schedules": "constant"})",
                           R"({"hello": 1, "x": {"schedules": ["a"]}})"})
    EXPECT_EQ(known(line), first.schedules) << line;
  std::string many = R"({"hello": 1, "schedules": ["a")";
  for (int k = 0; k < 10'000; ++k) many += R"(,"a")";
  EXPECT_LE(known(many + "]}").size(), 100u);
}

TEST(Protocol, AResourceInStepsNeedsNoStepsPerUnit) {
  Job steps = job();
  steps.unit = "step";
  steps.schedule->start = 100;
  steps.schedule->cycle = 50;
  const auto rate = nlohmann::json::parse(answer_to_hello(steps, Hello{}))["learning_rate"];
  EXPECT_EQ(rate["first_step"], 100);
  EXPECT_EQ(rate["cycle_steps"], 50);
}

TEST(Protocol, ACycleHasAtLeastOneStepAndAFiniteNumberOfThem) {
  Job odd = job();
  odd.schedule->cycle = 1e-9;
  EXPECT_EQ(nlohmann::json::parse(answer_to_hello(odd, Hello{1}))["learning_rate"]["cycle_steps"], 1);
  odd.schedule->cycle = 1e300;
  EXPECT_GT(nlohmann::json::parse(answer_to_hello(odd, Hello{1}))["learning_rate"]["cycle_steps"], 1e15);
}

TEST(Protocol, WritesActions) {
  EXPECT_EQ(answer_with(trial::Action::kContinue), "{\"action\":\"continue\"}\n");
  EXPECT_EQ(answer_with(trial::Action::kPause), "{\"action\":\"pause\"}\n");
  EXPECT_EQ(answer_with(trial::Action::kStop), "{\"action\":\"stop\"}\n");
}

TEST(ToNumber, ReadsWholeTextsOnly) {
  EXPECT_EQ(to_number("0.25"), 0.25);
  EXPECT_EQ(to_number("+1e-3"), 1e-3);
  EXPECT_EQ(to_number("1e999"), HUGE_VAL);
  EXPECT_EQ(to_number("-1e999"), -HUGE_VAL);
  EXPECT_EQ(to_number("1e-999"), 0);
  EXPECT_TRUE(std::isnan(*to_number("nan")));
  for (const char* text : {"", "x", "1x", " 1", "0.5%", "--1"}) EXPECT_FALSE(to_number(text)) << text;
}

}  // namespace
}  // namespace sm2::runner
