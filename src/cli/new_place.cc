#include "cli/new_place.h"

#include <stdlib.h>
#include <string.h>

#include <cerrno>

namespace sm2::cli {
namespace {

namespace fs = std::filesystem;

// Beside a place, and gone with whatever is in it.
class Workshop {
 public:
  explicit Workshop(const fs::path& place) {
    const fs::path parent = place.has_parent_path() ? place.parent_path() : ".";
    std::string pattern = (parent / ("." + place.filename().string() + ".XXXXXX")).string();
    if (mkdtemp(pattern.data())) folder_ = pattern;
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  ~Workshop() {
    std::error_code error;
    if (!folder_.empty()) fs::remove_all(folder_, error);
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

// Moves a finished folder to a place that has another; the other one is back where that fails.
std::error_code replace_folder(const fs::path& finished, const fs::path& place, const fs::path& aside) {
  std::error_code error;
  fs::rename(place, aside, error);
  if (error) return error;
  fs::rename(finished, place, error);
  std::error_code ignored;
  if (error) fs::rename(aside, place, ignored);
  return error;
}

}  // namespace

base::Result<> check_free(const fs::path& place, bool overwrite) {
  std::error_code error;
  const auto type = fs::status(place, error).type();
  const bool taken = type == fs::file_type::regular || type == fs::file_type::directory;
  if (!taken || overwrite) return {};
  return base::fail(
      "{}: exists already, and is not overwritten; choose another place with -o, or add --overwrite",
      place.string());
}

base::Result<> make_at(const fs::path& place, bool overwrite, const MakeAt& make) {
  if (auto free = check_free(place, overwrite); !free) return free;
  std::error_code error;
  const auto status = fs::status(place, error);
  if (fs::exists(status) && fs::is_other(status))
    return base::fail("{}: is neither a file nor a folder; choose another place with -o", place.string());
  const Workshop workshop(place);
  if (workshop.folder().empty())
    return base::fail("{}: cannot be made there: {}; choose another place with -o", place.string(),
                      strerror(errno));
  const fs::path finished = workshop.folder() / place.filename();
  if (auto made = make(finished); !made) return base::fail("{}: {}", place.string(), made.error().message);
  if (fs::is_directory(finished, error) && fs::is_directory(place, error)) {
    error = replace_folder(finished, place, workshop.folder() / "replaced");
  } else {
    fs::rename(finished, place, error);
  }
  if (error) return base::fail("{}: cannot be replaced: {}", place.string(), error.message());
  return {};
}

}  // namespace sm2::cli
