// How joules are read: the interface that the study knows. A window is what one load used since it was opened, one
// reading a domain.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.h"
#include "meter/domain.h"
#include "trial/energy.h"

namespace sm2::meter {

class Window {
 public:
  virtual ~Window() = default;
  virtual trial::Energy read() = 0;
};

class Meter {
 public:
  virtual ~Meter() = default;
  virtual std::unique_ptr<Window> open(Load load) = 0;
  virtual std::vector<DomainInfo> domains() const = 0;
  // Windows must be read at least this often.
  virtual std::optional<base::Seconds> read_within() const = 0;
  // Which kind of hardware the load's joules are of (hardware.h). Empty: not known.
  virtual std::string hardware(const Load&) const { return {}; }
  // See Domain::use_by_process.
  virtual std::map<pid_t, double> use_by_process(const std::string& domain) = 0;
};

}  // namespace sm2::meter
