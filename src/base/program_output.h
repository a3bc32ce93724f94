// What a short program prints, run without a shell. The program and everything it starts is killed when it takes too
// long or when this process dies; standard input is empty, standard error is discarded but for its last line in errors.
#pragma once

#include <string>
#include <vector>

#include "base/quantity.h"
#include "base/result.h"

namespace sm2::base {

// Standard output, at most `limit` bytes (more is an error). Fails when the program cannot be started, does not end in
// time, or ends with another status than 0; the message names the program and says why. May be called from any thread.
Result<std::string> program_output(const std::vector<std::string>& arguments, Seconds timeout,
                                   std::size_t limit = 65536);

// Words of one line, as a shell splits them: by blanks, with '...', "..." and backslash, and nothing expanded.
Result<std::vector<std::string>> split_words(std::string_view line);

}  // namespace sm2::base
