// Every energy source this version has, one table; and the meter made of those that a user names. A new
// source is one line of the table.
//
// "auto" stands for the best usable source of each part of the machine: the first in the table. A source that
// was named and cannot be used is an error with its remedy, never replaced. Two sources that count the same
// part are refused: their joules must not be added.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "meter/meter.h"
#include "meter/settings.h"
#include "meter/usable.h"

namespace sm2::meter {

struct SourceKind {
  std::string_view name;
  std::string_view counts;  // the part of the machine; measured before modelled within one part
  Probe (*probe)(const Settings&);
  base::Result<std::unique_ptr<Meter>> (*make)(const Settings&, const base::Clock&);
};

std::span<const SourceKind> source_kinds();

// What "auto" stands for here.
std::vector<std::string> automatic(const Settings& settings);

base::Result<std::unique_ptr<Meter>> make(const std::vector<std::string>& sources, const Settings& settings,
                                          const base::Clock& clock);

}  // namespace sm2::meter
