#include "workload/zeus_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "workload/csv.h"

namespace sm2::workload::zeus {
namespace {

constexpr std::string_view kTraining = "summary_train.csv";
constexpr std::string_view kPowerPrefix = "summary_power_";
constexpr std::string_view kPowerSuffix = ".csv";
constexpr double kMostEpochs = 1e8;

// The epoch that is over when the metric is seen.
std::optional<int> epoch(Fields& fields, std::size_t column) {
  const auto written = fields.known(column);
  if (!written) return {};
  if (*written < 0 || *written > kMostEpochs) {
    fields.refuse(
        fmt::format("target_epoch is {}; it must be a number of epochs, or nan for never", *written));
    return {};
  }
  return std::max(1, static_cast<int>(std::ceil(*written)));
}

base::Result<std::map<Name, Trained>> read_training(const std::string& file) {
  const auto csv = Csv::read(file);
  if (!csv) return tl::unexpected(csv.error());
  const auto at = csv->find({"dataset", "network", "optimizer", "batch_size", "learning_rate", "run",
                             "target_metric", "target_epoch"});
  if (!at) return tl::unexpected(at.error());
  std::map<Name, Trained> training;
  for (const Csv::Row& row : csv->rows()) {
    Fields fields(*csv, row);
    const Name name{fields.text((*at)[0]), fields.text((*at)[1]), fields.text((*at)[2])};
    const std::int64_t batch = fields.whole((*at)[3]);
    const RunName run{fields.text((*at)[4]), fields.text((*at)[5])};
    const double metric = fields.number((*at)[6]);
    const auto reached = epoch(fields, (*at)[7]);
    if (!training[name][batch][run].emplace(metric, reached).second)
      fields.refuse("this run's epoch for this target_metric is there already; leave one of the rows");
    if (fields.error()) return tl::unexpected(*fields.error());
  }
  if (training.empty())
    return base::fail("{}:1: no rows follow the header; give one for each metric of a run", file);
  return training;
}

base::Result<std::map<Name, Powered>> read_power(const std::string& file) {
  const auto csv = Csv::read(file);
  if (!csv) return tl::unexpected(csv.error());
  const auto at = csv->find(
      {"dataset", "network", "optimizer", "batch_size", "power_limit", "time_per_epoch", "average_power"});
  if (!at) return tl::unexpected(at.error());
  std::map<Name, Powered> power;
  for (const Csv::Row& row : csv->rows()) {
    Fields fields(*csv, row);
    const Name name{fields.text((*at)[0]), fields.text((*at)[1]), fields.text((*at)[2])};
    const std::int64_t batch = fields.whole((*at)[3]);
    const base::Watts limit(fields.positive((*at)[4]));
    const bool measured = fields.known((*at)[5]) && fields.known((*at)[6]);
    const Measured epoch = measured ? Measured{limit, base::Seconds(fields.positive((*at)[5])),
                                               base::Watts(fields.positive((*at)[6]))}
                                    : Measured{};
    Limits& limits = power[name][batch];
    const auto place = std::ranges::lower_bound(limits, limit, {}, &Measured::limit);
    if (place != limits.end() && place->limit == limit)
      fields.refuse("this batch size is there already under this power_limit; leave one of the rows");
    if (fields.error()) return tl::unexpected(*fields.error());
    if (measured) limits.insert(place, epoch);
  }
  return power;
}

// The GPU of a power file, by the file's name.
std::optional<std::string> gpu_of(std::string_view file) {
  if (!file.starts_with(kPowerPrefix) || !file.ends_with(kPowerSuffix)) return {};
  if (file.size() <= kPowerPrefix.size() + kPowerSuffix.size()) return {};
  file.remove_prefix(kPowerPrefix.size());
  file.remove_suffix(kPowerSuffix.size());
  return std::string(file);
}

}  // namespace

base::Result<Files> read_files(const std::string& folder) {
  const std::filesystem::path path(folder);
  std::error_code failure;
  std::filesystem::directory_iterator entries(path, failure);
  if (failure) return base::fail("{}: cannot be read as a folder: {}", folder, failure.message());
  Files files;
  auto training = read_training(path / kTraining);
  if (!training) return tl::unexpected(training.error());
  files.training = std::move(*training);
  for (const auto& entry : entries) {
    const auto gpu = gpu_of(entry.path().filename().string());
    if (!gpu) continue;
    auto power = read_power(entry.path());
    if (!power) return tl::unexpected(power.error());
    files.power.emplace(*gpu, std::move(*power));
  }
  if (files.power.empty())
    return base::fail("{}: holds no {}<gpu>{}; give one for each GPU", folder, kPowerPrefix, kPowerSuffix);
  return files;
}

}  // namespace sm2::workload::zeus
