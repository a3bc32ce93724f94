#include "workload/workloads.h"

#include <array>

#include "workload/synthetic.h"
#include "workload/table.h"
#include "workload/zeus.h"

namespace sm2::workload {
namespace {

struct Kind {
  std::string_view name;
  base::Result<Opened> (*open)(const std::string& place, const OpenOptions& options);
};

constexpr std::array kKinds = {Kind{"zeus", read_zeus}, Kind{"table", read_table},
                               Kind{"synthetic", synthetic}};

constexpr std::string_view kUsage = "zeus:DIR, table:FILE or synthetic:NAME";

}  // namespace

base::Result<Opened> open(std::string_view spec, const OpenOptions& options) {
  const auto colon = spec.find(':');
  if (colon == std::string_view::npos) return base::fail("'{}' is not a workload; write {}", spec, kUsage);
  const std::string place(spec.substr(colon + 1));
  for (const Kind& kind : kKinds) {
    if (kind.name != spec.substr(0, colon)) continue;
    if (place.empty()) return base::fail("'{}' names nothing after the colon; write {}", spec, kUsage);
    return kind.open(place, options);
  }
  return base::fail("'{}' is not a kind of workload; write {}", spec.substr(0, colon), kUsage);
}

}  // namespace sm2::workload
