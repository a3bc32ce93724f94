#include "strategy/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.h"

namespace sm2::strategy {
namespace {

struct Row {
  std::string_view name;
  Make* make;
};

#define SM2_ROW(name, make) {name, make},
constexpr Row kTable[] = {SM2_STRATEGIES(SM2_ROW)};
#undef SM2_ROW

}  // namespace

Verdict Strategy::judge(trial::TrialId, const trial::Stretch&) { return {}; }

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Row& row : kTable) all.emplace_back(row.name);
  return all;
}

base::Result<std::unique_ptr<Strategy>> make(std::string_view name, const space::Space& space,
                                             const Options& options) {
  const auto row = std::ranges::find(kTable, name, &Row::name);
  if (row != std::end(kTable)) return row->make(space, options);
  return base::fail("there is no strategy '{}'; {}this version has {}", name,
                    base::did_you_mean(name, names()), fmt::join(names(), ", "));
}

}  // namespace sm2::strategy
