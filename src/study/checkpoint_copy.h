// How a trial gets the checkpoint that it begins with from another one: a file or a folder of files, copied once. The
// copy is made under another name beside the child's checkpoints and then renamed, so that a kill at any moment leaves
// either no copy or all of it; what an earlier attempt left is replaced, and what could not be finished is removed. A copy that is there is kept, as the program may
// have saved under the same name since.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "trial/decision.h"

namespace sm2::study {

// Where a trial's checkpoint of that name lies; `study` is the folder of the study's trials.
std::filesystem::path checkpoint_place(const std::filesystem::path& study, trial::TrialId trial,
                                       const std::string& name);

// `to` is where the copy is to be: NAME in the folder for checkpoints of the trial's folder, which are made where they
// are missing, with mode 0700. Fails when `from` is not there, or cannot be copied.
base::Result<> copy_checkpoint(const std::filesystem::path& from, const std::filesystem::path& to);

struct CopyBounds {
  std::optional<std::size_t> bytes;                    // on disk: what takes more is not copied
  std::function<bool()> ended = [] { return false; };  // by the user; asked again and again
};
base::Result<> copy_checkpoint_within(const CopyBounds& bounds, const std::filesystem::path& from,
                                      const std::filesystem::path& to);

}  // namespace sm2::study
