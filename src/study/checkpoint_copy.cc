#include "study/checkpoint_copy.h"

#include <sys/stat.h>

#include <system_error>

#include "base/private_folder.h"
#include "runner/disk.h"
#include "study/copy_tree.h"

namespace sm2::study {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnfinished = "inherited.part";

std::error_code copy_as(const fs::path& to, const fs::path& file, const std::function<bool()>& ended) {
  std::error_code error, ignored;
  fs::remove_all(to, error);
  if (!error) error = copy_tree(file, to, ended);
  if (error) fs::remove_all(to, ignored);
  return error;
}

std::size_t taken_by(const fs::path& path) {
  constexpr std::size_t kBlock = 512;  // the unit of st_blocks: inode(7)
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return 0;
  return static_cast<std::size_t>(status.st_blocks) * kBlock +
         (S_ISDIR(status.st_mode) ? runner::disk_of(path) : 0);
}

}  // namespace

fs::path checkpoint_place(const fs::path& study, trial::TrialId trial, const std::string& name) {
  return study / std::to_string(trial) / "checkpoints" / name;
}

base::Result<> copy_checkpoint(const fs::path& from, const fs::path& to) {
  return copy_checkpoint_within({}, from, to);
}

base::Result<> copy_checkpoint_within(const CopyBounds& bounds, const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (fs::exists(to, error)) return {};
  const fs::path file = fs::canonical(from, error);  // it may be a link
  if (error) return base::fail("the checkpoint '{}' cannot be copied: {}", from.string(), error.message());
  if (const std::size_t taken = taken_by(file); bounds.bytes && taken > *bounds.bytes) {
    return base::fail("the checkpoint '{}' takes {} bytes, more than the {} of limits.disk: it is not copied",
                      from.string(), taken, *bounds.bytes);
  }
  const fs::path unfinished = to.parent_path().parent_path() / kUnfinished;
  error = base::make_private_folders(to.parent_path());
  if (!error) error = copy_as(unfinished, file, bounds.ended);
  if (!error) fs::rename(unfinished, to, error);
  if (error) return base::fail("the checkpoint '{}' cannot be copied: {}", from.string(), error.message());
  return {};
}

}  // namespace sm2::study
