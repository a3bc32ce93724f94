#include "cli/device_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/powercap_tree.h"

namespace sm2::cli {
namespace {

using Json = nlohmann::json;

DeviceTable table() {
  meter::DomainInfo gpu;
  gpu.name = "gpu-0";
  gpu.source = "nvml";
  gpu.method = "counter";
  gpu.part = "gpu 0000:3b:00.0";
  gpu.description = "NVIDIA A100-SXM4-40GB";
  gpu.id = "GPU-8f2c";
  gpu.resolution = base::Seconds(0.1);
  gpu.relative_error = 0.05;
  gpu.power_limit = base::Watts(250);
  meter::DomainInfo core;
  core.name = "core-0";
  core.source = "rapl";
  core.inside = "package-0";
  core.resolution = base::Seconds(0.001);
  core.relative_error = 0.2;
  return {{{"nvml", "", "NVIDIA GPUs", {{gpu, true}}, {{"GPU 1 is lost", "reboot", true}}},
           {"rapl", "", "processors", {{core, false}}, {}},
           {"rocm",
            "",
            "AMD GPUs",
            {},
            {{"librocm_smi64.so: not found", "sudo apt install rocm-smi-lib", false}}},
           {"replay", "FILE", "a recorded power trace", {}, {}}},
          ""};
}

TEST(DeviceTable, ListsDomainsWithTheirAccuracyAndWhatIsNotReadableWithTheRemedy) {
  EXPECT_EQ(
      text(table()),
      "nvml        NVIDIA GPUs\n"
      "            gpu-0, what auto takes: measured by its counter, steps of 100 ms, +- 5 %, limit 250 W\n"
      "              NVIDIA A100-SXM4-40GB [GPU-8f2c]\n"
      "            there, but not readable: GPU 1 is lost\n"
      "              remedy: reboot\n"
      "rapl        processors\n"
      "            core-0 inside package-0: measured, steps of 1 ms, +- 20 %\n"
      "rocm        AMD GPUs\n"
      "            not usable: librocm_smi64.so: not found\n"
      "              remedy: sudo apt install rocm-smi-lib\n"
      "replay      a recorded power trace\n"
      "            never taken by auto; name it with its FILE: --source replay:FILE\n");
}

TEST(DeviceTable, JsonSaysTheSame) {
  const Json object = Json::parse(json(table()));
  EXPECT_EQ(object["auto"], Json({"nvml"}));
  EXPECT_EQ(object["sources"][0], Json::parse(R"({"name": "nvml", "argument": null, "counts": "NVIDIA GPUs",
      "usable": true, "chosen": true, "reason": null, "remedy": null,
      "domains": [{"name": "gpu-0", "part": "gpu 0000:3b:00.0", "inside": null, "id": "GPU-8f2c",
                   "description": "NVIDIA A100-SXM4-40GB", "quality": "measured", "method": "counter",
                   "resolution_seconds": 0.1, "relative_error": 0.05, "power_limit_watts": 250.0, "chosen": true}],
      "unusable": [{"reason": "GPU 1 is lost", "remedy": "reboot", "present": true}]})"));
  const Json& rocm = object["sources"][2];
  EXPECT_EQ(rocm["usable"], false);
  EXPECT_EQ(rocm["reason"], "librocm_smi64.so: not found");
  EXPECT_EQ(rocm["remedy"], "sudo apt install rocm-smi-lib");
  const Json& replay = object["sources"][3];
  EXPECT_EQ(replay["argument"], "FILE");
  EXPECT_EQ(replay["usable"], nullptr) << "nobody looked";
  EXPECT_EQ(replay["reason"], nullptr);
}

TEST(DeviceTable, SaysWhyAutoFindsNothing) {
  EXPECT_EQ(text({{}, "no energy source can be used here"}),
            "auto        no energy source can be used here\n");
}

TEST(DeviceTable, FindsWhatIsHereAndWhatAutoTakesOfIt) {
  sm2::testing::PowercapTree tree;
  meter::Settings settings;
  settings.sysfs = settings.proc = tree.sysfs();
  settings.nvml_library = settings.rocm_library = "libsm2-no-such-library.so";
  const base::SystemClock clock;
  const auto source = [&](const std::string& name) {
    const Json object = Json::parse(json(find_devices(settings, clock)));
    for (const Json& one : object["sources"]) {
      if (one["name"] == name) return one;
    }
    return Json();
  };
  EXPECT_EQ(source("rapl")["usable"], false);
  EXPECT_NE(source("rapl")["remedy"], "");
  EXPECT_EQ(source("nvml")["usable"], false);
  EXPECT_EQ(source("cpu-model")["chosen"], true);
  tree.add("intel-rapl:0", "package-0", 0);
  EXPECT_EQ(source("rapl")["chosen"], true);
  EXPECT_EQ(source("rapl")["domains"][0]["name"], "package-0");
  EXPECT_EQ(source("cpu-model")["usable"], true);
  EXPECT_EQ(source("cpu-model")["chosen"], false);
}

}  // namespace
}  // namespace sm2::cli
