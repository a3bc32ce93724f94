#include "journal/stores.h"

namespace sm2::journal {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

std::filesystem::path sqlite_path(std::string_view url) {
  if (url.starts_with(kSqlite)) url.remove_prefix(kSqlite.size());
  // SQLite takes an empty name and ":memory:" for no file at all: a study would be gone at its end.
  if (url.empty() || url.front() == ':') return std::filesystem::path("./" + std::string(url));
  return std::filesystem::path(url);
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_store(std::string_view url, Access access) {
  if (url.find("://") != std::string_view::npos) {
    return base::fail("store '{}': this version keeps studies in SQLite; give a path or sqlite:PATH", url);
  }
  return open_sqlite(sqlite_path(url), access);
}

std::filesystem::path trials_folder(std::string_view url, std::string_view study) {
  std::filesystem::path folder = sqlite_path(url);
  folder.replace_extension(".trials");
  return folder / study;
}

}  // namespace sm2::journal
