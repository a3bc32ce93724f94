#include "report/cost_parts.h"

#include <fmt/format.h>

#include "base/units.h"
#include "report/figures.h"

namespace sm2::report {
namespace {

using What = CostPart::What;

// What neither the winner nor dropped trials used.
Spent others(const Summary& summary) {
  const Counts& trials = summary.trials;
  if (trials.all() - trials.stopped - trials.failed <= 1) return {base::Joules(0), base::Joules(0)};
  return summary.total - summary.winner - summary.dropped;
}

std::vector<CostPart> all_parts(const Summary& summary) {
  if (!summary.decided) {
    return {{What::kDropped, "dropped", "dropped and failed trials", summary.dropped, {}, ""},
            {What::kOthers, "others", "trials still in", summary.total - summary.dropped, {}, ""}};
  }
  return {{What::kWinner, "training", "training the winner on", summary.training, {}, ""},
          {What::kExplored,
           "kept",
           "exploring the winner, training that it kept",
           summary.winner - summary.training,
           {},
           ""},
          {What::kDropped, "dropped", "dropped and failed trials", summary.dropped, {}, ""},
          {What::kOthers, "others", "other trials", others(summary), {}, ""}};
}

std::string amount(const CostPart& part, const Summary& summary) {
  const base::Joules least = *summary.known_dropped.joules;
  if (part.what != What::kDropped || part.spent.joules || least.value == 0) return text(part.spent.joules);
  return "at least " + base::format(least);
}

}  // namespace

std::vector<CostPart> cost_parts(const Summary& summary) {
  std::vector<CostPart> parts = all_parts(summary);
  std::erase_if(parts, [](const CostPart& part) {
    return part.spent.joules && part.spent.joules->value == 0 && part.what != What::kDropped;
  });
  const bool whole = summary.total.joules && summary.total.joules->value > 0;
  for (CostPart& part : parts) {
    if (whole && part.spent.joules) part.share = *part.spent.joules / *summary.total.joules;
    part.amount = amount(part, summary);
  }
  return parts;
}

std::string with_error(const CostPart& part) { return part.spent.joules ? text(part.spent) : part.amount; }

std::string text(const CostPart& part) {
  return part.share ? fmt::format("{}, {}", with_error(part), share_text(part.share)) : with_error(part);
}

std::vector<std::pair<std::string, std::string>> cost_lines(const Summary& summary) {
  std::vector<std::pair<std::string, std::string>> lines;
  for (const CostPart& part : cost_parts(summary))
    lines.emplace_back(fmt::format("  {}", part.word), fmt::format("{}: {}", text(part), part.name));
  return lines;
}

}  // namespace sm2::report
