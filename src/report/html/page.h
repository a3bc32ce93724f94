// `sm2 report`: one self-contained HTML page. No script, no network (its own content security policy forbids
// both), all text escaped. It answers on the first screen: what is the best setting, what did finding it
// cost, and why was the rest dropped. docs/report.md says how to read it.
//
// `sm2 serve` shows the same page under a policy that it sends itself: its style needs the nonce that this allows.
#pragma once

#include <optional>
#include <string>

#include "base/quantity.h"
#include "report/terminal.h"

namespace sm2::report::html {

struct Served {
  std::string nonce;                     // of the style sheet
  std::optional<base::Seconds> refresh;  // after which a browser loads the page anew; absent: never
  std::size_t most_trials = 500;         // that have a line and a row: the best
};

std::string page(const Study& study, const std::optional<Served>& served = {});

}  // namespace sm2::report::html
