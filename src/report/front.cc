#include "report/front.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "objective/hypervolume.h"
#include "report/printable.h"
#include "report/summary.h"
#include "report/table.h"

namespace sm2::report {
namespace {

// A row for each member, the parameters in one column.
std::vector<std::string> member_table(const Study& study, const Front& front) {
  std::vector<Row> rows;
  for (const trial::TrialId id : front.members) {
    const journal::Trial& trial = study.state.trials.at(id);
    rows.push_back({fmt::format("{}", id), number_text(trial.resource),
                    metric_text(metric(study.spec, trial)), text(used(trial)),
                    space::describe(trial.configuration)});
  }
  return table({{"TRIAL", true},
                {study.spec.resource.unit, true},
                {study.spec.metric.name, true},
                {"ENERGY", true},
                {"PARAMETERS"}},
               rows);
}

trial::Energy energy_of_members(const Study& study, const Front& front) {
  trial::Energy all;
  for (const trial::TrialId id : front.members) all = trial::combine(all, study.state.trials.at(id).energy);
  return all;
}

}  // namespace

Front front(const Study& study) {
  Front front;
  std::vector<trial::TrialId> placed;
  std::vector<objective::Point> points;
  for (const auto& [id, trial] : study.state.trials) {
    const auto value = metric(study.spec, trial);
    if (trial.state != journal::TrialState::kFinished || !value || !std::isfinite(*value)) continue;
    const auto joules = trial::total(trial.energy);
    if (!joules) {
      front.unknown.push_back(id);
      continue;
    }
    placed.push_back(id);
    points.push_back({config::oriented(study.spec.metric, *value), -joules->value});
  }
  front.placed = placed.size();
  if (placed.empty()) return front;

  for (const std::size_t at : objective::front(points)) front.members.push_back(placed[at]);
  objective::Point reference = points.front();
  for (const objective::Point& point : points) {
    std::ranges::transform(reference, point, reference.begin(),
                           [](double a, double b) { return std::min(a, b); });
  }
  front.reference_metric = config::oriented(study.spec.metric, reference[0]);
  front.reference_energy = base::Joules(-reference[1]);
  front.hypervolume = objective::hypervolume(points, reference);
  return front;
}

std::string front_text(const Study& study) {
  const Front front = report::front(study);
  if (front.members.empty()) return "";
  const std::string name = printable(study.spec.metric.name);
  const auto paragraph = [](const std::string& text) {
    std::string lines;
    for (const std::string& line : wrap(text, kWidth)) lines += line + "\n";
    return lines;
  };
  std::string all =
      paragraph(fmt::format("{} of {} finished trials: no other has a better {} for as little energy",
                            front.members.size(), front.placed, name)) +
      "\n";
  for (const std::string& line : member_table(study, front)) all += shorten(line, kWidth) + "\n";
  all += "\n" + paragraph(fmt::format(
                    "hypervolume: {} {} J, above {} {} and {}, the worst and the most of them",
                    number_text(front.hypervolume), name, name, metric_text(front.reference_metric),
                    text(std::optional(front.reference_energy))));
  all +=
      paragraph("energy: " + provenance(energy_of_members(study, front)) + "; +- is its whole uncertainty");
  if (!front.unknown.empty()) {
    all += paragraph(fmt::format("left out, their energy is unknown: trial{} {}",
                                 front.unknown.size() == 1 ? "" : "s", fmt::join(front.unknown, ", ")));
  }
  return all;
}

}  // namespace sm2::report
