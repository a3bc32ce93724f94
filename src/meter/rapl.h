// Energy of processor packages and their DRAM as the processor itself counts it (Intel's and AMD's RAPL),
// through the kernel's powercap files. It counts the whole host: other programs' energy is in it.
//
// A zone's 32-bit counter wraps; a window must be read within `Source::read_within`, half the time that the
// counter takes to wrap at a power no such domain reaches (1000 W a package, 500 W a socket's DRAM, 4000 W a
// platform). A reading that fails is unknown and says why; once a counter was reset or left unread too long,
// the window's total stays unknown.
//
//   noise = 2 * P * 1 ms + one counter step     at both ends the counter is up to one update (1 ms) late;
//           P the window's mean power, or the power above where the window is shorter than 20 ms
//   error = noise + stated share of joules      5 % package, 20 % DRAM, psys, and everything on AMD
//   (docs/energy.md)
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "meter/meter.h"
#include "meter/powercap.h"

namespace sm2::meter {

class Rapl final : public Meter {
 public:
  static constexpr std::string_view kName = "rapl";
  static constexpr base::Seconds kUpdate{0.001};
  static constexpr base::Seconds kLag{0.02};  // allowed for in plausibility

  Rapl(std::vector<Zone> zones, std::string_view vendor, const base::Clock& clock)
      : zones_(std::move(zones)), vendor_(vendor), clock_(clock) {}

  std::unique_ptr<Window> open(Load load) override;
  std::vector<Source> sources() const override;

 private:
  std::vector<Zone> zones_;
  std::string vendor_;
  const base::Clock& clock_;
};

base::Watts highest_power(Zone::Kind kind);
double relative_error(Zone::Kind kind, std::string_view vendor);
std::string describe(const std::vector<Zone>& zones);

}  // namespace sm2::meter
