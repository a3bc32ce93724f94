// How commands write: an output that is closed or full is no reason to lose a study, a result or an exit status.
#pragma once

#include <cstdio>
#include <string_view>

namespace sm2::cli {

// At once; whether all of it was written.
bool put(std::FILE* file, std::string_view text);

// Whether some of standard output was lost, to a full disk for example; who closed it wanted no more of it.
bool output_lost();

}  // namespace sm2::cli
