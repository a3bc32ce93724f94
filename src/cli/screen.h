// What standard output or error is, for report::Progress: a terminal that can redraw lines, its size now, and
// whether to colour it (not with NO_COLOR, see no-color.org, nor on a dumb terminal).
#pragma once

#include "report/progress.h"

namespace sm2::cli {

report::Screen screen(int descriptor);

}  // namespace sm2::cli
