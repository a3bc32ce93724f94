// Several runs of one command, or of two by turns: A B B A A B B A ..., so that a drift of the machine weighs on both
// alike. A run that fails ends the series.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/measure_run.h"
#include "cli/measure_statistics.h"
#include "cli/measure_stream.h"
#include "cli/measurement.h"

namespace sm2::cli {

struct Series {
  std::vector<std::string> command;
  std::vector<Measurement> runs;  // the last one may have failed
  int exit = 0;                   // other than 0: why it ended early

  std::vector<Measurement> succeeded() const;
  const Measurement* failed() const;  // null when all succeeded
};

struct Comparison {
  Series a, b;
};

struct Repetition {
  std::size_t runs = 1;
  std::function<tl::expected<Measurement, NotStarted>(const std::vector<std::string>&, const RunName&)> run;
  std::function<void(const RunName&, const Measurement&)> told;  // after each run
  std::function<std::optional<int>()> ending;  // the signal by which the user wants it to end
};

struct SeriesEnd {  // why a series has fewer runs than it should
  int status = 0;
  std::string message;
};

std::optional<SeriesEnd> repeat(Series& series, const Repetition& how);
std::optional<SeriesEnd> alternate(Comparison& comparison, const Repetition& how);

struct Ratios {  // of B to A
  std::optional<Ratio> joules, seconds;
  std::size_t unresolved = 0;  // pairs whose joules are unknown or within their noise
  bool modelled = false;
};
Ratios ratios(const Comparison& comparison);

}  // namespace sm2::cli
