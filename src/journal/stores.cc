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

base::Result<> known(std::string_view url) {
  if (url.find("://") == std::string_view::npos) return {};
  return base::fail("store '{}': this version keeps studies in SQLite; give a path or sqlite:PATH", url);
}

}  // namespace

base::Result<std::unique_ptr<Store>> open_store(std::string_view url, Access access) {
  if (auto fits = known(url); !fits) return tl::unexpected(fits.error());
  return open_sqlite(sqlite_path(url), access);
}

base::Result<> find_store(std::string_view url) {
  if (auto fits = known(url); !fits) return fits;
  if (std::error_code error; std::filesystem::exists(sqlite_path(url), error)) return {};
  return base::fail("store {}: there is no such file", url);
}

base::Result<> back_up_store(std::string_view url, const std::filesystem::path& destination) {
  if (auto fits = known(url); !fits) return fits;
  return back_up_sqlite(sqlite_path(url), destination);
}

base::Result<std::vector<std::string>> damage_of_store(std::string_view url) {
  if (auto fits = known(url); !fits) return tl::unexpected(fits.error());
  return damage_of_sqlite(sqlite_path(url));
}

std::filesystem::path trials_folder(std::string_view url, std::string_view study) {
  std::filesystem::path folder = sqlite_path(url);
  folder.replace_extension(".trials");
  return folder / study;
}

}  // namespace sm2::journal
