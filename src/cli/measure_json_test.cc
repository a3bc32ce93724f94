#include "cli/measure_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using Json = nlohmann::json;

Measurement modelled(double joules = 12, int exit = 0) {
  trial::Reading reading;
  reading.domain = "cpu";
  reading.source = "cpu-model";
  reading.quality = trial::Quality::kModelled;
  reading.joules = Joules(joules);
  reading.idle = Joules(4);
  reading.error = Joules(6);
  reading.noise = Joules(0.1);
  return {{"./train", "--lr=0.1"}, exit, {}, Seconds(2), Seconds(1.5), {reading}};
}

TEST(MeasureJson, HasTheDocumentedKeys) {
  const Json object = Json::parse(json(modelled(), {}));
  EXPECT_EQ(object["command"], Json({"./train", "--lr=0.1"}));
  EXPECT_EQ(object["exit"], 0);
  EXPECT_EQ(object["signal"], nullptr);
  EXPECT_EQ(object["seconds"], 2.0);
  EXPECT_EQ(object["cpu_seconds"], 1.5);
  EXPECT_EQ(object["joules"], 12.0);
  EXPECT_EQ(object["joules_error"], 6.0);
  EXPECT_EQ(object["joules_idle"], 4.0);
  EXPECT_EQ(object["joules_above_idle"], 8.0);
  EXPECT_EQ(object["watts"], 6.0);
  EXPECT_EQ(object["quality"], "modelled");
  EXPECT_EQ(object["missing"], Json::array());
  for (const char* key :
       {"co2e_grams", "co2e_grams_error", "cost", "cost_error", "grid", "price", "power_limit_watts"})
    EXPECT_EQ(object.at(key), nullptr) << key;
  EXPECT_EQ(object["domains"],
            Json::parse(R"([{"name": "cpu", "source": "cpu-model", "joules": 12.0, "error": 6.0,
      "noise": 0.1, "idle": 4.0, "watts": 6.0, "co2e_grams": null, "cost": null, "quality": "modelled", "method": "",
      "counted": true, "note": ""}])"));
}

TEST(MeasureJson, UnknownIsNullWithItsReasonAndNeverZero) {
  Measurement unknown = modelled();
  unknown.cpu_time = {};
  unknown.energy[0].joules = unknown.energy[0].idle = {};
  unknown.energy[0].note = "cpu-model: no CPU time";
  const Json object =
      Json::parse(json(unknown, {footprint::Grid{380, "stated"}, footprint::Price{0.3, "EUR"}, {}, {}}));
  for (const char* key : {"joules", "joules_error", "joules_idle", "joules_above_idle", "watts",
                          "cpu_seconds", "co2e_grams", "co2e_grams_error", "cost", "cost_error"})
    EXPECT_EQ(object.at(key), nullptr) << key;
  for (const char* key : {"joules", "error", "noise", "idle", "watts", "co2e_grams", "cost"})
    EXPECT_EQ(object["domains"][0].at(key), nullptr) << key;
  EXPECT_EQ(object["note"], "cpu-model: no CPU time");
}

TEST(MeasureJson, TellsCarbonCostAndWhatIsMissing) {
  const Json object = Json::parse(json(modelled(3.6e6), {footprint::Grid{380, "stated"},
                                                         footprint::Price{0.3, "EUR"},
                                                         {{"rapl: no permission", "sudo chmod", true}},
                                                         {}}));
  EXPECT_DOUBLE_EQ(object["co2e_grams"], 380);
  EXPECT_DOUBLE_EQ(object["domains"][0]["co2e_grams"], 380);
  EXPECT_DOUBLE_EQ(object["cost"], 0.3);
  EXPECT_EQ(object["grid"], Json({{"grams_per_kwh", 380.0}, {"origin", "stated"}}));
  EXPECT_EQ(object["price"], Json({{"per_kwh", 0.3}, {"currency", "EUR"}}));
  EXPECT_EQ(object["missing"], Json::parse(R"([{"reason": "rapl: no permission", "remedy": "sudo chmod"}])"));
}

TEST(MeasureJson, TellsThePowerLimitThatWasSet) {
  EXPECT_EQ(Json::parse(json(modelled(), {{}, {}, {}, base::Watts(250)}))["power_limit_watts"], 250.0);
}

TEST(MeasureJson, ASignalIsTold) {
  Measurement killed = modelled(12, 137);
  killed.signal = 9;
  EXPECT_EQ(Json::parse(json(killed, {}))["exit"], 137);
  EXPECT_EQ(Json::parse(json(killed, {}))["signal"], 9);
}

TEST(MeasureJson, ArgumentsThatAreNotUtf8DoNotStopIt) {
  Measurement odd = modelled();
  odd.command = {"\xff"};
  EXPECT_EQ(Json::parse(json(odd, {}))["command"][0], "\xef\xbf\xbd");
}

TEST(MeasureJson, OfASeriesHasRunsMedianAndSpreadBesideTheFixedKeys) {
  const Series series{{"./train"}, {modelled(10), modelled(12), modelled(20), modelled(99, 3)}, 3};
  const Json object = Json::parse(json(series, {}));
  EXPECT_EQ(object["command"], Json({"./train"}));
  EXPECT_EQ(object["exit"], 3);
  EXPECT_EQ(object["joules"], 12.0) << "of those that succeeded";
  EXPECT_EQ(object["joules_error"], 6.0);
  EXPECT_EQ(object["seconds"], 2.0);
  EXPECT_EQ(object["quality"], "modelled");
  EXPECT_EQ(object["domains"][0]["joules"], 12.0);
  ASSERT_EQ(object["runs"].size(), 4u);
  EXPECT_EQ(object["runs"][3]["exit"], 3);
  EXPECT_EQ(object["runs"][3]["joules"], 99.0);
  EXPECT_EQ(object["median"], Json({{"joules", 12.0}, {"watts", 6.0}, {"seconds", 2.0}}));
  EXPECT_EQ(object["spread"]["joules"],
            Json({{"low", 10.0}, {"high", 20.0}, {"deviation", 2.0}, {"runs", 3}}));
  const Json nothing = Json::parse(json(Series{{"./train"}, {modelled(99, 3)}, 3}, {}));
  EXPECT_EQ(nothing["joules"], nullptr);
  EXPECT_EQ(nothing["spread"]["joules"], nullptr);
}

TEST(MeasureJson, OfAComparisonHasTheOtherSideAndTheRatios) {
  Comparison comparison{{{"./a"}, {}, 0}, {{"./b"}, {}, 0}};
  for (int pair = 0; pair < 5; ++pair) {
    comparison.a.runs.push_back(modelled(100));
    comparison.b.runs.push_back(modelled(80 + pair));
  }
  const Json object = Json::parse(json(comparison, {}));
  EXPECT_EQ(object["command"], Json({"./a"}));
  EXPECT_EQ(object["joules"], 100.0);
  EXPECT_EQ(object["versus"]["command"], Json({"./b"}));
  EXPECT_EQ(object["versus"]["joules"], 82.0);
  EXPECT_EQ(object["versus"]["runs"].size(), 5u);
  const Json& ratio = object["ratio"];
  EXPECT_DOUBLE_EQ(ratio["joules"]["median"], 0.82);
  EXPECT_DOUBLE_EQ(ratio["joules"]["low"], 0.8);
  EXPECT_DOUBLE_EQ(ratio["joules"]["high"], 0.84);
  EXPECT_DOUBLE_EQ(ratio["joules"]["coverage"], 0.9375);
  EXPECT_EQ(ratio["joules"]["pairs"], 5);
  EXPECT_EQ(ratio["joules"]["difference"], true);
  EXPECT_EQ(ratio["seconds"]["difference"], false);
  EXPECT_EQ(ratio["interval"], "sign test");
  EXPECT_EQ(ratio["unresolved"], 0);
  EXPECT_EQ(ratio["modelled"], true);
  EXPECT_EQ(object["missing"], Json::array());
}

}  // namespace
}  // namespace sm2::cli
