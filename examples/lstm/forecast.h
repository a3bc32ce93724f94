// The forecaster's task: from `window` rows of a series, the target at `horizon` rows after the last of them.
//
// The rows are split in time into training, validation and test. A sample belongs to the part that its target
// lies in; its window may reach back into the part before. Every column is standardised by mean and deviation
// of the training rows, and val_mse, val_mae, test_mse, test_mae are in these units: a forecast of the
// training mean has an error of about 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "net.h"
#include "series.h"
#include "trainer/trainer.h"

namespace lstm {

struct Options {
  std::filesystem::path data;
  std::vector<std::string> columns;  // none: all
  std::string target_column;         // empty: see target_column(); "all": every column
  std::int64_t resample = 1;         // rows
  std::int64_t window = 48;          // rows
  std::int64_t horizon = 1;          // rows
  double train_fraction = 0.6;
  double validation_fraction = 0.2;
  std::int64_t hidden = 64;
  std::int64_t layers = 1;
  double dropout = 0.1;
};

class Forecast : public trainer::Task {
 public:
  // Too few rows for a sample in each part is a DataError.
  Forecast(const Options& options, const Series& series, torch::Device device);

  torch::nn::Module& model() override { return *net_; }
  std::int64_t size() const override { return training_.size(); }
  torch::Tensor loss(const torch::Tensor& samples) override;
  trainer::Metrics validate() override { return errors(validation_, "val"); }
  trainer::Metrics test() override { return errors(test_, "test"); }

 private:
  struct Part {  // the samples whose window begins in [begin, end)
    std::int64_t begin, end;
    std::int64_t size() const { return end - begin; }
  };

  torch::Tensor predicted(const torch::Tensor& begins);
  torch::Tensor truth(const torch::Tensor& begins) const;
  trainer::Metrics errors(const Part& part, const std::string& name);

  std::int64_t reach_;  // from the beginning of a window to its target, in rows
  Part training_, validation_, test_;
  torch::Tensor rows_;     // rows x columns
  torch::Tensor targets_;  // rows x outputs
  torch::Tensor steps_;    // 0 ... window - 1, a column
  Net net_{nullptr};
};

// Reads the series, and says on standard error what was missing in it.
std::unique_ptr<trainer::Task> make_forecast(const Options& options, torch::Device device);

}  // namespace lstm
