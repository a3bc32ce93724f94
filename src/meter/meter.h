// How joules are read. A meter is one source, or several that do not overlap; a window is what one load used
// since it was opened. Readings say their domain, source, quality, error and noise (trial/energy.h); what
// cannot be read is unknown with a reason, never zero and never negative.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "trial/energy.h"

namespace sm2::meter {

struct Load {  // what is metered, for sources that model a load rather than read a device
  std::function<std::optional<base::Seconds>()> cpu_time;  // of its process tree, since the window was opened
};

class Window {
 public:
  virtual ~Window() = default;
  // Since the window was opened. Sources whose counters wrap must be read more often than
  // `Source::read_within`.
  virtual trial::Energy read() = 0;
};

struct Source {             // for people, and for the journal
  std::string name;         // "cpu-model", "rapl"
  std::string description;  // one line: domains, resolution, what it rests on
  std::optional<base::Seconds> read_within;
};

class Meter {
 public:
  virtual ~Meter() = default;
  virtual std::unique_ptr<Window> open(Load load) = 0;
  virtual std::vector<Source> sources() const = 0;
};

}  // namespace sm2::meter
