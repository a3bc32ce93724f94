#include "cli/metering.h"

#include <unistd.h>

#include <utility>

#include "base/host_name.h"
#include "base/units.h"
#include "cli/grid.h"
#include "meter/sources.h"

namespace sm2::cli {
namespace {

constexpr base::Seconds kRounding{0.01};  // of a sleep, which is in milliseconds

}  // namespace

base::Result<std::unique_ptr<Metering>> Metering::open(const config::Spec& spec, const std::string& file,
                                                       meter::Settings settings, const base::Clock& clock,
                                                       const Say& say) {
  const config::EnergySettings& energy = spec.energy;
  std::unique_ptr<Metering> metering(new Metering(spec, file, clock, say));
  metering->settings_ = std::move(settings);
  metering->settings_.idle = energy.idle;
  metering->settings_.busy = energy.busy;
  for (const std::string& line : meter::nvml::undo_left_over(metering->settings_, clock)) say(line);

  auto platform = meter::make(energy.sources, metering->settings_, clock);
  if (!platform)
    return base::fail("{}:{}: energy.sources: {}", file, spec.sources_line, platform.error().message);
  metering->platform_ = *std::move(platform);
  for (const meter::Unusable& missing : metering->platform_->missing())
    say(fmt::format("not metered: {}; remedy: {}", missing.reason, missing.remedy));
  if (const auto unknown = meter::unknown_domain(*metering->platform_, energy.idle_watts))
    return base::fail("{}:{}: energy.idle: {}", file, spec.idle_line, *unknown);
  if (auto found = metering->find_carbon(); !found) return tl::unexpected(found.error());
  return metering;
}

base::Result<std::unique_ptr<Metering>> Metering::elsewhere(const config::Spec& spec, const std::string& file,
                                                            const base::Clock& clock, const Say& say) {
  std::unique_ptr<Metering> metering(new Metering(spec, file, clock, say));
  metering->here_ = false;
  metering->platform_ = std::make_unique<meter::Platform>(std::vector<std::unique_ptr<meter::Domain>>());
  if (auto found = metering->find_carbon(); !found) return tl::unexpected(found.error());
  return metering;
}

base::Result<> Metering::find_carbon() {
  if (!spec_.energy.grid) return {};
  const auto grid = find_grid(*spec_.energy.grid);
  if (!grid) return base::fail("{}:{}: energy.grid: {}", file_, spec_.grid_line, grid.error().message);
  grid_ = *grid;
  return {};
}

base::Result<> Metering::prepare(const journal::StudyState& before,
                                 const std::function<void(base::Seconds)>& sleep) {
  const config::EnergySettings& energy = spec_.energy;
  if (energy.power_limit) {
    const auto set = limits_.set(settings_, platform_->domains(), *energy.power_limit, clock_);
    if (!set) {
      return base::fail("{}:{}: energy.power_limit: {}", file_, spec_.power_limit_line, set.error().message);
    }
    say_(fmt::format("every GPU is limited to {} until this ends", base::format(*energy.power_limit)));
  }
  if (spec_.options.tune_power) {
    auto knob = meter::nvml::PowerKnob::open(settings_, platform_->domains(), clock_, say_);
    if (knob) {
      knob_.emplace(*std::move(knob));
    } else {
      say_("the power limit is not tuned: " + knob.error().message);
    }
  }
  idle_watts_ = energy.idle_watts;
  if (energy.idle_for && before.host == base::host_name() && !before.idle.empty()) {
    idle_watts_ = before.idle;
  } else if (energy.idle_for) {
    say_(fmt::format("measuring idle power for {}", base::format(*energy.idle_for)));
    const base::Seconds until = clock_.monotonic() + *energy.idle_for;
    idle_watts_ = meter::measure_idle(*platform_, *energy.idle_for, clock_, sleep);
    if (clock_.monotonic() < until - kRounding) idle_watts_.clear();  // the user wants to leave
  }
  return {};
}

base::Result<> Metering::begin(const journal::StudyState& before,
                               const std::function<void(base::Seconds)>& sleep) {
  if (here_) {
    if (auto set = prepare(before, sleep); !set) return set;
  }
  idle_ = std::make_unique<meter::WithIdle>(*platform_, idle_watts_, clock_);
  shares_ = std::make_unique<meter::Attribution>(*idle_);
  return {};
}

}  // namespace sm2::cli
