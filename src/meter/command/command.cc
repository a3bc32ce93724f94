#include "meter/command/command.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "base/program_output.h"
#include "base/units.h"
#include "meter/command/program_meter.h"
#include "meter/counter_domain.h"
#include "meter/power_domain.h"

namespace sm2::meter::command {
namespace {

using base::Joules;
using base::Seconds;
using base::Watts;

constexpr const char* kName = "command";
constexpr Seconds kTimeout{5};
constexpr Seconds kUpdate{1};
constexpr Seconds kLeastRest{0.1};  // of a counter
constexpr Watts kHighest{1e5};      // more than any node, less than would hide a slip of the unit
constexpr double kRelativeError = 0.05;
constexpr Joules kLeastStep{1e-3};  // finer digits are the program's arithmetic
constexpr double kMostCounts = 1e18;

DomainInfo describe(const std::string& line, std::string_view prints, std::string method) {
  DomainInfo info;
  info.name = kNode;
  info.source = kName;
  info.method = std::move(method);
  info.part = kNode;
  info.description =
      fmt::format("the whole node: {} that '{}' prints; its error of {:g} % is assumed, not known", prints,
                  line, 100 * kRelativeError);
  info.id = line;
  return info;
}

std::unique_ptr<Domain> power_domain(const std::string& line, std::shared_ptr<ProgramMeter> meter,
                                     Seconds took, const base::Clock& clock) {
  const Seconds period = std::max(kUpdate, 2 * took);
  const PowerSensor sensor{
      .update = period, .averaged = took, .duty = 0, .highest = kHighest, .relative_error = kRelativeError};
  return std::make_unique<PowerDomain>(
      describe(line, "the power", "power"), sensor, [meter, period] { return meter->power(period); }, clock);
}

base::Result<std::uint64_t> steps(Joules energy, Joules step) {
  const double count = std::round(energy / step);
  if (count > kMostCounts)
    return base::fail("a counter that shows {} is not plausible", base::format(energy));
  return static_cast<std::uint64_t>(count);
}

std::unique_ptr<Domain> counter_domain(const std::string& line, std::shared_ptr<ProgramMeter> meter,
                                       Seconds took, Joules printed_step, const base::Clock& clock) {
  const Joules step = std::max(printed_step, kLeastStep);
  const Seconds period = std::max(kLeastRest, took);
  Counter counter;
  counter.per_count = step;
  counter.highest = std::numeric_limits<std::uint64_t>::max();
  counter.highest_power =
      std::max(kHighest, step / kUpdate);  // one step at a time is plausible, however coarse
  counter.update = kUpdate + period + took;
  counter.relative_error = kRelativeError;
  counter.read = [meter, period, step] {
    return meter->counted(period).and_then([step](const Counted& now) { return steps(now.joules, step); });
  };
  counter.power = [meter] { return meter->mean_power(); };
  counter.longest_rest.reset();  // its counts may be coarse
  return std::make_unique<CounterDomain>(describe(line, "the counter of energy", "counter"),
                                         std::move(counter), clock);
}

}  // namespace

Discovery discover(const Settings&, const std::string& argument, const base::Clock& clock) {
  Discovery discovery;
  const auto unusable = [&](std::string reason) {
    discovery.unusable.push_back(
        {std::move(reason), "try it by itself: it has to print one line, such as \"123.4 W\""});
  };
  auto words = base::split_words(argument);
  if (!words) {
    unusable(words.error().message);
    return discovery;
  }
  if (words->empty()) {
    unusable("no program is named; write for example \"command:./read-plug --port 3\"");
    return discovery;
  }
  const auto meter = std::make_shared<ProgramMeter>(
      words->front(), [words = *words] { return base::program_output(words, kTimeout); }, clock);
  const auto first = meter->first();
  if (!first) {
    unusable(first.error().message);
  } else if (const auto* counted = std::get_if<Counted>(&first->answer)) {
    discovery.domains.push_back(counter_domain(argument, meter, first->took, counted->step, clock));
  } else {
    discovery.domains.push_back(power_domain(argument, meter, first->took, clock));
  }
  return discovery;
}

}  // namespace sm2::meter::command
