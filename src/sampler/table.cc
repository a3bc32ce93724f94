#include "sampler/table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.h"

namespace sm2::sampler {
namespace {

struct Row {
  std::string_view name;
  Make* make;
};

#define SM2_ROW(name, make) {name, make},
constexpr Row kTable[] = {SM2_SAMPLERS(SM2_ROW)};
#undef SM2_ROW

}  // namespace

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Row& row : kTable) all.emplace_back(row.name);
  return all;
}

base::Result<std::unique_ptr<Sampler>> make(std::string_view name, const space::Space& space,
                                            std::uint64_t seed) {
  const auto row = std::ranges::find(kTable, name, &Row::name);
  if (row != std::end(kTable)) return row->make(space, seed);
  return base::fail("there is no sampler '{}'; {}this version has {}", name,
                    base::did_you_mean(name, names()), fmt::join(names(), ", "));
}

}  // namespace sm2::sampler
