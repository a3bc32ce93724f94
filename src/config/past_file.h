// Trials of another program as an entry of strategy.warm_start: "optuna:FILE", "optuna:FILE#STUDY" where the file has several
// studies, or "csv:FILE". A path is relative to where sm2 is started.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sm2::config {

struct PastFile {
  enum class Kind { kOptuna, kCsv };
  Kind kind = Kind::kCsv;
  std::string path;
  std::optional<std::string> study;  // of an Optuna storage
};

// Nothing where the entry is none.
std::optional<PastFile> past_file(std::string_view entry);

}  // namespace sm2::config
