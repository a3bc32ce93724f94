// The flags of the training loop on a command line, and what they may be. Errors: UsageError, one line that
// says what is wrong and what would be right (exit status 2).
#pragma once

#include <stdexcept>

#include "trainer.h"

namespace trainer {

class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void add_flags(CLI::App& app, Settings& settings);

// What no single flag can know: flags that exclude each other.
void check(const Settings& settings);

}  // namespace trainer
