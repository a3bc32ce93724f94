#include "cli/device_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "testing/powercap_tree.h"

namespace sm2::cli {
namespace {

using Json = nlohmann::json;

class DeviceTable : public ::testing::Test {
 protected:
  DeviceTable() {
    settings_.sysfs = tree_.sysfs();
    settings_.proc = tree_.sysfs();  // no cpuinfo
  }

  sm2::testing::PowercapTree tree_;
  meter::Settings settings_;
};

TEST_F(DeviceTable, SaysWhyASourceIsNotUsableAndWhatWouldHelp) {
  const std::string text = devices_text(settings_);
  EXPECT_NE(text.find("rapl        not usable: no RAPL counter under "), std::string::npos) << text;
  EXPECT_NE(text.find("            remedy: sudo modprobe intel_rapl_msr"), std::string::npos) << text;
  EXPECT_NE(text.find("cpu-model   usable, what auto chooses: CPU time"), std::string::npos) << text;
  EXPECT_NE(text.find("            modelled, steps of 10 ms: cpu +- 50 %\n"), std::string::npos) << text;
}

TEST_F(DeviceTable, ListsDomainsWithTheirErrors) {
  tree_.add("intel-rapl:0", "package-0", 0);
  tree_.add("intel-rapl:0:0", "dram", 0);
  const std::string text = devices_text(settings_);
  EXPECT_NE(text.find("rapl        usable, what auto chooses: the processor's own"), std::string::npos)
      << text;
  EXPECT_NE(text.find("measured, steps of 1 ms: package-0 +- 5 %, dram-0 +- 20 %\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("cpu-model   usable: "), std::string::npos) << text;
}

TEST_F(DeviceTable, JsonSaysTheSame) {
  const Json before = Json::parse(devices_json(settings_));
  EXPECT_EQ(before["auto"], Json({"cpu-model"}));
  EXPECT_EQ(before["sources"][0]["name"], "rapl");
  EXPECT_EQ(before["sources"][0]["usable"], false);
  EXPECT_EQ(before["sources"][0]["description"], nullptr);
  EXPECT_TRUE(before["sources"][0]["remedy"].is_string());
  tree_.add("intel-rapl:0", "package-0", 0);
  const Json after = Json::parse(devices_json(settings_));
  EXPECT_EQ(after["auto"], Json({"rapl"}));
  const Json& rapl = after["sources"][0];
  EXPECT_EQ(rapl["usable"], true);
  EXPECT_EQ(rapl["chosen"], true);
  EXPECT_EQ(rapl["quality"], "measured");
  EXPECT_EQ(rapl["resolution_seconds"], 0.001);
  EXPECT_EQ(rapl["domains"][0]["name"], "package-0");
  EXPECT_EQ(rapl["domains"][0]["relative_error"], 0.05);
  EXPECT_EQ(rapl["reason"], nullptr);
  EXPECT_EQ(after["sources"][1]["chosen"], false);
}

}  // namespace
}  // namespace sm2::cli
