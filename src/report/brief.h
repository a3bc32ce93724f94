// `sm2 report --format text`: the answers of the report for a terminal or a mail, in lines of at most kWidth columns, but for a
// command line. Printable.
#pragma once

#include <string>

#include "report/terminal.h"

namespace sm2::report {

std::string brief_text(const Study& study);

}  // namespace sm2::report
