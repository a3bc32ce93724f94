// A recording as a CSV file: a header, "seconds,watts" or "seconds,joules" (what a counter showed), with a column
// "domain" where there are several, in any order; then rows. Decimal points in any locale, no quotes; lines end with LF
// or CRLF; empty lines and lines that begin with # are skipped. An error is "FILE:LINE: what is wrong and what would
// be right".
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "meter/replay/trace.h"

namespace sm2::meter::replay {

struct Recorded {
  std::string domain;
  Trace trace;
};

// In the order in which domains appear.
base::Result<std::vector<Recorded>> parse(std::string_view text, const std::string& name);
base::Result<std::vector<Recorded>> load(const std::filesystem::path& file);

}  // namespace sm2::meter::replay
