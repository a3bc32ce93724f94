// Every energy source, one table, in the order in which "auto" prefers them; a new source is one line of it.
//
// "auto" takes of every part of the machine the first source that can read it. A source that was named and finds
// nothing is an error with its remedy, never replaced; two sources that were named and count the same part are
// refused: their joules must not be added. Some sources take an argument after a colon ("replay:trace.csv").
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "meter/discovery.h"
#include "meter/platform.h"
#include "meter/settings.h"

namespace sm2::meter {

struct SourceKind {
  std::string_view name;
  std::string_view argument;  // what it needs after the colon ("FILE"), else empty; those are never in "auto"
  std::string_view counts;    // for people
  Discovery (*discover)(const Settings&, const std::string& argument, const base::Clock&);
  bool automatic = true;  // false: only where it is named
};

std::span<const SourceKind> source_kinds();

// The meter, or why there is none. What "auto" could not read though it is there is in Platform::missing().
base::Result<std::unique_ptr<Platform>> make(const std::vector<std::string>& sources,
                                             const Settings& settings, const base::Clock& clock);

}  // namespace sm2::meter
