// What a session of a study meters with: the sources of its file, idle power, shares of what runs at once, power
// limits, and what its energy costs. Everything that it changes on the hardware is undone with it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "config/spec.h"
#include "journal/state.h"
#include "meter/attribution.h"
#include "meter/idle.h"
#include "meter/nvml/power_knob.h"
#include "meter/nvml/power_limits.h"
#include "meter/platform.h"

namespace sm2::cli {

class Metering {
 public:
  using Say = std::function<void(const std::string&)>;  // lines for people

  // Finds the sources and the grid; changes nothing. `file` is for errors, which name its line. `settings`: of the machine, in
  // which the study's are filled in. `spec` and `clock` outlive it, as does what `say` refers to.
  static base::Result<std::unique_ptr<Metering>> open(const config::Spec& spec, const std::string& file,
                                                      meter::Settings settings, const base::Clock& clock,
                                                      const Say& say);
  // Of a tuner that leaves all trials to workers: only the grid is found, and nothing is read or set here.
  static base::Result<std::unique_ptr<Metering>> elsewhere(const config::Spec& spec, const std::string& file,
                                                           const base::Clock& clock, const Say& say);
  // Sets power limits and measures idle power, where the file asks for it. `before` is the study so far: its idle power
  // holds for as long as it goes on on the same host.
  // `sleep` may return early.
  base::Result<> begin(const journal::StudyState& before, const std::function<void(base::Seconds)>& sleep);

  meter::Meter& meter() { return *shares_; }  // once begun
  const std::optional<footprint::Grid>& grid() const { return grid_; }
  const meter::IdleWatts& idle() const { return idle_watts_; }
  // That power limits are tuned with, where the file asks for it and a device has one; else null. Once begun.
  meter::PowerKnob* knob() { return knob_ ? &*knob_ : nullptr; }

 private:
  base::Result<> find_carbon();
  base::Result<> prepare(const journal::StudyState& before, const std::function<void(base::Seconds)>& sleep);

  Metering(const config::Spec& spec, std::string file, const base::Clock& clock, const Say& say)
      : spec_(spec), file_(std::move(file)), clock_(clock), say_(say), limits_(say) {}

  const config::Spec& spec_;
  bool here_ = true;
  std::string file_;
  const base::Clock& clock_;
  Say say_;
  meter::Settings settings_;
  std::unique_ptr<meter::Platform> platform_;
  std::optional<meter::nvml::PowerKnob> knob_;
  std::optional<footprint::Grid> grid_;
  meter::IdleWatts idle_watts_;
  std::unique_ptr<meter::WithIdle> idle_;
  std::unique_ptr<meter::Attribution> shares_;
  meter::nvml::PowerLimits limits_;
};

}  // namespace sm2::cli
