// Whether a stored study is what a tuner has left behind, and can be gone on with: its events in order, decided as this
// version of sm2 decides, and the checkpoints there that it would go on from. Changes nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "journal/journal.h"

namespace sm2::study {

struct Problem {
  std::size_t event = 0;  // its number; 0: of the study as a whole
  std::string what;
  std::string help;  // what it means, and what can be done
};

struct Checked {
  std::size_t events = 0;
  std::vector<Problem> problems;
};

// `folder` is that of the study's trials. While a tuner works on it, what lies there is left aside.
Checked check(journal::Store& store, const std::string& study, const std::filesystem::path& folder);

}  // namespace sm2::study
