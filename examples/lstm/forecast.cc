#include "forecast.h"

#include <torch/nn/functional/loss.h>

#include <algorithm>
#include <iostream>

namespace lstm {

namespace {

constexpr std::int64_t kEvaluationBatch = 512;
constexpr double kSmallestDeviation = 1e-6;

torch::Tensor standardised(const Series& series, std::int64_t training_rows) {
  const auto rows =
      torch::from_blob(const_cast<float*>(series.values.data()), {series.rows(), series.width()})
          .to(torch::kDouble);
  const auto training = rows.slice(0, 0, training_rows);
  const auto deviation = training.std(0, false).clamp_min(kSmallestDeviation);
  return rows.sub(training.mean(0)).div_(deviation).to(torch::kFloat);
}

}  // namespace

Forecast::Forecast(const Options& options, const Series& series, torch::Device device)
    : reach_(options.window + options.horizon - 1) {
  const std::int64_t rows = series.rows();
  const auto share = [rows](double fraction) {
    return static_cast<std::int64_t>(fraction * static_cast<double>(rows) + 0.5);
  };
  const std::int64_t train_end = share(options.train_fraction);
  const std::int64_t validation_end = share(options.train_fraction + options.validation_fraction);
  training_ = {0, train_end - reach_};
  validation_ = {std::max<std::int64_t>(0, train_end - reach_), validation_end - reach_};
  test_ = {std::max<std::int64_t>(0, validation_end - reach_), rows - reach_};
  if (training_.size() < 1 || validation_.size() < 1 || test_.size() < 1) {
    throw trainer::DataError(
        options.data.string() + ": " + std::to_string(rows) + " rows (after --resample) are " +
        "too few for windows of " + std::to_string(reach_ + 1) +
        " rows in training, validation and test; ask for a smaller --window or --horizon, or " +
        "fractions that leave rows for each");
  }

  const bool all = options.target_column == "all";
  const std::int64_t target = all ? 0 : target_column(series, options.target_column);
  rows_ = standardised(series, train_end).to(device);
  targets_ = all ? rows_ : rows_.slice(1, target, target + 1).contiguous();
  steps_ = torch::arange(options.window, torch::TensorOptions(torch::kLong).device(device)).unsqueeze(1);
  net_ = Net(Shape{series.width(), targets_.size(1), options.hidden, options.layers, options.dropout});
  net_->to(device);
}

torch::Tensor Forecast::predicted(const torch::Tensor& begins) {
  const auto moments = (steps_ + begins).flatten();
  return net_(rows_.index_select(0, moments).view({steps_.size(0), begins.size(0), rows_.size(1)}));
}

torch::Tensor Forecast::truth(const torch::Tensor& begins) const {
  return targets_.index_select(0, begins + reach_);
}

torch::Tensor Forecast::loss(const torch::Tensor& samples) {
  const auto begins = samples.to(rows_.device());
  return torch::nn::functional::mse_loss(predicted(begins), truth(begins));
}

trainer::Metrics Forecast::errors(const Part& part, const std::string& name) {
  auto squared = torch::zeros({}, rows_.options().dtype(torch::kDouble));
  auto absolute = squared.clone();
  for (std::int64_t begin = part.begin; begin < part.end; begin += kEvaluationBatch) {
    const auto begins = torch::arange(begin, std::min(begin + kEvaluationBatch, part.end), steps_.options());
    const auto error = (predicted(begins) - truth(begins)).to(torch::kDouble);
    squared += error.square().sum();
    absolute += error.abs().sum();
  }
  const auto count = static_cast<double>(part.size() * targets_.size(1));
  return {{name + "_mse", squared.item<double>() / count}, {name + "_mae", absolute.item<double>() / count}};
}

std::unique_ptr<trainer::Task> make_forecast(const Options& options, torch::Device device) {
  const Series series = read_series(options.data, options.columns, options.resample);
  if (series.missing > 0 || series.left_out > 0) {
    std::cerr << "lstm: " << options.data.string() << ": " << series.missing
              << " missing values carried forward, " << series.left_out
              << " rows without any at the beginning left out\n";
  }
  return std::make_unique<Forecast>(options, series, device);
}

}  // namespace lstm
