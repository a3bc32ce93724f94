#include "exchange/codecarbon_export.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "testing/sample_study.h"
#include "workload/csv.h"

namespace sm2::exchange {
namespace {

using testing::SampleStudy;
using Row = std::map<std::string, std::string>;

std::vector<Row> rows(const SampleStudy& sample) {
  Timeline timeline;
  for (const trial::Event& event : sample.events) timeline.apply(event);
  const report::Study study{sample.spec.name, sample.spec, sample.state, false};
  const auto csv = workload::Csv::parse(export_codecarbon(study, timeline), "emissions.csv").value();
  std::vector<Row> all;
  for (const workload::Csv::Row& row : csv.rows()) {
    all.emplace_back();
    for (std::size_t k = 0; k < csv.columns().size(); ++k) all.back()[csv.columns()[k]] = row.fields[k];
  }
  return all;
}

TEST(CodecarbonExport, IsInKilowattHoursAndKilograms) {
  SampleStudy sample;
  sample.spec.energy.grid = "DE";
  sample.add(trial::Opened{"0.1.0", "host-a", 1, {}, footprint::Grid{360, "stated"}});
  sample.train(0, SampleStudy::configuration(64, 0.01), 0, 1);
  sample.exit(0, trial::Completed{}, SampleStudy::energy(3.6e6));  // 20 s
  const Row row = rows(sample).at(0);
  EXPECT_EQ(row.at("energy_consumed"), "1");
  EXPECT_EQ(row.at("cpu_energy"), "1");
  EXPECT_EQ(row.at("cpu_power"), "180000");
  EXPECT_EQ(row.at("emissions"), "0.36");
  EXPECT_EQ(row.at("emissions_rate"), "0.018");
  EXPECT_EQ(row.at("duration"), "20");
  EXPECT_EQ(row.at("country_iso_code"), "DEU");
  EXPECT_EQ(row.at("sm2_energy"), "3.60 MJ +- 1.8 (cpu-model, modelled)");
  for (const char* unknown :
       {"gpu_energy", "ram_energy", "gpu_power", "os", "cpu_model", "longitude", "on_cloud"})
    EXPECT_EQ(row.at(unknown), "") << unknown;
}

TEST(CodecarbonExport, WhatIsUnknownIsEmptyAndATrialThatNeverRanIsNoRow) {
  SampleStudy sample;
  sample.train(0, SampleStudy::configuration(64, 0.01), 0, 1);
  sample.exit(0, trial::Failed{1, "x"}, SampleStudy::unknown_energy());
  sample.drop(1, "not worth it", SampleStudy::configuration(64, 0.1));
  const std::vector<Row> all = rows(sample);
  ASSERT_EQ(all.size(), 1u);
  for (const char* unknown : {"energy_consumed", "cpu_energy", "emissions", "country_name"})
    EXPECT_EQ(all[0].at(unknown), "") << unknown;
  EXPECT_EQ(all[0].at("sm2_trial"), "0");
}

}  // namespace
}  // namespace sm2::exchange
