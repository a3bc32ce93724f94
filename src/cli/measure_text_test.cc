#include "cli/measure_text.h"

#include <gtest/gtest.h>

namespace sm2::cli {
namespace {

using base::Joules;
using base::Seconds;

trial::Reading reading(const std::string& domain, const std::string& source, double joules, double error) {
  trial::Reading reading;
  reading.domain = domain;
  reading.source = source;
  reading.joules = Joules(joules);
  reading.error = Joules(error);
  return reading;
}

Measurement modelled(double joules = 12, double seconds = 2) {
  Measurement measurement{{"./train", "--lr=0.1"}, 0, {}, Seconds(seconds), Seconds(1.5), {}};
  measurement.energy = {reading("cpu", "cpu-model", joules, joules / 2)};
  measurement.energy[0].quality = trial::Quality::kModelled;
  measurement.energy[0].idle = Joules(4);
  return measurement;
}

TEST(MeasureText, NamesErrorSourceAndQualityAndTellsGrossIdleAndNetApart) {
  EXPECT_EQ(text(modelled(), {}),
            "energy      12.0 J +- 6.0 (cpu-model, modelled)\n"
            "idle        4.00 J\n"
            "above idle  8.00 J\n"
            "mean power  6.00 W\n"
            "time        2.00 s\n"
            "CPU time    1.50 s\n");
}

TEST(MeasureText, UnknownSaysWhyAndIsNeverZero) {
  Measurement unknown = modelled();
  unknown.cpu_time = {};
  unknown.energy[0].joules = unknown.energy[0].idle = {};
  unknown.energy[0].note = "cpu-model: no CPU time";
  EXPECT_EQ(text(unknown, {footprint::Grid{380, "stated"}, {}, {}, {}}),
            "energy      unknown (cpu-model: no CPU time)\n"
            "above idle  unknown: idle power is not known\n"
            "mean power  unknown\n"
            "time        2.00 s\n"
            "CPU time    unknown\n"
            "CO2e        unknown (380 gCO2e/kWh, stated)\n");
}

TEST(MeasureText, ListsDomainsWhatIsPartOfThemAndNotes) {
  Measurement measured = modelled();
  measured.time = Seconds(0.015);
  trial::Reading core = reading("core-0", "rapl", 0.75, 1);
  core.counted = false;
  measured.energy = {reading("gpu-0", "nvml", 1, 2), core, reading("dram-0", "rapl", 0.5, 1)};
  measured.energy[0].method = "counter";
  measured.energy[0].note = "too short";
  EXPECT_EQ(text(measured, {{}, {}, {{"rocm: no permission", "sudo usermod -aG render $USER", true}}, {}}),
            "energy              1.50 J +- 3.0 (nvml counter + rapl)\n"
            "  gpu-0             1.00 J +- 2.0 (nvml counter), 66.7 W\n"
            "    of which core-0 750 mJ +- 1000 (rapl, measured), 50.0 W\n"
            "  dram-0            500 mJ +- 1000 (rapl, measured), 33.3 W\n"
            "above idle          unknown: idle power is not known\n"
            "mean power          100 W\n"
            "time                15.0 ms\n"
            "CPU time            1.50 s\n"
            "note                too short\n"
            "note                not read: rocm: no permission; remedy: sudo usermod -aG render $USER\n");
}

TEST(MeasureText, TellsCarbonAndCostOnlyWhereAskedForAndByDomain) {
  Measurement measured = modelled();
  measured.energy = {reading("gpu-0", "nvml", 2.7e6, 3.6e4), reading("package-0", "rapl", 0.9e6, 0)};
  const std::string told =
      text(measured, {footprint::Grid{400, "stated by the user"}, footprint::Price{0.2, "EUR"}, {}, {}});
  const auto grams = [](double g) { return footprint::format_carbon(g); };
  const auto euros = [](double e) { return footprint::format_cost({e, "EUR"}); };
  EXPECT_NE(
      told.find("CO2e        " + grams(400) + " +- " + grams(4) + " (400 gCO2e/kWh, stated by the user)\n"),
      std::string::npos)
      << told;
  EXPECT_NE(told.find("cost        " + euros(0.2) + " +- " + euros(0.002) + " (0.2 EUR/kWh)\n"),
            std::string::npos)
      << told;
  EXPECT_NE(told.find(", 1350 kW, " + grams(300) + ", " + euros(0.15) + "\n"), std::string::npos) << told;
  const std::string silent = text(measured, {});
  EXPECT_EQ(silent.find("CO2e"), std::string::npos);
  EXPECT_EQ(silent.find("cost"), std::string::npos);
}

TEST(MeasureText, TellsThePowerLimitThatWasSet) {
  EXPECT_NE(text(modelled(), {{}, {}, {}, base::Watts(250)}).find("\npower limit 250 W\n"),
            std::string::npos);
}

TEST(MeasureText, IsSafeForATerminal) {
  Measurement odd = modelled();
  odd.energy[0].note = "\x1b[2Jboo\n";
  EXPECT_NE(text(odd, {}).find("note        \\x1b[2Jboo \n"), std::string::npos) << text(odd, {});
}

TEST(MeasureText, OfASeriesIsMedianRangeAndDeviation) {
  const Series series{{"./train"}, {modelled(10, 2), modelled(12, 2), modelled(20, 4)}, 0};
  EXPECT_EQ(text(series, {}),
            "3 runs: median; lowest to highest; median absolute deviation\n"
            "energy      12.0 J +- 6.0 (cpu-model, modelled); 10.0 J to 20.0 J; 2.00 J\n"
            "idle        4.00 J\n"
            "above idle  8.00 J\n"
            "mean power  5.00 W; 5.00 W to 6.00 W; 0.00 W\n"
            "time        2.00 s; 2.00 s to 4.00 s; 0.00 ms\n"
            "CPU time    1.50 s; 1.50 s to 1.50 s; 0.00 ms\n");
  EXPECT_EQ(brief({"", 2}, 3, series.runs[1]), "run 2 of 3  12.0 J +- 6.0  6.00 W  2.00 s\n");
}

TEST(MeasureText, SmallJoulesAreMillijoules) {
  Measurement small = modelled();
  small.energy[0].idle = Joules(11.9642);
  EXPECT_NE(text(small, {}).find("\nabove idle  35.8 mJ\n"), std::string::npos) << text(small, {});
}

TEST(MeasureText, OfASeriesLeavesOutTheRunThatFailedAndCountsUnknownOnes) {
  Series series{{"./train"}, {modelled(10), modelled(20), modelled(99)}, 1};
  series.runs[1].energy[0].joules = {};
  series.runs[2].exit = 1;
  const std::string told = text(series, {});
  EXPECT_NE(
      told.find(
          "energy      10.0 J +- 5.0 (cpu-model, modelled); 10.0 J to 10.0 J; 0 J; unknown in 1 runs\n"),
      std::string::npos)
      << told;
  EXPECT_EQ(text(Series{{"./train"}, {series.runs[2]}, 1}, {}), "");
}

Comparison of(double ratio, std::size_t pairs) {
  Comparison comparison{{{"./a"}, {}, 0}, {{"./b", "x y"}, {}, 0}};
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    comparison.a.runs.push_back(modelled(100));
    comparison.b.runs.push_back(modelled(100 * ratio + static_cast<double>(pair)));
  }
  return comparison;
}

TEST(MeasureText, OfAComparisonSaysADifferenceInWords) {
  const std::string told = text(of(0.8, 5), {});
  EXPECT_NE(told.find("\nA  ./a\nenergy      100 J "), std::string::npos) << told;
  EXPECT_NE(told.find("\nB  ./b 'x y'\nenergy      82.0 J "), std::string::npos) << told;
  EXPECT_NE(
      told.find("B against A: median of the ratios of the pairs (94 % interval by the sign test, 5 pairs)\n"
                "energy      B uses 0.82 times the energy of A (0.8 to 0.84)\n"
                "time        no difference that this can tell: 1 times (1 to 1)\n"
                "note        modelled: the model's error cancels in a ratio only in part"),
      std::string::npos)
      << told;
}

TEST(MeasureText, OfAComparisonAdmitsWhatItCannotTell) {
  EXPECT_NE(text(of(0.98, 5), {}).find("no difference that this can tell: 1 times (0.98 to 1.02)"),
            std::string::npos);
  EXPECT_NE(text(of(0.5, 2), {})
                .find("0.505 times (0.5 to 0.51); too few pairs to tell a difference, which takes 5"),
            std::string::npos)
      << text(of(0.5, 2), {});
  EXPECT_EQ(text(of(1, 0), {}), "");
}

}  // namespace
}  // namespace sm2::cli
