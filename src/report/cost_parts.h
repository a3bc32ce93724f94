// Where the energy of a study went, in parts that add up to all of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/summary.h"

namespace sm2::report {

struct CostPart {
  enum class What { kWinner, kExplored, kDropped, kOthers };
  What what = What::kOthers;
  std::string_view word;  // "dropped"
  std::string_view name;  // "dropped and failed trials"
  Spent spent;
  std::optional<double> share;  // of all; absent where either is unknown
  std::string amount;           // the joules, or where they are unknown what they are at least
};

// Parts of nothing are left out, but for what was dropped.
std::vector<CostPart> cost_parts(const Summary& summary);

std::string with_error(const CostPart& part);  // "245 J +- 123"; the amount alone where it is not all known
std::string text(const CostPart& part);        // with its share: "245 J +- 123, 57 %"

// For a listing, below the whole: "  dropped", "245 J +- 123, 57 %: dropped and failed trials".
std::vector<std::pair<std::string, std::string>> cost_lines(const Summary& summary);

}  // namespace sm2::report
