#include "study/checkpoint_copy.h"

#include <system_error>

#include "base/private_folder.h"

namespace sm2::study {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = "inherited.part";

// A checkpoint may be a link to the file that it stands for; links inside a folder stay links.
std::error_code copy_as(const fs::path& to, const fs::path& from) {
  std::error_code error;
  const fs::path file = fs::canonical(from, error);
  if (error) return error;
  fs::remove_all(to, error);
  if (error) return error;
  fs::copy(file, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks, error);
  return error;
}

}  // namespace

fs::path checkpoint_place(const fs::path& study, trial::TrialId trial, const std::string& name) {
  return study / std::to_string(trial) / "checkpoints" / name;
}

base::Result<> copy_checkpoint(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error)) return {};
  const fs::path unfinished = to.parent_path().parent_path() / kUnfinished;
  error = base::make_private_folders(to.parent_path());
  if (!error) error = copy_as(unfinished, from);
  if (!error) fs::rename(unfinished, to, error);
  if (error) return base::fail("the checkpoint '{}' cannot be copied: {}", from.string(), error.message());
  return {};
}

}  // namespace sm2::study
