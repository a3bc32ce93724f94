// `sm2 report`: one self-contained HTML page. No script, no network (its own content security policy forbids
// both), all text escaped. It answers on the first screen: what is the best setting, what did finding it
// cost, and why was the rest dropped. docs/report.md says how to read it.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report::html {

std::string page(const Study& study);

}  // namespace sm2::report::html
