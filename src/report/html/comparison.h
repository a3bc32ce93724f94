// `sm2 compare --html`: strategies side by side on one self-contained page; no script, no network, all text escaped. For
// each case a chart on a logarithmic axis: a dot at the mean, a line over its interval, a mark at the median; the best
// mean is blue. Plain data, so that this room knows nothing of how it came about.
#pragma once

#include <string>
#include <vector>

namespace sm2::report::html {

struct ComparedRow {
  std::string strategy;
  double mean = 0, low = 0, high = 0, median = 0;  // drawn where all are finite and above 0
  std::vector<std::string> cells;                  // of the table, after the strategy
  bool whole = true;                               // else a lower bound, and never the best
};

struct ComparedCase {
  std::string name;
  std::string about;
  std::vector<ComparedRow> rows;
};

struct ComparedPage {
  std::string over;  // what the axis shows: "energy over the oracle's"
  std::vector<std::string> headings;
  std::vector<ComparedCase> cases;
  std::vector<std::string> summary_headings;
  std::vector<ComparedRow> summary;  // drawn from the geometric mean to the worst case
  std::vector<std::string> method;   // sentences
};

std::string comparison(const ComparedPage& page);

}  // namespace sm2::report::html
