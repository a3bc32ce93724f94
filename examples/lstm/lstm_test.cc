// The reader on files of a few rows, and the task on a sine.
#include <gtest/gtest.h>
#include <torch/utils.h>
#include <unistd.h>
#include <zlib.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "forecast.h"
#include "series.h"

namespace lstm {
namespace {

constexpr const char* kHousehold =
    "Date;Time;Global_active_power;Global_reactive_power;Voltage\r\n"
    "16/12/2006;17:24:00;4.216;0.418;234.840\r\n"
    "16/12/2006;17:25:00;?;?;?\r\n"
    "16/12/2006;17:26:00;5.374;0.498;233.290\r\n"
    "16/12/2006;17:27:00;5.388;0.502;\r\n";

class SeriesTest : public testing::Test {
 protected:
  SeriesTest() { std::filesystem::create_directories(folder_); }
  ~SeriesTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path file(const std::string& text) const {
    std::ofstream(folder_ / "series.csv") << text;
    return folder_ / "series.csv";
  }

  std::string error(const std::string& text, const std::vector<std::string>& columns = {}) const {
    try {
      read_series(file(text), columns, 1);
    } catch (const trainer::DataError& error) {
      return error.what();
    }
    return "none";
  }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("sm2_lstm_test_" + std::to_string(::getpid()));
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(SeriesTest, LeavesOutTheDatesOfACsvFile) {
  const Series series =
      read_series(file("date,HUFL,OT\n2016-07-01 00:00:00,5.5,30\n2016-07-01 01:00:00,-5.25,+2e1\n"), {}, 1);
  EXPECT_EQ(series.columns, (std::vector<std::string>{"HUFL", "OT"}));
  EXPECT_EQ(series.values, (std::vector<float>{5.5F, 30, -5.25F, 20}));
  EXPECT_EQ(target_column(series, ""), 1);
}

TEST_F(SeriesTest, CarriesForwardWhatIsMissingInTheHouseholdFile) {
  const Series series = read_series(file(kHousehold), {}, 1);
  EXPECT_EQ(series.columns.size(), 3U);
  EXPECT_EQ(series.rows(), 4);
  EXPECT_EQ(series.missing, 4);
  EXPECT_EQ(std::vector<float>(series.values.begin() + 3, series.values.begin() + 6),
            (std::vector<float>{4.216F, 0.418F, 234.84F}));
  EXPECT_EQ(series.values.back(), 233.29F);
  EXPECT_EQ(target_column(series, ""), 0);
}

TEST_F(SeriesTest, LeavesOutRowsBeforeTheFirstKnownValues) {
  const Series series = read_series(file("a,b\n1,\n2,NaN\n3,7\n"), {}, 1);
  EXPECT_EQ(series.values, (std::vector<float>{3, 7}));
  EXPECT_EQ(series.left_out, 2);
  EXPECT_EQ(series.missing, 0);
}

TEST_F(SeriesTest, ResamplesToMeansAndLeavesOutAnIncompleteGroup) {
  const Series series = read_series(file("t;a\nx;1\nx;2\nx;6\nx;10\nx;99\n"), {}, 2);
  EXPECT_EQ(series.values, (std::vector<float>{1.5F, 8}));
}

TEST_F(SeriesTest, TakesTheNamedColumnsInTheirOrder) {
  const Series series = read_series(file("t,a,b,c\nx,1,2,not read\n"), {"b", "a"}, 1);
  EXPECT_EQ(series.values, (std::vector<float>{2, 1}));
}

TEST_F(SeriesTest, ReadsGzipAndSaysWhereItIsCutOff) {
  const auto path = folder_ / "series.csv.gz";
  gzFile gzip = gzopen(path.c_str(), "wb");
  gzputs(gzip, "a\n");
  for (int i = 0; i < 2000; ++i) gzprintf(gzip, "%d\n", i * 7919 % 1000);
  gzclose(gzip);
  EXPECT_EQ(read_series(path, {}, 1).rows(), 2000);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  EXPECT_THROW(read_series(path, {}, 1), trainer::DataError);
}

TEST_F(SeriesTest, BrokenRowsAreNamedByLineAndColumn) {
  EXPECT_TRUE(has(error("t,a\nx,1\nx,oops\n"), "series.csv:3: a is \"oops\"; it must be a number"));
  EXPECT_TRUE(has(error("t,a\nx,1\nx,2,3\n"), "series.csv:3: has 3 fields; the header names 2"));
  EXPECT_TRUE(has(error("t,a\nx,inf\n", {"a"}), "series.csv:2: a is \"inf\""));
  EXPECT_TRUE(has(error("t,a\nx,1\n", {"b"}), "has no column \"b\"; it has t, a"));
  EXPECT_TRUE(has(error("a\n?\n?\n"), "gives no row"));
  EXPECT_TRUE(has(error("t\nx\n"), "holds no number"));
  EXPECT_TRUE(has(error("t,a\n"), "has no rows"));
  EXPECT_TRUE(has(error(""), "is empty"));
  EXPECT_TRUE(has(error("a\n" + std::string(3 << 20, '1')), "series.csv:2: a line of more than 1 MiB"));
}

Series sine(std::int64_t rows) {
  Series series{{"sine", "twice"}, {}};
  for (std::int64_t i = 0; i < rows; ++i) {
    const double value = std::sin(0.3 * static_cast<double>(i));
    series.values.push_back(static_cast<float>(value));
    series.values.push_back(static_cast<float>(2 * value));
  }
  return series;
}

Options small() {
  Options options;
  options.window = 8;
  options.horizon = 2;
  options.hidden = 8;
  options.dropout = 0;
  return options;
}

TEST(Forecast, SplitsInTimeByTheTargetsRow) {
  const Forecast forecast(small(), sine(100), torch::kCPU);
  EXPECT_EQ(forecast.size(), 60 - 9);  // targets in rows 9 to 59
}

TEST(Forecast, TooFewRowsForThePartsAreADataError) {
  EXPECT_THROW(Forecast(small(), sine(12), torch::kCPU), trainer::DataError);
}

TEST(Forecast, TakesASeriesThatNeverChanges) {
  Series flat{{"flat"}, std::vector<float>(100, 3.0F)};
  Forecast forecast(small(), flat, torch::kCPU);
  EXPECT_TRUE(std::isfinite(forecast.validate().at("val_mse")));
}

// The net is untrained, so its loss is large only where the target is the one row that differs.
TEST(Forecast, ForecastsTheRowAtTheHorizon) {
  const Options options = small();
  Series series{{"step"}, std::vector<float>(100, 0.0F)};
  series.values[20] = 1;
  torch::manual_seed(1);
  Forecast forecast(options, series, torch::kCPU);
  const torch::NoGradGuard no_gradients;
  forecast.model().eval();
  const auto loss = [&](std::int64_t sample) {
    return forecast.loss(torch::tensor({sample})).item<double>();
  };
  EXPECT_GT(loss(20 - 9), 10 * loss(20 - 10));
  EXPECT_DOUBLE_EQ(loss(0), loss(1));
}

TEST(Forecast, AllColumnsCanBeTheTarget) {
  Options options = small();
  options.target_column = "all";
  Forecast forecast(options, sine(100), torch::kCPU);
  EXPECT_EQ(forecast.model().named_parameters()["head.weight"].size(0), 2);
}

TEST(Forecast, LearnsASine) {
  torch::manual_seed(1);
  Forecast forecast(small(), sine(400), torch::kCPU);
  const auto error = [&] {
    const torch::NoGradGuard no_gradients;
    return forecast.validate().at("val_mse");
  };
  const double before = error();
  const auto all = torch::arange(forecast.size());
  for (int step = 0; step < 60; ++step) {
    forecast.model().zero_grad();
    forecast.loss(all).backward();
    const torch::NoGradGuard no_gradients;
    for (auto& parameter : forecast.model().parameters()) parameter.sub_(parameter.grad(), 0.3);
  }
  EXPECT_GT(before, 0.5);
  EXPECT_LT(error(), 0.2 * before);
}

}  // namespace
}  // namespace lstm
