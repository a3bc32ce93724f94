// How a trial gets the checkpoint that it begins with from another one: a file or a folder of files, copied once. The
// copy is made under another name beside the child's checkpoints and then renamed, so that a kill at any moment leaves
// either no copy or all of it; what an earlier attempt left is replaced. A copy that is there is kept, as the program may
// have saved under the same name since.
#pragma once

#include <filesystem>
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

}  // namespace sm2::study
