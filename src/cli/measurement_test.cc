#include "cli/measurement.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;
using Json = nlohmann::json;

Measurement modelled() {
  return {
      {"./train", "--lr=0.1"},
      0,
      {},
      Seconds(2),
      Seconds(1.5),
      {{"cpu", "cpu-model", trial::Quality::kModelled, Joules(12), Joules(4), Joules(6), Joules(0.1), ""}}};
}

TEST(Measurement, JsonHasTheDocumentedKeys) {
  const Json object = Json::parse(json(modelled()));
  EXPECT_EQ(object["command"], Json({"./train", "--lr=0.1"}));
  EXPECT_EQ(object["exit"], 0);
  EXPECT_EQ(object["seconds"], 2.0);
  EXPECT_EQ(object["joules"], 12.0);
  EXPECT_EQ(object["joules_error"], 6.0);
  EXPECT_EQ(object["joules_above_idle"], 8.0);
  EXPECT_EQ(object["watts"], 6.0);
  EXPECT_EQ(object["quality"], "modelled");
  EXPECT_EQ(object["signal"], nullptr);
  ASSERT_EQ(object["domains"].size(), 1u);
  const Json& cpu = object["domains"][0];
  EXPECT_EQ(cpu["name"], "cpu");
  EXPECT_EQ(cpu["source"], "cpu-model");
  EXPECT_EQ(cpu["joules"], 12.0);
  EXPECT_EQ(cpu["error"], 6.0);
  EXPECT_EQ(cpu["quality"], "modelled");
}

TEST(Measurement, UnknownIsNullWithItsReasonAndNeverZero) {
  Measurement unknown = modelled();
  unknown.cpu_time = {};
  unknown.energy[0] = {"cpu", "cpu-model", trial::Quality::kModelled, {}, {},
                       {},    {},          "cpu-model: no CPU time"};
  const Json object = Json::parse(json(unknown));
  for (const char* key : {"joules", "joules_error", "joules_above_idle", "watts", "cpu_seconds"})
    EXPECT_EQ(object[key], nullptr) << key;
  for (const char* key : {"joules", "error", "noise", "idle"})
    EXPECT_EQ(object["domains"][0][key], nullptr) << key;
  EXPECT_EQ(object["note"], "cpu-model: no CPU time");
  EXPECT_EQ(text(unknown),
            "energy      unknown (cpu-model: no CPU time)\n"
            "above idle  unknown: idle power is not known\n"
            "mean power  unknown\n"
            "time        2.00 s\n"
            "CPU time    unknown\n");
}

TEST(Measurement, ASignalIsTold) {
  Measurement killed = modelled();
  killed.exit = 137;
  killed.signal = 9;
  EXPECT_EQ(Json::parse(json(killed))["exit"], 137);
  EXPECT_EQ(Json::parse(json(killed))["signal"], 9);
}

TEST(Measurement, ArgumentsThatAreNotUtf8DoNotStopIt) {
  Measurement odd = modelled();
  odd.command = {"\xff"};
  EXPECT_EQ(Json::parse(json(odd))["command"][0], "\xef\xbf\xbd");
}

TEST(Measurement, TextNamesErrorSourceAndQuality) {
  EXPECT_EQ(text(modelled()),
            "energy      12.0 J +- 6 (cpu-model, modelled)\n"
            "above idle  8.00 J\n"
            "mean power  6.00 W\n"
            "time        2.00 s\n"
            "CPU time    1.50 s\n");
}

TEST(Measurement, TextListsDomainsAndNotes) {
  Measurement measured = modelled();
  measured.time = Seconds(0.015);
  measured.energy = {
      {"package-0", "rapl", trial::Quality::kMeasured, Joules(1), {}, Joules(2), Joules(2), "too short"},
      {"dram-0", "rapl", trial::Quality::kMeasured, Joules(0.5), {}, Joules(1), Joules(1), "too short"}};
  EXPECT_EQ(text(measured),
            "energy      1.50 J +- 3 (rapl, measured)\n"
            "  package-0 1.00 J +- 2 (rapl, measured)\n"
            "  dram-0    0.50 J +- 1 (rapl, measured)\n"
            "above idle  unknown: idle power is not known\n"
            "mean power  100 W\n"
            "time        15.0 ms\n"
            "CPU time    1.50 s\n"
            "note        too short\n");
}

}  // namespace
}  // namespace sm2::cli
